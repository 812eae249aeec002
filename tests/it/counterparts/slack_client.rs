//! Slack's own SDK signs what our HTTP door takes.

use serde_json::json;

use super::{installed, python};
use crate::slack::server::{SIGNING_SECRET, TEAM};
use crate::story::{Surface, TestDesk, on, user_in_slack};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_slacks_own_sdk_signed_is_answered_by_the_desk() {
    let Some(program) = installed("SWITCHBOARD_PYTHON") else {
        return;
    };
    on(Surface::Slack, async move {
        let mut desk = TestDesk::new();
        let lead = desk.question().await;
        let workspace = desk.workspace();
        let url = format!("{}/slack/commands", workspace.door());
        let now = workspace.server().now().as_second();
        let ask = |text: &str, trigger: &str, secret: &str, seconds: i64| {
            let body = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("team_id", TEAM)
                .append_pair("channel_id", &Surface::Slack.channel("support").name)
                .append_pair("user_id", &user_in_slack("dana"))
                .append_pair("command", "/claim")
                .append_pair("text", text)
                .append_pair("response_url", "http://127.0.0.1:9/nobody")
                .append_pair("trigger_id", trigger)
                .finish();
            json!({"url": url, "secret": secret, "body": body, "seconds": seconds})
        };
        let asked = json!([
            ask("L-1", "1", SIGNING_SECRET, now),
            ask("L-1", "2", SIGNING_SECRET, now),
            ask("L-99", "3", SIGNING_SECRET, now),
            ask("L-1", "4", "another secret", now),
            ask("L-1", "5", SIGNING_SECRET, now - 301),
        ]);
        let answers = tokio::task::spawn_blocking(move || python(&program, "slack_client.py", &asked));
        let answers = answers.await.expect("Python ends");
        for (nth, (status, words)) in [
            (200, "L-1 is yours."),
            (200, "yours already"),
            (200, "There is no L-99."),
            (401, ""),
            (401, ""),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(answers[nth]["status"], status, "{answers}");
            let body = answers[nth]["body"].as_str().expect("a body");
            assert!(body.contains(words), "{body}");
        }
        assert_eq!(desk.lead(lead).owner(), Some(&"dana".into()));
    })
    .await;
}

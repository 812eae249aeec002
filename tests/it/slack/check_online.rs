//! `switchboard check --online`, run as an administrator runs it, against a workspace where this and that is missing.

use std::sync::Arc;

use serde_json::Value;

use super::server::{APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackServer, TEAM};

struct Office {
    slack: SlackServer,
    folder: tempfile::TempDir,
}

const COMPANY: &str = r#"
[company]
name = "Larkspur Home"
zone = "Europe/London"
admins = ["dana"]

[member.dana]
name = "Dana Okafor"
identities = { slack = "U0DANA" }

[member.lee]
name = "Lee Marsh"
identities = { slack = "U0LEE" }

[department.support]
name = "Customer service"
channels = ["slack/C0SUPPORT"]
members = { dana = "lead", lee = "agent" }
groups = { "slack/S0SUPPORT" = "agent", "slack/C0SALES" = "viewer" }
hours = "24/7"
"#;

impl Office {
    async fn open() -> Self {
        let clock = Arc::new(|| "2026-11-24T09:00:00Z".parse().expect("a moment"));
        let slack = SlackServer::larkspur(clock).await;
        slack.group("S0SUPPORT", "support", &["U0DANA"]);
        let folder = tempfile::tempdir().expect("a folder");
        let office = Self { slack, folder };
        office.holds("bot", BOT_TOKEN);
        office.holds("app", APP_TOKEN);
        office.holds("signing", SIGNING_SECRET);
        office.is_configured("app_token = { file = \"app\" }");
        office
    }

    fn holds(&self, secret: &str, text: &str) {
        std::fs::write(self.folder.path().join(secret), text).expect("a file");
    }

    fn is_configured(&self, more: &str) {
        let text = format!(
            "fallback = \"support\"\n{COMPANY}\n[slack]\nbot_token = {{ file = \"bot\" }}\napi_url = \"{}\"\n{more}\n",
            self.slack.api_url()
        );
        std::fs::write(self.folder.path().join("switchboard.toml"), text).expect("a file");
    }

    /// Exit code, what was printed, what was said on standard error.
    async fn check(&self, more: &'static [&'static str]) -> (bool, String, String) {
        let folder = self.folder.path().display().to_string();
        let run = move || {
            std::process::Command::new(env!("CARGO_BIN_EXE_switchboard"))
                .args(["check", "--online", "--config", &folder])
                .args(more)
                .output()
        };
        // The server lives on this test's own thread.
        let output = tokio::task::spawn_blocking(run)
            .await
            .expect("a thread")
            .expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    /// The lines that name a problem, with what to do.
    async fn problems(&self) -> Vec<String> {
        let (fine, out, _) = self.check(&["--json"]).await;
        let answer: Value = serde_json::from_str(&out).expect("JSON");
        let found = answer["online"].as_array().expect("findings").iter();
        let found: Vec<String> = found
            .filter(|finding| finding["weight"] == "problem")
            .map(|finding| {
                let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
                format!("{}: {} → {}", text("about"), text("what"), text("todo"))
            })
            .collect();
        assert_eq!(fine, found.is_empty());
        assert_eq!(answer["ok"], found.is_empty());
        found
    }
}

#[tokio::test]
async fn where_everything_is_ready_each_thing_is_named_and_nothing_is_posted() {
    let office = Office::open().await;
    let (fine, out, err) = office.check(&[]).await;
    assert!(fine, "{out}{err}");
    let lines = out.split_once("\nok ").expect("findings").1;
    insta::assert_snapshot!(format!("ok {lines}"), @r"
    ok       slack: bot_token: it is switchboard in the workspace Larkspur Home (T0LARKSPUR)
    ok       slack: scopes: all 12 are there
    ok       slack: app_token: Socket Mode is ready
    ok       slack: slack/C0SUPPORT (Customer service): #social-support
    ok       slack: slack/C0SALES: #social-sales
    ok       slack: slack/S0SUPPORT: a user group of 1
    ok       slack: dana (U0DANA): Dana Okafor is Dana Okafor in Slack
    ok       slack: lee (U0LEE): Lee Marsh is Lee Marsh in Slack
    ");
    let asked: std::collections::BTreeSet<String> =
        office.slack.calls().into_iter().map(|call| call.method).collect();
    let expected = [
        "apps.connections.open",
        "auth.test",
        "conversations.info",
        "usergroups.list",
        "users.info",
    ];
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn what_is_missing_is_named_with_what_to_do() {
    let office = Office::open().await;
    office.slack.bot_is_in("C0SUPPORT", false);
    office.slack.without_scope("files:write");
    office.slack.without_scope("usergroups:read");
    office.slack.change_person("U0LEE", "is_restricted", true.into());
    office.slack.archive("C0SALES");
    insta::assert_snapshot!(office.problems().await.join("\n"), @r"
    files:write: this scope is missing; it is there to upload the charts of a digest → paste the output of `switchboard manifest slack` into the app’s App Manifest, save, and install it again
    usergroups:read: this scope is missing; it is there to know the members of user groups that stand for a department → paste the output of `switchboard manifest slack` into the app’s App Manifest, save, and install it again
    slack/C0SUPPORT (Customer service): Switchboard is not in #social-support → type /invite @Switchboard in #social-support
    slack/C0SALES: #social-sales is archived → unarchive it in Slack, or name another channel
    slack/S0SUPPORT: the app may not ask this; it lacks the scope usergroups:read → update the app with `switchboard manifest slack` and install it again
    lee (U0LEE): Lee Marsh is a guest in Slack, and will be refused → name the person’s own account in this workspace, or take the identity out
    ");
}

#[tokio::test]
async fn wrong_tokens_are_told_apart_and_never_shown() {
    let office = Office::open().await;
    office.holds("app", BOT_TOKEN);
    let found = office.problems().await;
    assert!(
        found.len() == 1 && found[0].contains("begins with xapp-"),
        "{found:#?}"
    );

    office.holds("app", APP_TOKEN);
    office.holds("bot", APP_TOKEN);
    let found = office.problems().await;
    assert!(
        found.iter().any(|line| line.contains("another kind of token")),
        "{found:#?}"
    );

    office.holds("bot", "xoxb-wrong-secret");
    let (fine, out, err) = office.check(&[]).await;
    assert!(
        !fine && out.contains("does not accept the bot token (invalid_auth)"),
        "{out}"
    );
    assert!(!out.contains("wrong-secret") && !err.contains("wrong-secret"));
    assert_eq!(err, "switchboard: 1 problem outside of the configuration\n");

    office.holds("bot", BOT_TOKEN);
    office.slack.revoke();
    let found = office.problems().await;
    assert!(
        found.len() == 1 && found[0].contains("token_revoked"),
        "{found:#?}"
    );
}

#[tokio::test]
async fn over_http_the_signing_secret_is_looked_at_and_no_socket_is_opened() {
    let office = Office::open().await;
    office.is_configured("inbound = \"http\"\nsigning_secret = { file = \"signing\" }\nteam = \"T0OTHER\"");
    let found = office.problems().await;
    assert!(
        found[0].contains("T0OTHER") && found[0].contains(TEAM),
        "{found:#?}"
    );
    assert_eq!(office.slack.calls_of("apps.connections.open").len(), 0);

    office.is_configured("inbound = \"http\"\nsigning_secret = { file = \"signing\" }");
    assert_eq!(office.problems().await, Vec::<String>::new());
    office.holds("signing", "not one");
    let found = office.problems().await;
    assert!(
        found.len() == 1 && found[0].contains("32 characters"),
        "{found:#?}"
    );
}

#[tokio::test]
async fn a_slack_that_is_down_or_somebody_elses_page_is_no_verdict_on_the_token() {
    let office = Office::open().await;
    office.slack.outage(true);
    let found = office.problems().await;
    assert!(
        found.len() == 1 && found[0].contains("try again in a few minutes"),
        "{found:#?}"
    );
}

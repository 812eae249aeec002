//! Whose workspace the bot token belongs to: asked of Slack once, when it is first needed. Does not check scopes.
//!
//! <https://docs.slack.dev/reference/methods/auth.test>

use serde_json::{Value, json};

use super::Slack;
use super::client::Failure;

/// The workspace and the bot within it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Workspace {
    /// `T…`, or the organisation's `E…` where the settings name that.
    pub team: String,
    /// The bot's own user, `U…`, and its other id, `B…`.
    pub user: String,
    pub bot: String,
}

impl Slack {
    /// A failed answer is not remembered: the next who needs it asks again.
    pub(super) async fn workspace(&self) -> Result<&Workspace, Failure> {
        let ask = async || {
            let answer = self.client.post("auth.test", &json!({})).await?;
            Ok(named(&answer, self.settings.team.as_deref()))
        };
        self.workspace.get_or_try_init(ask).await
    }
}

fn named(answer: &Value, configured: Option<&str>) -> Workspace {
    let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
    Workspace {
        team: configured.map_or_else(|| text("team_id"), str::to_owned),
        user: text("user_id"),
        bot: text("bot_id"),
    }
}

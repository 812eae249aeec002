//! Where a story takes place: on the web board, on Slack or on Discord. The same words, people and departments; on Slack
//! and Discord every click, line and form goes over the real wire.

use std::future::Future;

use switchboard::domain::company::Company;
use switchboard::domain::ids::{Channel, PlatformId};

use super::{discord, slack};

tokio::task_local! {
    static SURFACE: Surface;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    Web,
    Slack,
    Discord,
    /// All of them at once; people begin on the web board.
    Everywhere,
}

impl Surface {
    /// Where this story takes place; on the web board unless `on` says otherwise.
    pub fn here() -> Self {
        SURFACE.try_with(|surface| *surface).unwrap_or(Self::Web)
    }

    pub fn platform(self) -> PlatformId {
        match self {
            Self::Web | Self::Everywhere => "web".into(),
            Self::Slack => "slack".into(),
            Self::Discord => "discord".into(),
        }
    }

    /// The platforms that are spoken to over their own wire here; others are kept in memory.
    pub fn real(self) -> &'static [Self] {
        match self {
            Self::Web => &[],
            Self::Slack => &[Self::Slack],
            Self::Discord => &[Self::Discord],
            Self::Everywhere => &[Self::Slack, Self::Discord],
        }
    }

    /// Gives each department a channel on each of them, and everybody an identity.
    pub fn move_in(self, company: &mut Company) {
        for surface in self.real() {
            for (id, department) in &mut company.departments {
                department.channels.push(surface.channel(id.as_str()));
            }
            for (id, member) in &mut company.members {
                let identity = match surface {
                    Self::Slack => slack::user(id.as_str()),
                    _ => discord::snowflake(id.as_str()).to_string(),
                };
                member.identities.insert(surface.platform(), identity);
            }
            company.platforms.insert(surface.platform());
            company.threads.insert(surface.platform());
        }
    }

    /// The department's channel there.
    pub fn channel(self, department: &str) -> Channel {
        match self {
            Self::Web | Self::Everywhere => Channel::new("web", department),
            Self::Slack => Channel::new("slack", format!("C0{}", department.to_uppercase())),
            Self::Discord => Channel::new("discord", discord::snowflake(department).to_string()),
        }
    }
}

/// Tells a story on a surface.
pub async fn on(surface: Surface, story: impl Future<Output = ()>) {
    SURFACE.scope(surface, story).await;
}

/// Tells each story on each surface.
macro_rules! stories {
    ($($story:ident)*) => {
        mod web {
            $(#[tokio::test] async fn $story() {
                super::on(super::Surface::Web, super::$story()).await;
            })*
        }
        mod discord {
            $(#[tokio::test] async fn $story() {
                super::on(super::Surface::Discord, super::$story()).await;
            })*
        }
        mod slack {
            $(#[tokio::test] async fn $story() {
                super::on(super::Surface::Slack, super::$story()).await;
            })*
        }
    };
}

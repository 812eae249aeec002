//! Where a story takes place: on the web board, on Slack or on Discord. The same words, people and departments; on Slack
//! and Discord every click, line and form goes over the real wire.

use std::future::Future;

use switchboard::domain::ids::{Channel, PlatformId};

tokio::task_local! {
    static SURFACE: Surface;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    Web,
}

impl Surface {
    /// Where this story takes place; on the web board unless `on` says otherwise.
    pub fn here() -> Self {
        SURFACE.try_with(|surface| *surface).unwrap_or(Self::Web)
    }

    pub fn platform(self) -> PlatformId {
        match self {
            Self::Web => "web".into(),
        }
    }

    /// The department's channel there.
    pub fn channel(self, department: &str) -> Channel {
        match self {
            Self::Web => Channel::new("web", department),
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
    };
}

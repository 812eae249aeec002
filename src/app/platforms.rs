//! The chat platforms beside the web board: opened from their settings, given to the couriers, listened to. Adapters are
//! opened here and nowhere else.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::domain::ids::PlatformId;
use crate::platform::slack::{self, Slack};
use crate::port::chat::ChatPlatform;
use crate::port::front_desk::FrontDesk;

use super::setup::Setup;

/// Which platforms there are, and where relative secret files are looked for.
#[derive(Default)]
pub struct Chats {
    pub folder: PathBuf,
    pub slack: Option<slack::Settings>,
}

/// The platforms that are in use.
pub(super) struct Opened {
    slack: Option<Arc<Slack>>,
    inbound: Option<slack::Inbound>,
}

impl Chats {
    /// Reads secrets; asks nobody.
    pub(super) fn open(self, setup: &Setup) -> anyhow::Result<Opened> {
        let inbound = self.slack.as_ref().map(|settings| settings.inbound);
        let roster = Arc::clone(&setup.roster);
        let open = |settings| {
            let opened = Slack::open(settings, &self.folder, Arc::clone(&setup.clock));
            let opened = opened
                .map_err(anyhow::Error::msg)
                .context("Slack cannot be opened")?;
            Ok::<_, anyhow::Error>(Arc::new(opened.knowing(Arc::new(move || roster.company()))))
        };
        Ok(Opened {
            slack: self.slack.map(open).transpose()?,
            inbound,
        })
    }
}

impl Opened {
    /// Where couriers can go.
    pub fn outbound(&self) -> BTreeMap<PlatformId, Arc<dyn ChatPlatform>> {
        let slack = self
            .slack
            .iter()
            .map(|slack| Arc::clone(slack) as Arc<dyn ChatPlatform>);
        slack.map(|platform| (platform.id(), platform)).collect()
    }

    /// Lets people in: sockets that are kept open, or addresses that the platforms call, which are returned.
    pub fn listen(self, front: &Arc<dyn FrontDesk>, tasks: &TaskTracker, stop: &CancellationToken) -> Router {
        let Some(slack) = self.slack else {
            return Router::new();
        };
        let members = slack::Members::new(Arc::clone(&slack), Arc::clone(front));
        tasks.spawn(members.keep(stop.clone()));
        match self.inbound {
            Some(slack::Inbound::Http) => slack::router(slack, Arc::clone(front), tasks.clone()),
            _ => {
                let listening = slack::listen(slack, Arc::clone(front), tasks.clone(), stop.clone());
                tasks.spawn(listening);
                Router::new()
            }
        }
    }
}

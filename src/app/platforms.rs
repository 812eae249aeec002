//! The chat platforms beside the web board: opened from their settings, given to the couriers, listened to. Adapters are
//! opened here and nowhere else.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::command::{Catalogue, Spelling};
use crate::domain::ids::PlatformId;
use crate::platform::discord::{self, Discord};
use crate::platform::slack::{self, Slack};
use crate::port::chat::ChatPlatform;
use crate::port::front_desk::FrontDesk;

use super::setup::Setup;

/// Which platforms there are, and where relative secret files are looked for.
#[derive(Default)]
pub struct Chats {
    pub folder: PathBuf,
    pub slack: Option<slack::Settings>,
    pub discord: Option<discord::Settings>,
}

/// The platforms that are in use, each with the way in that its settings chose.
pub(super) struct Opened {
    slack: Option<(Arc<Slack>, slack::Inbound)>,
    discord: Option<(Arc<Discord>, discord::Inbound)>,
    /// What is registered with Discord; none where it is not used.
    commands: Vec<Value>,
}

impl Chats {
    /// Reads secrets; asks nobody.
    pub(super) fn open(self, setup: &Setup, spelling: &Spelling) -> anyhow::Result<Opened> {
        let Self {
            folder,
            slack,
            discord,
        } = self;
        let slack = slack.map(|settings| {
            let (inbound, roster) = (settings.inbound, Arc::clone(&setup.roster));
            let opened = Slack::open(settings, &folder, Arc::clone(&setup.clock));
            opened.map(|slack| {
                (
                    Arc::new(slack.knowing(Arc::new(move || roster.company()))),
                    inbound,
                )
            })
        });
        let discord = discord.map(|settings| {
            let (inbound, roster) = (settings.inbound, Arc::clone(&setup.roster));
            let company = Arc::new(move || roster.company());
            let opened = Discord::open(settings, &folder, Arc::clone(&setup.clock), company);
            opened.map(|discord| (Arc::new(discord), inbound))
        });
        let commands = match &discord {
            Some(_) => discord::commands(Catalogue::builtin(), spelling)
                .map_err(|problems| anyhow::anyhow!("{}", problems.join("\n")))
                .context("the commands cannot be registered with Discord")?,
            None => Vec::new(),
        };
        Ok(Opened {
            slack: slack
                .transpose()
                .map_err(anyhow::Error::msg)
                .context("Slack cannot be opened")?,
            discord: discord
                .transpose()
                .map_err(anyhow::Error::msg)
                .context("Discord cannot be opened")?,
            commands,
        })
    }
}

impl Opened {
    /// Where couriers can go.
    pub fn outbound(&self) -> BTreeMap<PlatformId, Arc<dyn ChatPlatform>> {
        let slack = self
            .slack
            .iter()
            .map(|(slack, _)| Arc::clone(slack) as Arc<dyn ChatPlatform>);
        let discord = self
            .discord
            .iter()
            .map(|(discord, _)| Arc::clone(discord) as Arc<dyn ChatPlatform>);
        slack
            .chain(discord)
            .map(|platform| (platform.id(), platform))
            .collect()
    }

    /// Lets people in: sockets that are kept open, or addresses that the platforms call, which are returned.
    pub fn listen(self, front: &Arc<dyn FrontDesk>, tasks: &TaskTracker, stop: &CancellationToken) -> Router {
        let mut called = Router::new();
        if let Some((slack, inbound)) = self.slack {
            let members = slack::Members::new(Arc::clone(&slack), Arc::clone(front));
            tasks.spawn(members.keep(stop.clone()));
            match inbound {
                slack::Inbound::Http => {
                    called = called.merge(slack::router(slack, Arc::clone(front), tasks.clone()));
                }
                slack::Inbound::Socket => {
                    tasks.spawn(slack::listen(
                        slack,
                        Arc::clone(front),
                        tasks.clone(),
                        stop.clone(),
                    ));
                }
            }
        }
        if let Some((discord, inbound)) = self.discord {
            if inbound == discord::Inbound::Http {
                let router = discord::router(Arc::clone(&discord), Arc::clone(front), tasks.clone());
                called = called.merge(router);
            }
            // It registers the commands in either case.
            let listening = discord::listen(
                discord,
                self.commands,
                Arc::clone(front),
                tasks.clone(),
                stop.clone(),
            );
            tasks.spawn(listening);
        }
        called
    }
}

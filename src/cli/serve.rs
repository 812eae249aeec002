//! What `run` and `demo` share: opens the store, starts Switchboard, waits for the signal to stop, stops in order.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::platforms::Chats;
use crate::app::running::{self, Plan, Running};
use crate::app::setup::system_clock;
use crate::config::Settings;
use crate::listening::query::Query;
use crate::network::{self, Surroundings, Wanted};
use crate::store;

/// Runs until Ctrl-C or SIGTERM. `ready` is told the address, once the first request can be answered.
pub fn serve(settings: Settings, ready: impl FnOnce(&Running)) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let running = running::start(plan(settings)?).await?;
        ready(&running);
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        running.stop().await;
        Ok(())
    })
}

/// What connectors listen for, in the query language.
pub(super) fn read_query(query: &str) -> Result<Wanted, String> {
    let query = Query::parse(query).map_err(|error| error.to_string())?;
    Ok(Arc::new(move |mention| query.matches(mention)))
}

fn plan(settings: Settings) -> anyhow::Result<Plan> {
    let data = settings.data.as_path();
    let store = store::open(data)?;
    let clock = system_clock();
    let folder = settings.folder.as_deref().unwrap_or_else(|| Path::new("."));
    let around = Surroundings {
        folder,
        data,
        clock: Arc::clone(&clock),
        read_query: Arc::new(read_query),
    };
    let connectors = network::open(&settings.connectors, &around)
        .map_err(|problems| anyhow::anyhow!("{}", problems.join("\n")))
        .context("a connector cannot be opened")?;
    let routes = Arc::clone(&settings.routes);
    Ok(Plan {
        data: settings.data.clone(),
        session_key: running::session_key(data)?,
        company: settings.company,
        assess: Arc::new(move |mention| routes.assess(mention)),
        clock,
        spelling: settings.commands,
        store,
        connectors: connectors.all,
        webhooks: connectors.webhooks,
        web: settings.web,
        chats: Chats {
            folder: folder.to_owned(),
            slack: settings.slack.clone(),
            discord: settings.discord.clone(),
        },
    })
}

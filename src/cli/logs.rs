//! Logs: pretty on a terminal, JSON elsewhere or on request. Strangers' text, tokens and notes are never logged, by anybody.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Libraries that would write tickets, tokens or bodies into the log below this level; whatever the filter says.
const TALKATIVE: [&str; 4] = ["slack_morphism", "tungstenite", "tokio_tungstenite", "serenity"];

/// Starts logging to standard error. A second call in one process changes nothing.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = if log.filter.is_empty() {
        "info"
    } else {
        &log.filter
    };
    let mut filter = EnvFilter::try_new(filter).map_err(|error| {
        anyhow::anyhow!("log filter “{filter}”: {error}; use a level, such as info or debug")
    })?;
    for library in TALKATIVE {
        filter = filter.add_directive(format!("{library}=warn").parse()?);
    }
    let json = match log.format {
        LogFormat::Json => true,
        LogFormat::Pretty => false,
        LogFormat::Auto => !std::io::stderr().is_terminal(),
    };
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = if json {
        lines.json().flatten_event(true).try_init()
    } else {
        lines.with_target(false).compact().try_init()
    };
    if let Err(error) = started {
        tracing::debug!("logging was started before: {error}");
    }
    Ok(())
}

//! Logs: pretty on a terminal, JSON elsewhere or on request. Strangers' text, tokens and notes are never logged, by anybody.

use std::io::IsTerminal;

use tracing::Level;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::{Log, LogFormat};

/// Starts logging to standard error. A second call in one process changes nothing.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = if log.filter.is_empty() {
        "info"
    } else {
        &log.filter
    };
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        anyhow::anyhow!("log filter “{filter}”: {error}; use a level, such as info or debug")
    })?;
    let json = match log.format {
        LogFormat::Json => true,
        LogFormat::Pretty => false,
        LogFormat::Auto => !std::io::stderr().is_terminal(),
    };
    let filter = filter.and(filter_fn(|about| may_log(about.target(), *about.level())));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if json {
        lines.json().flatten_event(true).with_filter(filter).boxed()
    } else {
        lines.with_target(false).compact().with_filter(filter).boxed()
    };
    let started = tracing_subscriber::registry().with(lines).try_init();
    if let Err(error) = started {
        tracing::debug!("logging was started before: {error}");
    }
    Ok(())
}

/// Whatever the configured filter says: these libraries write tokens, tickets and whole bodies into their finer lines.
fn may_log(target: &str, level: Level) -> bool {
    match target.split("::").next().unwrap_or_default() {
        "slack_morphism" => false,
        // At warn it prints whole payloads that it cannot read.
        "serenity" => level <= Level::ERROR,
        "h2" | "hyper" | "hyper_rustls" | "hyper_util" | "reqwest" | "rustls" | "tokio_tungstenite"
        | "tungstenite" => level <= Level::WARN,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talkative_libraries_are_quiet_whatever_is_asked_for() {
        assert!(may_log("switchboard::app::couriers", Level::TRACE));
        assert!(!may_log("slack_morphism::socket_mode", Level::ERROR));
        assert!(!may_log("serenity::http::client", Level::DEBUG));
        assert!(!may_log("serenity::gateway", Level::WARN));
        assert!(may_log("serenity::gateway", Level::ERROR));
        assert!(!may_log("tungstenite::handshake::client", Level::TRACE));
    }
}

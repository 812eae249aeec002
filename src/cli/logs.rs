//! Logs: pretty on a terminal, JSON elsewhere or on request. Strangers' text, tokens and notes are never logged, by anybody.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Libraries that would write tickets, tokens or bodies into the log below this level; whatever the filter says. serenity
/// warns of what it cannot read by telling it whole.
const TALKATIVE: [(&str, &str); 4] = [
    ("slack_morphism", "warn"),
    ("tungstenite", "warn"),
    ("tokio_tungstenite", "warn"),
    ("serenity", "error"),
];

/// Starts logging to standard error. A second call in one process changes nothing.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = filter(&log.filter)?;
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

fn filter(wanted: &str) -> anyhow::Result<EnvFilter> {
    let wanted = if wanted.is_empty() { "info" } else { wanted };
    let mut filter = EnvFilter::try_new(wanted).map_err(|error| {
        anyhow::anyhow!("log filter “{wanted}”: {error}; use a level, such as info or debug")
    })?;
    for (library, level) in TALKATIVE {
        filter = filter.add_directive(format!("{library}={level}").parse()?);
    }
    Ok(filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_filter_makes_libraries_tell_tickets() {
        for wanted in ["", "trace", "debug,slack_morphism=trace,tungstenite=trace"] {
            let filter = filter(wanted).unwrap().to_string();
            for (library, level) in TALKATIVE {
                assert!(filter.contains(&format!("{library}={level}")), "{filter}");
                assert!(!filter.contains(&format!("{library}=trace")), "{filter}");
            }
        }
        assert!(filter("no such=level=").is_err());
    }
}

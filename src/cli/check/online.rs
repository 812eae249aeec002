//! `switchboard check --online`: after the configuration is understood, asks the services that it names whether they are
//! ready. Each platform or network that has an account outside has its own check and a line here.

use std::path::Path;

use crate::app::setup::system_clock;
use crate::config::Settings;
use crate::network::{self, ConnectorSettings, Surroundings};
use crate::platform::{discord, slack};
use crate::port::finding::{Finding, Weight};

/// What was found, under the name of whoever was asked, in the order in which it was asked.
pub type Findings = Vec<(&'static str, Finding)>;

/// Who was asked, where a connector says it.
const CONNECTOR: &str = "connector";

/// Asks everybody in turn; each finding is handed to `tell` as soon as it is known.
pub fn ask(settings: &Settings, tell: &mut (dyn FnMut(&str, &Finding) + Send)) -> anyhow::Result<Findings> {
    // One provider of TLS for the whole process; a second installation changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let folder = settings.folder.as_deref().unwrap_or_else(|| Path::new("."));
    let mut found = Findings::new();
    runtime.block_on(async {
        if let Some(of_slack) = &settings.slack {
            let mut keep = |finding| {
                tell(slack::PLATFORM, &finding);
                found.push((slack::PLATFORM, finding));
            };
            slack::check(of_slack, &settings.company, folder, system_clock(), &mut keep).await;
        }
        if let Some(of_discord) = &settings.discord {
            let mut keep = |finding| {
                tell(discord::PLATFORM, &finding);
                found.push((discord::PLATFORM, finding));
            };
            discord::check(of_discord, &settings.company, folder, system_clock(), &mut keep).await;
        }
        for finding in of_connectors(settings, folder).await {
            tell(CONNECTOR, &finding);
            found.push((CONNECTOR, finding));
        }
    });
    Ok(found)
}

/// Each connector that has an account or a source outside looks at it for itself.
async fn of_connectors(settings: &Settings, folder: &Path) -> Vec<Finding> {
    let around = Surroundings {
        folder,
        data: &settings.data,
        clock: system_clock(),
        read_query: std::sync::Arc::new(crate::cli::serve::read_query),
    };
    let mut found = Vec::new();
    for one in &settings.connectors {
        // The scripted public has nobody outside to ask, and opening it would write its file.
        if let ConnectorSettings::Scripted(_) = one {
            continue;
        }
        match network::open(std::slice::from_ref(one), &around) {
            Ok(connectors) => {
                for connector in connectors.all {
                    found.extend(connector.check().await);
                }
            }
            Err(problems) => found.extend(
                problems
                    .into_iter()
                    .map(|why| Finding::problem(one.name(), why, "mend its section in the configuration")),
            ),
        }
    }
    found
}

/// One finding for a person.
pub fn line(asked: &str, finding: &Finding) -> String {
    let mark = match finding.weight {
        Weight::Fine => "ok      ",
        Weight::Note => "note    ",
        Weight::Problem => "PROBLEM ",
    };
    let todo = finding
        .todo
        .as_ref()
        .map(|todo| format!("\n         = {todo}"))
        .unwrap_or_default();
    format!("{mark} {asked}: {}: {}{todo}\n", finding.about, finding.what)
}

/// The findings for a script.
pub fn as_json(found: &Findings) -> serde_json::Value {
    let found = found.iter().map(|(asked, finding)| {
        let mut one = serde_json::json!(finding);
        one["asked"] = (*asked).into();
        one
    });
    found.collect()
}

pub fn problems(found: &Findings) -> usize {
    found
        .iter()
        .filter(|(_, finding)| finding.weight == Weight::Problem)
        .count()
}

//! Configuration: settings assembled from sections that live beside the code they configure. TOML files in one folder;
//! the environment wins over a file; secrets are named, never written. Every problem of every file is found at once.
//!
//! The folder holds `switchboard.toml` and, beside it, any of `departments.toml`, `members.toml`, `routes.toml` and
//! `connectors.toml`; any section may stand in any of them, so that a small company keeps a single file.

mod assemble;
mod board;
mod chat;
mod company;
mod conditions;
mod connectors;
mod document;
pub mod duration;
mod files;
pub mod hours;
mod problem;
mod promises;
mod read;
mod roles;
mod routes;
pub mod similar;
mod source;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use crate::network::ConnectorSettings;
pub use files::{MAIN_FILE, OTHER_FILES};
pub use problem::Problem;
use source::Source;

use crate::command::Spelling;
use crate::domain::company::Company;
use crate::listening::Routes;
use crate::platform::{discord, slack, web};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Pretty on a terminal, JSON elsewhere.
    #[default]
    Auto,
    Pretty,
    Json,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    pub format: LogFormat,
    /// A level, or levels by module: `info,switchboard=debug`.
    pub filter: String,
}

/// Everything the program needs to know before it starts.
#[derive(Clone, Debug)]
pub struct Settings {
    pub company: Arc<Company>,
    pub routes: Arc<Routes>,
    pub connectors: Vec<ConnectorSettings>,
    pub web: web::Settings,
    pub slack: Option<slack::Settings>,
    pub discord: Option<discord::Settings>,
    /// Where the store lives.
    pub data: PathBuf,
    /// How slash commands are spelled.
    pub commands: Spelling,
    pub log: Log,
    /// Where relative paths start; none for the configuration built into the program.
    pub folder: Option<PathBuf>,
}

/// Reads the configuration from a folder or from its main file.
pub fn load(path: &Path) -> Result<Settings, Vec<Problem>> {
    let (folder, sources) = files::read(path)?;
    assemble::assemble(&sources, Some(folder), &|name| {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    })
}

/// Reads the configuration from texts, each with the name that problems call it by. `environment` answers for variables.
pub fn load_files(
    files: &[(&str, &str)],
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Settings, Vec<Problem>> {
    let source = |(name, text): &(&str, &str)| Source {
        name: (*name).to_owned(),
        text: (*text).to_owned(),
    };
    let sources: Vec<_> = files.iter().map(source).collect();
    assemble::assemble(&sources, None, environment)
}

/// The invented company of the demo, whose files are built into the program.
pub fn demo() -> Result<Settings, Vec<Problem>> {
    load_files(files::DEMO, &|name| {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    })
}

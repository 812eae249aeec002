//! `--config`, the same for every subcommand: the folder or the main file of a configuration; and how its problems are shown.

use std::path::{Path, PathBuf};

use crate::config::{self, MAIN_FILE, Problem, Settings};

/// Where the configuration is read from when nobody says.
const DEFAULT_FOLDER: &str = "config";

#[derive(clap::Args, Clone, Debug, Default)]
pub struct ConfigOption {
    /// The configuration: its folder or its main file. Without it: ./config, where that holds a switchboard.toml
    #[arg(long, value_name = "FOLDER|FILE")]
    pub config: Option<PathBuf>,
}

/// Where settings came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Path(PathBuf),
    /// The invented company that is built into the program.
    Demo,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(out),
            Self::Demo => out.write_str("the demo company (no --config, and no ./config/switchboard.toml)"),
        }
    }
}

impl ConfigOption {
    pub fn origin(&self) -> Origin {
        let default = Path::new(DEFAULT_FOLDER);
        match &self.config {
            Some(path) => Origin::Path(path.clone()),
            None if default.join(MAIN_FILE).is_file() => Origin::Path(default.to_path_buf()),
            None => Origin::Demo,
        }
    }

    /// Reads the settings, or those of the demo company; every problem at once.
    pub fn read(&self) -> Result<Settings, Vec<Problem>> {
        match self.origin() {
            Origin::Path(path) => config::load(&path),
            Origin::Demo => config::demo(),
        }
    }

    /// Reads the settings; the problems, as a person reads them, are the error. A note on standard error says when it is
    /// the demo company that answers.
    pub fn load(&self) -> anyhow::Result<Settings> {
        let origin = self.origin();
        if origin == Origin::Demo {
            eprintln!("note: this is {origin}");
        }
        self.read().map_err(|problems| as_error(&problems))
    }

    /// Reads the settings of a real company: the demo company never stands in.
    pub fn load_own(&self) -> anyhow::Result<Settings> {
        match self.origin() {
            Origin::Demo => anyhow::bail!(
                "there is no ./config/switchboard.toml; name the configuration with --config, write one with \
                 `switchboard init FOLDER`, or try `switchboard demo`"
            ),
            Origin::Path(_) => self.load(),
        }
    }
}

/// All problems as one error.
pub fn as_error(problems: &[Problem]) -> anyhow::Error {
    let shown: String = problems.iter().map(|problem| format!("\n{problem}")).collect();
    anyhow::anyhow!(
        "{} in the configuration:\n{}",
        count(problems.len()),
        shown.trim_end()
    )
}

/// `1 problem`, `3 problems`.
pub fn count(problems: usize) -> String {
    match problems {
        1 => "1 problem".to_owned(),
        many => format!("{many} problems"),
    }
}

//! `switchboard man`: writes man pages (one per subcommand) and shell completions, both from the command line's own
//! definition, so that they cannot fall behind it.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;

use super::Cli;

/// Writes man pages and shell completions
#[derive(clap::Args, Debug)]
#[group(required = true, multiple = true)]
pub struct Args {
    /// Write the man pages into this folder, which is made if need be
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the completions for this shell
    #[arg(long, value_name = "SHELL")]
    shell: Option<Shell>,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    if let Some(folder) = &args.out {
        write_pages(folder)?;
    }
    if let Some(shell) = args.shell {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "switchboard", &mut script);
        std::io::stdout()
            .write_all(&script)
            .context("cannot print the completions")?;
    }
    Ok(())
}

fn write_pages(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    clap_mangen::generate_to(Cli::command(), folder)
        .with_context(|| format!("cannot write man pages into {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subcommand_has_a_man_page() {
        let folder = tempfile::tempdir().expect("a folder");
        let pages = folder.path().join("man");
        write_pages(&pages).expect("pages");
        for subcommand in Cli::command().get_subcommands() {
            let page = pages.join(format!("switchboard-{}.1", subcommand.get_name()));
            let text = std::fs::read_to_string(&page).unwrap_or_default();
            assert!(text.contains(".TH"), "{}", page.display());
        }
        assert!(pages.join("switchboard.1").exists());
    }

    #[test]
    fn every_shell_completes_the_subcommands() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "switchboard", &mut script);
            let script = String::from_utf8_lossy(&script);
            assert!(script.contains("replay") && script.contains("backup"), "{shell}");
        }
    }
}

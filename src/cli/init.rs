//! `switchboard init`: writes an annotated configuration for a real company. Asks a few questions on a terminal, or takes
//! flags; never overwrites; what it writes is accepted by `check` at once.

mod answers;
mod connectors;
mod texts;
mod usual;

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::config_option::as_error;
use crate::config;
use answers::Answers;

/// Writes a configuration for your company
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard init acme
      asks a few questions, then writes the folder acme
  switchboard init acme --company \"Acme Lamps\" --zone Europe/Berlin --account @acmelamps \\
      --department sales --department \"support=Customer service\" \\
      --member \"Dana Okafor\" --member \"Lee Novak:sales\"
      asks nothing; the first member leads every department and is the administrator
  switchboard check --config acme
      says what was understood")]
pub struct Args {
    /// The folder to write; it is made if need be
    folder: PathBuf,
    /// The company's name; with it nothing is asked
    #[arg(long)]
    company: Option<String>,
    /// A department, as ID or ID=NAME; may be given several times. Without it: support, sales and marketing
    #[arg(long = "department", value_name = "ID[=NAME]", value_delimiter = ',')]
    departments: Vec<String>,
    /// The time zone, such as Europe/Berlin. Without it: this machine's
    #[arg(long)]
    zone: Option<String>,
    /// A member of staff, and the departments they work in (without them, in all); may be given several times
    #[arg(long = "member", value_name = "NAME[:ID,ID]")]
    members: Vec<String>,
    /// One of the company's own accounts, as @HANDLE or NETWORK/@HANDLE; may be given several times
    #[arg(long = "account", value_name = "[NETWORK/]@HANDLE")]
    accounts: Vec<String>,
    /// Where the web board listens, on this machine
    #[arg(long, default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// Ask nothing: take the defaults for what is not given
    #[arg(long)]
    yes: bool,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    if !args.address.ip().is_loopback() {
        anyhow::bail!(
            "--address {}: the board listens on this machine alone until sign-in is configured; give a loopback \
             address such as 127.0.0.1:8080",
            args.address
        );
    }
    refuse_to_overwrite(&args.folder)?;
    let answers = if args.company.is_some() || args.yes {
        Answers::from_flags(&args)?
    } else if std::io::stdin().is_terminal() {
        Answers::ask(&args, &mut std::io::stdin().lock(), &mut std::io::stdout())?
    } else {
        anyhow::bail!("--company is needed where there is no terminal to ask on; --yes takes every default");
    };
    let files = texts::files(&answers);
    write(&args.folder, &files)?;
    // The files were made by us: a problem in them is ours, and better told now than at the first run.
    config::load(&args.folder).map_err(|problems| as_error(&problems))?;
    let folder = args.folder.display();
    let mut told = format!("Wrote the configuration of {} into {folder}:\n", answers.company);
    for (name, what, _) in &files {
        told.push_str(&format!("  {name:<18} {what}\n"));
    }
    told.push_str(&format!(
        "\nNext:\n  switchboard check --config {folder}\n  switchboard run --config {folder}\n"
    ));
    super::say(&told)
}

/// Nothing is written where even one file is in the way.
fn refuse_to_overwrite(folder: &Path) -> anyhow::Result<()> {
    let names = std::iter::once(config::MAIN_FILE).chain(config::OTHER_FILES);
    let in_the_way: Vec<String> = names
        .map(|name| folder.join(name))
        .filter(|path| path.symlink_metadata().is_ok())
        .map(|path| path.display().to_string())
        .collect();
    if in_the_way.is_empty() {
        return Ok(());
    }
    anyhow::bail!(
        "in the way: {}; nothing was written. Name another folder, or move the old files first",
        in_the_way.join(", ")
    )
}

fn write(folder: &Path, files: &[texts::File]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    for (name, _, text) in files {
        let path = folder.join(name);
        // `create_new` refuses a file that appeared since we looked.
        std::fs::File::create_new(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

//! The command line: one thin file per subcommand. Nothing here decides; it reads flags, calls the house, prints.

use clap::{Parser, Subcommand};

mod backup;
mod check;
pub mod config_option;
mod connect;
mod demo;
mod export;
mod init;
mod listening;
mod logs;
mod man;
mod manifest;
mod replay;
mod restore;
mod route;
mod run;
mod serve;
mod verify;

/// Brings the public conversation to the people who can answer it.
#[derive(Parser, Debug)]
#[command(name = "switchboard", version, about, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Run(run::Args),
    Demo(demo::Args),
    Check(check::Args),
    Connect(connect::Args),
    Init(init::Args),
    Route(route::Args),
    Listening(listening::Args),
    Manifest(manifest::Args),
    Replay(replay::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Verify(verify::Args),
    Export(export::Args),
    Man(man::Args),
}

/// Runs the command line; the caller prints the error and exits with 1.
pub fn main() -> anyhow::Result<()> {
    // One provider of TLS for everything that speaks to the outside; a second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match Cli::parse().command {
        Command::Run(args) => run::run(args),
        Command::Demo(args) => demo::run(args),
        Command::Check(args) => check::run(args),
        Command::Connect(args) => connect::run(args),
        Command::Init(args) => init::run(args),
        Command::Route(args) => route::run(args),
        Command::Listening(args) => listening::run(args),
        Command::Manifest(args) => manifest::run(args),
        Command::Replay(args) => replay::run(args),
        Command::Backup(args) => backup::run(args),
        Command::Restore(args) => restore::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Export(args) => export::run(args),
        Command::Man(args) => man::run(args),
    }
}

/// Prints to standard output. A reader that went away (`| head`) is no error; a full disk is.
fn say(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(anyhow::Error::new(error).context("cannot write to standard output"))
        }
        _ => Ok(()),
    }
}

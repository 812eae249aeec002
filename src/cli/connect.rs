//! `switchboard connect`: gets an account's access token from a network, so that nobody has to look for a developer page.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;
use secrecy::ExposeSecret;

use crate::app::setup::system_clock;
use crate::network::mastodon::register::{self, Application};

/// Gets an access token for an account on a social network
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    network: Network,
}

#[derive(Subcommand, Debug)]
enum Network {
    Mastodon(Mastodon),
}

/// An account on Mastodon, GoToSocial, Pleroma, Akkoma, Pixelfed, Friendica
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard connect mastodon https://social.example
  switchboard connect mastodon https://social.example --token-file config/mastodon.token
  switchboard connect mastodon https://social.example --code 8VbT…    the second step by itself, for scripts")]
struct Mastodon {
    /// The server that the account is on
    server: String,
    /// Where the token is written, readable by you alone
    #[arg(long, value_name = "FILE", default_value = "mastodon.token")]
    token_file: PathBuf,
    /// The code that the server showed, when the first step was made before
    #[arg(long)]
    code: Option<String>,
    /// The name under which the server lists the application
    #[arg(long, default_value = "Switchboard")]
    name: String,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let Network::Mastodon(args) = args.network;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(mastodon(args))
}

async fn mastodon(args: Mastodon) -> anyhow::Result<()> {
    let server = register::server(&args.server).map_err(anyhow::Error::msg)?;
    let token_file = &args.token_file;
    if token_file.exists() {
        bail!(
            "{} is there already; name another with --token-file, or take it away",
            token_file.display()
        );
    }
    let now = system_clock();
    // Between the two steps; a code is only good for the application that asked for it.
    let kept = token_file.with_extension("application");
    let (application, code) = match args.code {
        Some(code) => {
            let text = std::fs::read_to_string(&kept).with_context(|| {
                format!(
                    "cannot read {}; begin without --code, the server's page then shows one",
                    kept.display()
                )
            })?;
            let application =
                Application::read(&text).map_err(|why| anyhow::anyhow!("{}: {why}", kept.display()))?;
            if application.server() != &server {
                bail!("{} belongs to {}", kept.display(), application.server());
            }
            (application, code)
        }
        None => {
            let application = register::register(&server, &args.name, now())
                .await
                .map_err(anyhow::Error::msg)?;
            let _ = std::fs::remove_file(&kept);
            write_secret(&kept, &application.kept())?;
            let page = application.authorize().map_err(anyhow::Error::msg)?;
            super::say(&format!(
                "Open this page, sign in as the account that Switchboard is to read and answer for, and allow it:\n\n  {page}\n\nThe code that it shows: "
            ))?;
            std::io::stdout().flush()?;
            (application, typed()?)
        }
    };
    if code.trim().is_empty() {
        super::say(&format!(
            "\nNo code yet. Go on with: switchboard connect mastodon {} --token-file {} --code CODE\n",
            args.server,
            token_file.display()
        ))?;
        return Ok(());
    }
    let granted = application
        .exchange(&code, now())
        .await
        .map_err(anyhow::Error::msg)?;
    write_secret(token_file, granted.token.expose_secret())?;
    let _ = std::fs::remove_file(&kept);
    super::say(&format!(
        "\nThe token of @{} is in {}. Say in the configuration (a relative file is looked for beside it):\n\n[[connector]]\nkind = \"mastodon\"\nname = \"mastodon\"\nserver = \"{}\"\naccess_token = {{ file = \"{}\" }}\n\nThen see whether all is well: switchboard check --online\n",
        granted.account,
        token_file.display(),
        server.as_str().trim_end_matches('/'),
        token_file.file_name().unwrap_or_default().to_string_lossy()
    ))
}

fn typed() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .context("cannot read the code")?;
    Ok(line)
}

/// Only its owner may read it, from its first byte on.
fn write_secret(path: &Path, text: &str) -> anyhow::Result<()> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| writeln!(file, "{text}"))
        .with_context(|| format!("cannot write {}", path.display()))
}

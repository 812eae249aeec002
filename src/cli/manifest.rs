//! `switchboard manifest`: prints what a chat platform wants to know before it shows buttons and commands, derived from the
//! commands and the configuration. Asks no network.

use clap::{Subcommand, ValueEnum};

use super::config_option::ConfigOption;
use crate::command::Catalogue;
use crate::platform::{discord, slack};

/// Prints the app manifest for a chat platform
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    platform: Platform,
}

#[derive(Subcommand, Debug)]
enum Platform {
    Slack(SlackArgs),
    Discord(DiscordArgs),
}

/// Slack's app manifest: paste it at api.slack.com/apps, Create New App, From a manifest
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard manifest slack                                as ./config spells the commands
  switchboard manifest slack --config acme --format json
  switchboard manifest slack --url https://chat.acme.example   for inbound = \"http\"")]
struct SlackArgs {
    #[command(flatten)]
    config: ConfigOption,
    #[arg(long, value_enum, default_value = "yaml")]
    format: Format,
    /// Where Slack reaches Switchboard over HTTP; not needed in Socket Mode
    #[arg(long, value_name = "HTTPS-ADDRESS")]
    url: Option<String>,
}

/// Discord's application commands as JSON; `run` registers them by itself, this shows what it registers
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard manifest discord                   as ./config spells the commands
  switchboard manifest discord --config acme")]
struct DiscordArgs {
    #[command(flatten)]
    config: ConfigOption,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// With a word on each scope
    Yaml,
    Json,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    match args.platform {
        Platform::Slack(args) => slack_manifest(&args),
        Platform::Discord(args) => discord_commands(&args),
    }
}

fn slack_manifest(args: &SlackArgs) -> anyhow::Result<()> {
    let settings = args.config.load()?;
    let wanted = slack::Wanted::of(settings.slack.as_ref(), args.url.as_deref());
    let manifest =
        slack::manifest(Catalogue::builtin(), &settings.commands, &wanted).map_err(anyhow::Error::msg)?;
    for note in slack::command_notes(Catalogue::builtin(), &settings.commands) {
        eprintln!("note: {note}");
    }
    super::say(&match args.format {
        Format::Yaml => slack::as_yaml(&manifest),
        Format::Json => format!("{manifest:#}\n"),
    })
}

fn discord_commands(args: &DiscordArgs) -> anyhow::Result<()> {
    let settings = args.config.load()?;
    let commands = discord::commands(Catalogue::builtin(), &settings.commands)
        .map_err(|problems| anyhow::anyhow!("Discord would refuse the commands:\n{}", problems.join("\n")))?;
    super::say(&format!("{:#}\n", serde_json::Value::from(commands)))
}

//! `switchboard run`: the main job.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::config_option::ConfigOption;
use super::{logs, serve};

/// Runs Switchboard for your company
///
/// Listens to the connectors, shows leads on the web board, and works until it is stopped (Ctrl-C or SIGTERM). What was
/// acknowledged is on disk; started again on the same data folder, it goes on where it was.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  switchboard run --config config
  switchboard run --config /etc/switchboard --data /var/lib/switchboard
  SWITCHBOARD_ADDRESS=127.0.0.1:9000 switchboard run")]
pub struct Args {
    #[command(flatten)]
    config: ConfigOption,
    /// Where the web board, the webhooks and the probes listen; wins over the configuration
    #[arg(long, value_name = "ADDRESS:PORT")]
    address: Option<SocketAddr>,
    /// The folder of the store; wins over the configuration
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let mut settings = args.config.load_own()?;
    logs::start(&settings.log)?;
    settings.web.address = args.address.unwrap_or(settings.web.address);
    settings.data = args.data.unwrap_or(settings.data);
    serve::serve(settings, |running| {
        println!("Switchboard is running on http://{}", running.address);
    })
}

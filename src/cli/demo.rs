//! `switchboard demo`: a day of social care in the browser, with an invented company and no account anywhere.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::{config_option, logs, serve};
use crate::config;

/// Runs the sample company on the web board
///
/// Larkspur Home is invented, and so is everybody who writes to it: a script plays their mentions, and what you answer
/// appears in their threads. Started again on the same folder, it goes on where it was.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  switchboard demo
  switchboard demo --address 127.0.0.1:9000 --data my-demo
Then open the printed address in two browsers, choose two colleagues, and race for a claim.")]
pub struct Args {
    /// Where the web board listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// The folder of the store; made when it is missing
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let mut settings = config::demo().map_err(|problems| config_option::as_error(&problems))?;
    logs::start(&settings.log)?;
    settings.web.address = args.address;
    settings.data = args.data;
    let data = settings.data.display().to_string();
    serve::serve(settings, |running| {
        println!("Larkspur Home is open: http://{}", running.address);
        println!("Everything is invented. The data is in {data}; Ctrl-C stops, the same command goes on.");
    })
}

//! `switchboard demo`: a day of social care in the browser, with an invented company and no account anywhere.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::{config_option, logs, serve};
use crate::config;
use crate::network::{ConnectorSettings, jetstream};

/// Runs the sample company on the web board
///
/// Larkspur Home is invented, and so is everybody who writes to it: a script plays their mentions, and what you answer
/// appears in their threads. Started again on the same folder, it goes on where it was.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  switchboard demo
  switchboard demo --address 127.0.0.1:9000 --data my-demo
  switchboard demo --listen 'acme OR @acme.example' --data overheard
Then open the printed address in two browsers, choose two colleagues, and race for a claim.")]
pub struct Args {
    /// Where the web board listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// The folder of the store; made when it is missing
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// Instead of the invented day, real posts on Bluesky that match this query; no account is needed
    #[arg(long, value_name = "QUERY")]
    listen: Option<String>,
    /// Where to listen instead of the public servers, ws://127.0.0.1:PORT or wss://HOST
    #[arg(long, value_name = "URL", requires = "listen")]
    jetstream: Option<String>,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let mut settings = config::demo().map_err(|problems| config_option::as_error(&problems))?;
    logs::start(&settings.log)?;
    settings.web.address = args.address;
    settings.data = args.data;
    let what = match &args.listen {
        None => "Everything is invented.".to_owned(),
        Some(query) => {
            let mut overheard = jetstream::Settings::new("overheard", query);
            overheard.hosts = args.jetstream.map_or(overheard.hosts, |host| vec![host]);
            settings.connectors = vec![ConnectorSettings::Jetstream(overheard)];
            format!(
                "The company is invented; the posts are real: what is written on Bluesky about “{query}”."
            )
        }
    };
    let data = settings.data.display().to_string();
    serve::serve(settings, |running| {
        println!("Larkspur Home is open: http://{}", running.address);
        println!("{what} The data is in {data}; Ctrl-C stops, the same command goes on.");
    })
}

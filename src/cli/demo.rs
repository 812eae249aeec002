//! `switchboard demo`: a day of social care in the browser, with an invented company and no account anywhere.

/// Runs the sample company on the web board
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("`switchboard demo` is not built yet")
}

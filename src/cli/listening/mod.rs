//! `switchboard listening`: how well listening listens. Thin: reads files, keeps the time, prints; what is measured and how
//! is `listening/evaluate`.

use clap::Subcommand;

mod evaluate;
mod progress;

/// Measures how well mentions are understood
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    Evaluate(evaluate::Args),
}

pub fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Evaluate(args) => evaluate::run(args),
    }
}

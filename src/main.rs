//! The program: hands over to `cli`, and turns an error into one clear line and exit code 1.

use std::process::ExitCode;

fn main() -> ExitCode {
    match switchboard::cli::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("switchboard: {error:#}");
            ExitCode::FAILURE
        }
    }
}

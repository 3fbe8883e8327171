//! `throughline`: what the page does, on the command line. JSON on stdout; exit 0 where the job was done, 1 where the
//! models or the script are in error, 2 for usage.

mod commands;

use std::process::ExitCode;

use commands::Failure;

fn main() -> ExitCode {
    let mut arguments = lexopt::Parser::from_env();
    match commands::run(&mut arguments) {
        Ok(code) => code,
        Err(Failure::Usage(message)) => {
            eprintln!("throughline: {message}\n\n{}", commands::USAGE);
            ExitCode::from(2)
        }
        Err(Failure::File(message)) => {
            eprintln!("throughline: {message}");
            ExitCode::from(2)
        }
    }
}

//! `yimenctl`: the administrator's command line, and the officer's until the web application is there.
//! Exit codes: 0 done; 1 refused or not so (a wrong code, a lost claim, a folder that exists); 2 wrong arguments;
//! 3 the office cannot be reached; 4 no right to do it. With `--json` one JSON object or array goes to stdout.
//! Not here: the office itself; this program speaks to its officers' door and makes the files of a bureau.

mod authority;
mod commands;
mod failure;
mod files;
mod held_certificate;
mod office_client;
mod output;

use clap::Parser;
use std::process::ExitCode;

/// The command line of Yimen.
#[derive(Parser)]
#[command(name = "yimenctl", version, about, propagate_version = true)]
struct Arguments {
    /// Print JSON for machines.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = output::Output { json: arguments.json };
    // One provider for the process; a second call could only find the same one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match arguments.command.run(output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output.failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

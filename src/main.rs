//! The program `impasto`: opens the window, or runs a command.

use std::process::ExitCode;

fn main() -> ExitCode {
    impasto::cli::main()
}

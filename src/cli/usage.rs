//! What is said about arguments that cannot be understood, and on `--help`.

use std::{env, process::ExitCode};

use super::output;
use crate::words::{is_hidden, short_digits};

/// Prints it as clap does, unless an argument holds what a terminal would obey, or hundreds of digits.
pub(super) fn told(fault: &clap::Error) -> ExitCode {
    let words: Vec<String> = env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let strange = |word: &String| word.contains(is_hidden) || short_digits(word) != *word;
    if fault.use_stderr() && words.iter().any(strange) {
        for line in fault.render().to_string().lines() {
            output::say(&short_digits(line));
        }
    } else {
        // A closed output leaves nobody to tell.
        drop(fault.print());
    }
    ExitCode::from(u8::try_from(fault.exit_code()).unwrap_or(2))
}

//! The command line: the same transfer without a window.
//!
//! Results go to stdout (with `--json` nothing else does), errors to stderr; exit code 2 for
//! usage and input, 1 for a failure on the way, 128 and the signal's number where one ended the work
//! early.

mod arguments;
mod axis;
mod bench;
mod brush;
mod brush_learn;
mod checkpoints;
mod choices;
mod claims;
mod compare;
mod contents;
mod devices;
mod engine_arguments;
mod environment;
mod film;
mod inputs;
mod interrupts;
mod lettering;
mod like;
mod like_record;
mod look;
mod measure;
mod output;
mod painting;
mod place;
mod plan;
mod presets;
mod render;
mod render_arguments;
mod render_job;
mod render_start;
mod resume;
mod saving;
mod self_test;
mod sheet;
mod standard;
mod step;
mod stylize;
mod usage;
mod weights;
mod weights_arguments;
mod weights_choice;

use std::process::ExitCode;

use clap::Parser as _;

use self::arguments::{Arguments, Command, WindowArguments};
use crate::{
    app::{self, AppOptions},
    error::Result,
    vgg::threads,
};

/// Reads the arguments, does what they say, and tells how it went.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(fault) => return usage::told(&fault),
    };
    match environment::check().and_then(|()| run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    match arguments.command {
        Some(Command::Render(arguments)) => render::run(&arguments),
        Some(Command::Stylize(arguments)) => stylize::run(&arguments),
        Some(Command::Brush(command)) => brush::run(command),
        Some(Command::Measure(arguments)) => measure::run(&arguments),
        Some(Command::Weights(command)) => weights::run(command),
        Some(Command::Compare(arguments)) => compare::run(&arguments),
        Some(Command::Presets(arguments)) => presets::run(&arguments),
        Some(Command::Sheet(arguments)) => sheet::run(&arguments),
        Some(Command::Bench(arguments)) => bench::run(&arguments),
        Some(Command::Devices(arguments)) => devices::run(&arguments),
        Some(Command::Selftest(arguments)) => self_test::run(&arguments),
        None => {
            let WindowArguments {
                content,
                style,
                save_folder,
                threads,
                device,
                film_memory,
                log,
            } = arguments.window;
            threads::check(threads)?;
            app::run(AppOptions {
                content,
                style,
                save_folder,
                presets_folder: None,
                threads,
                device,
                film_mb: film_memory,
                log,
                ..AppOptions::default()
            })
        }
    }
}

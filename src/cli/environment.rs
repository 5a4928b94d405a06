//! The environment variables of the program: a misspelled one is told, not passed over.

use std::env;

use super::output;
use crate::{error::Result, feedforward::BRUSH_FOLDER_VARIABLE, vgg};

/// What all of them begin with.
const PREFIX: &str = "IMPASTO_";

/// Those there are.
const KNOWN: [&str; 5] = [
    "IMPASTO_ISA",
    vgg::weights::FOLDER_VARIABLE,
    BRUSH_FOLDER_VARIABLE,
    "IMPASTO_FFMPEG",
    "IMPASTO_WAYLAND",
];

/// Checks them: a value that cannot be followed is an error, an unknown name a remark.
///
/// # Errors
/// When `IMPASTO_ISA` names an instruction set that this processor does not have.
pub(super) fn check() -> Result<()> {
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX) && !KNOWN.contains(&&*name) {
            output::say(&format!(
                "impasto: the environment variable {name} means nothing here; there are {}",
                KNOWN.join(", ")
            ));
        }
    }
    vgg::fast::check_instruction_set()
}

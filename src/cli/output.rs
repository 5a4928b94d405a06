//! What is said on stdout and stderr.

use std::io::{self, IsTerminal as _, Write as _, stderr};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::error::{Error, Result};

/// One line on stdout, flushed, so that a reader of a pipe sees it at once.
///
/// # Errors
/// When nobody reads any more.
pub(super) fn line(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|fault| {
            Error::file(
                "write",
                "standard output".as_ref(),
                fault,
                "Its reader has gone",
            )
        })
}

/// One JSON object on a line of stdout.
///
/// # Errors
/// When nobody reads any more.
pub(super) fn json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string(value)
        .map_err(|fault| Error::Internal(format!("cannot write JSON: {fault}")))?;
    line(&text)
}

/// An error on stderr.
pub(super) fn complain(error: &Error) {
    say(&format!("impasto: {error}"));
}

/// A remark on stderr.
pub(super) fn say(text: &str) {
    // A closed stderr leaves nobody to tell.
    drop(writeln!(stderr(), "{text}"));
}

/// A bar on stderr when that is a terminal; none along with JSON.
pub(super) fn progress_bar(total: u32, json: bool) -> ProgressBar {
    let bar = ProgressBar::new(u64::from(total));
    if json || !stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let template = "{bar:30} {pos}/{len}  {msg}  {elapsed}<{eta}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

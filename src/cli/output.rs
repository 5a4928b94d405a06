//! What is said on stdout and stderr.
//!
//! A reader of stdout that has gone (`impasto presets | head -1`) is no fault: nothing more is
//! written, and the work goes on. Whatever names a picture brings along is shown, never obeyed, by a
//! terminal.

use std::{
    io::{self, ErrorKind, IsTerminal as _, Write as _, stderr},
    sync::atomic::{AtomicBool, Ordering},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::{
    error::{Error, Result},
    words::{is_hidden, visible},
};

/// Whether the reader of stdout has gone.
static GONE: AtomicBool = AtomicBool::new(false);

/// Whether anybody reads what a command prints: where that is all it does, it may stop.
pub(super) fn is_heard() -> bool {
    !GONE.load(Ordering::Relaxed)
}

/// One line on stdout, flushed, so that a reader of a pipe sees it at once.
///
/// # Errors
/// When it cannot be written, as on a full disk; a reader that has gone is none.
pub(super) fn line(text: &str) -> Result<()> {
    written(format!("{}\n", visible(text)).as_bytes())
}

/// One JSON object on a line of stdout.
///
/// # Errors
/// As [`line`].
pub(super) fn json(value: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string(value)
        .map_err(|fault| Error::Internal(format!("cannot write JSON: {fault}")))?;
    // JSON itself escapes some of them only; outside of texts there are none.
    if text.contains(is_hidden) {
        text = text.chars().map(escaped_in_json).collect();
    }
    text.push('\n');
    written(text.as_bytes())
}

fn escaped_in_json(character: char) -> String {
    if is_hidden(character) {
        format!("\\u{:04x}", u32::from(character))
    } else {
        character.to_string()
    }
}

/// Bytes on stdout: a picture, where that was asked for.
///
/// # Errors
/// As [`line`].
pub(super) fn written(bytes: &[u8]) -> Result<()> {
    if !is_heard() {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(fault) if fault.kind() == ErrorKind::BrokenPipe => {
            GONE.store(true, Ordering::Relaxed);
            Ok(())
        }
        Err(fault) => {
            let advice = "Check where it goes, and the space left there";
            let error = Error::file("write", "standard output".as_ref(), fault, advice);
            Err(error.on_the_way())
        }
        Ok(()) => Ok(()),
    }
}

/// What is told on the way of a longer work, which goes on when it cannot be told.
#[derive(Default)]
pub(super) struct Teller {
    failed: Option<Error>,
}

impl Teller {
    /// One JSON object on a line of stdout, unless that failed before.
    pub(super) fn json(&mut self, value: &impl Serialize) {
        if self.failed.is_none() {
            self.failed = json(value).err();
        }
    }

    /// How it went.
    ///
    /// # Errors
    /// The first failure.
    pub(super) fn end(self) -> Result<()> {
        self.failed.map_or(Ok(()), Err)
    }
}

/// An error on stderr.
pub(super) fn complain(error: &Error) {
    say(&format!("impasto: {error}"));
}

/// A remark on stderr.
pub(super) fn say(text: &str) {
    // A closed stderr leaves nobody to tell.
    drop(writeln!(stderr(), "{}", visible(text)));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_stay_readable_json() {
        let text: String = "\"a\u{9b}\u{7f}b\"".chars().map(escaped_in_json).collect();
        assert_eq!(text, "\"a\\u009b\\u007fb\"");
        let read: String = serde_json::from_str(&text).unwrap();
        assert_eq!(read, "a\u{9b}\u{7f}b");
    }
}

//! Signals that ask a command to end: what is done by then is saved first.
//!
//! SIGINT (Ctrl+C), SIGTERM, and SIGHUP where there is one. The first one is noticed between two
//! steps; a second one ends the program at once. A signal that the caller has set to be ignored, as
//! `nohup` does, stays ignored.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

use crate::error::{Error, Result};

/// The signals that are watched.
#[cfg(unix)]
const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// Notices signals from its making on.
pub(super) struct Interrupts(Arc<AtomicUsize>);

impl Interrupts {
    /// Begins to watch.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) fn watch() -> Result<Self> {
        let number = Arc::new(AtomicUsize::new(0));
        let again = Arc::new(AtomicBool::new(false));
        let ignored = ignored();
        for signal in SIGNALS {
            if ignored.contains(&signal) {
                continue;
            }
            // In this order: the first signal arms what the second one meets.
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again))
                .and_then(|_| flag::register(signal, Arc::clone(&again)))
                .and_then(|_| flag::register_usize(signal, Arc::clone(&number), signal as usize))
                .map_err(|fault| Error::Internal(format!("cannot watch signals: {fault}")))?;
        }
        Ok(Self(number))
    }

    /// The signal that came, if one did.
    pub(super) fn caught(&self) -> Option<Signal> {
        match self.0.load(Ordering::SeqCst) {
            0 => None,
            number => Some(Signal(number)),
        }
    }
}

/// A signal that asked for the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signal(usize);

impl Signal {
    /// The end of a command on this signal; `told` says what became of its work.
    pub(super) fn end(self, told: &str) -> Error {
        Error::Interrupted {
            told: format!("interrupted: {told}"),
            code: (128 + self.0) as u8,
        }
    }
}

/// Signals that are ignored since before the program began.
#[cfg(target_os = "linux")]
fn ignored() -> BTreeSet<i32> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0);
    let is_set = |signal: &i32| mask & (1 << (signal - 1)) != 0;
    SIGNALS.into_iter().filter(is_set).collect()
}

#[cfg(not(target_os = "linux"))]
fn ignored() -> BTreeSet<i32> {
    BTreeSet::new()
}

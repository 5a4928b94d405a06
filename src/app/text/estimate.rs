//! Words about time and memory of the next run.

use super::figures::{bytes, duration};

pub(crate) const MEASURING: &str = "Time not known yet";
pub(crate) const ESTIMATE_TOOLTIP: &str = "Time and memory that a run with these settings and pictures takes on this machine, from its \
     measured speed and from what the network needs.";

/// An estimate of time.
pub(crate) fn about(secs: f64) -> String {
    format!("About {}", duration(secs.max(1.0)))
}

/// The largest size that fits.
pub(crate) fn largest(px: u32) -> String {
    format!("Largest size that fits: {px} px")
}

/// Time, if it is known, and memory of the next run.
pub(crate) fn estimate(time: Option<f64>, measuring: bool, memory_bytes: u64) -> String {
    let memory = format!("{} of memory", bytes(memory_bytes));
    match time.map(about) {
        Some(time) => format!("{time}, {memory}"),
        None if measuring => format!("{MEASURING}, {memory}"),
        None => memory,
    }
}

/// Says that a run needs more memory than there is.
pub(crate) fn more_than_free(free_bytes: u64) -> String {
    format!("More than the {} that are free.", bytes(free_bytes))
}

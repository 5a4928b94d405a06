//! Words about time and memory of the next run.

use super::figures::duration;

pub(crate) const MEASURING: &str = "Time not known yet";
pub(crate) const ESTIMATE_TOOLTIP: &str = "What a run with these settings and pictures takes on this machine, by how fast it was measured \
     to be and by what the network needs.";

/// An estimate of time.
pub(crate) fn about(secs: f64) -> String {
    format!("About {}", duration(secs.max(1.0)))
}

/// The largest size that fits.
pub(crate) fn largest(px: u32) -> String {
    format!("Largest size that fits: {px} px")
}

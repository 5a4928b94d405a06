//! Words of pictures that remember.

use super::{
    figures::{duration, sentence},
    window::{sides, threads},
};

pub(crate) const RESTORE_HEAD: &str = "This picture remembers how it was made";
pub(crate) const RESTORE_ALL: &str = "Restore its run";
pub(crate) const RESTORE_SETTINGS: &str = "Its settings only";
pub(crate) const RESTORE_AS_CONTENT: &str = "Use it as content";
pub(crate) const RESTORE_AS_STYLE: &str = "Use it as style";
pub(crate) const RESTORED: &str = "Pictures and settings are back. Press Space to paint it again.";
pub(crate) const RESTORED_SETTINGS: &str = "The settings are back. Ctrl+Z undoes this.";
pub(crate) const RESTORE_REGIONS: &str =
    "Its regions can only be repeated by `impasto render --like`.";
pub(crate) const NOT_FOUND: &str = "not found";
pub(crate) const CHANGED_SINCE: &str = "changed since";

/// Sides of a picture, and when it was taken from its run.
pub(crate) fn made(size_px: (usize, usize), step: u32, secs: f64) -> String {
    let (sides, time) = (sides(size_px), duration(secs));
    format!("{sides} · step {step} · {time}")
}

/// What a picture was computed with.
pub(crate) fn computed(weights: &str, device: &str, count: usize) -> String {
    let weights = sentence(weights);
    let weights = weights.trim_end_matches('.');
    format!("{weights}, {device}, {}", threads(count))
}

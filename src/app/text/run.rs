//! Words about the run.

use super::figures::duration;

pub(crate) const START: &str = "Start";
pub(crate) const PAUSE: &str = "Pause";
pub(crate) const RESUME: &str = "Resume";
pub(crate) const RESTART: &str = "Start over";
pub(crate) const RESTART_TOOLTIP: &str =
    "Some of the changed settings cannot take effect during a run: start over with them";
pub(crate) const PREPARING: &str = "Getting ready…";
pub(crate) const SOON: &str = "The picture will be kept and saved after the first step.";
pub(crate) const NOTHING_PAINTED: &str = "Nothing has been painted yet. Press Space to start.";
pub(crate) const NEEDS_PICTURES: &str =
    "A content image and a style image are needed. Drop them onto the window.";
pub(crate) const FORCE: &str = "Try anyway";
pub(crate) const CONTINUE_RUN: &str = "Continue";
pub(crate) const CONTINUE_TOOLTIP: &str = "Continue the run that was stopped";
pub(crate) const GO_ON: &str = "Continue with changes";

/// The remedy when memory does not suffice.
pub(crate) fn use_px(px: u32) -> String {
    format!("Use {px} px")
}

/// Says that a run was stopped.
pub(crate) fn stopped_at(step: u32) -> String {
    match step {
        0 => "Stopped before the first step.".to_owned(),
        _ => format!("Stopped at step {step}."),
    }
}

/// Says that a run is over.
pub(crate) fn finished_in(secs: f64) -> String {
    format!("Finished in {}", duration(secs))
}

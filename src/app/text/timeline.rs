//! Words of the film, its branches and losses.

use super::{
    figures::{self, duration},
    window::sides,
};
use crate::words::counted;

pub(crate) const PROGRESS: &str = "Progress";
pub(crate) const LOSSES: &str = "Losses";
pub(crate) const TOTAL: &str = "total";
pub(crate) const NOT_STARTED: &str = "Not started";
pub(crate) const STYLE_REACHED: &str = "style reached";
pub(crate) const CONTENT_KEPT: &str = "content kept";
pub(crate) const SHARES_TOOLTIP: &str = "How much of the way to the style image's texture is covered, and how much of the content \
     image's shapes is left.";
pub(crate) const FILM: &str = "Film of the run";
pub(crate) const FILM_TOOLTIP: &str = "Drag here, or press ← and →, to look back. From any moment you can paint on with other \
     settings.";
pub(crate) const FILM_EMPTY: &str = "The film of the run appears here";
pub(crate) const MOMENT: &str = "Moment";
pub(crate) const LOOKING_BACK: &str = "Looking back";
pub(crate) const BRANCH: &str = "Continue from here";
pub(crate) const BRANCH_TOOLTIP: &str =
    "Paint on from this moment with the current settings, as a branch: the run so far is kept";
pub(crate) const KEEP_MOMENT: &str = "Keep and save this moment";
pub(crate) const MOMENT_SETTINGS: &str = "Use the settings of this moment";
pub(crate) const EXPORT: &str = "Export the film…";
pub(crate) const NO_FRAME: &str = "This moment is no longer kept; choose one beside it.";

/// The name of a run in the list of branches.
pub(crate) fn run_name(number: usize, from: Option<u32>) -> String {
    match from {
        Some(step) => format!("Branch {number} from step {step}"),
        None => format!("Run {number}"),
    }
}

/// What is known of a moment.
pub(crate) fn moment(step: u32, loss: f64, secs: f64) -> String {
    let (loss, time) = (figures::loss(loss), duration(secs));
    format!("step {step} · loss {loss} · after {time}")
}

/// "Step 143 of 300".
pub(crate) fn running(step: u32, steps: u32) -> String {
    format!("Step {step} of {steps}")
}

/// Where a run is held.
pub(crate) fn paused(step: u32, steps: u32) -> String {
    format!("Paused at step {step} of {steps}")
}

/// Where a run was ended.
pub(crate) fn stopped(step: u32, steps: u32) -> String {
    format!("Stopped at step {step} of {steps}")
}

/// That all steps are done.
pub(crate) fn finished(steps: u32) -> String {
    format!("Finished · {}", counted(steps, "step"))
}

/// The level of a run: its number, of how many, and its sides.
pub(crate) fn level((number, levels): (usize, usize), size_px: (usize, usize)) -> String {
    format!(" · level {number} of {levels}, {}", sides(size_px))
}

/// Where the run is, while a moment is looked at.
pub(crate) fn now_at(step: u32, steps: u32) -> String {
    format!("now {step} of {steps} ·")
}

/// Time to the end.
pub(crate) fn left(secs: f64) -> String {
    format!("{} left", duration(secs))
}

/// Time of a run that is over.
pub(crate) fn took(secs: f64) -> String {
    format!("in {}", duration(secs))
}

/// The losses after a step, a line each.
pub(crate) fn losses(step: u32, total: f64, style: f64, content: f64) -> String {
    let [total, style, content] = [total, style, content].map(figures::loss);
    format!("Step {step}\ntotal {total}\nstyle {style}\ncontent {content}")
}

//! Words of the film, its branches and losses.

use super::figures::{self, duration};

pub(crate) const PROGRESS: &str = "Progress";
pub(crate) const LOSSES: &str = "Losses";
pub(crate) const TOTAL: &str = "total";
pub(crate) const NOT_STARTED: &str = "Not started";
pub(crate) const STYLE_REACHED: &str = "style reached";
pub(crate) const CONTENT_KEPT: &str = "content kept";
pub(crate) const SHARES_TOOLTIP: &str = "How much of the way to the style image's texture is gone, and how much of the content \
     picture's shapes is left.";
pub(crate) const FILM: &str = "Film of the run";
pub(crate) const FILM_TOOLTIP: &str = "Drag here, or press ← and →, to look back. From any moment you can paint on with other \
     settings.";
pub(crate) const FILM_EMPTY: &str = "The film of the run appears here";
pub(crate) const MOMENT: &str = "Moment";
pub(crate) const LOOKING_BACK: &str = "Looking back";
pub(crate) const BRANCH: &str = "Continue from here";
pub(crate) const BRANCH_TOOLTIP: &str =
    "Paint on from this moment with the present settings, as a branch: the run so far is kept";
pub(crate) const KEEP_MOMENT: &str = "Keep and save this moment (S)";
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

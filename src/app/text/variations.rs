//! Words of the sheet of variations.

pub(crate) const VARIATIONS: &str = "Variations";
pub(crate) const VARIATION: &str = "Variation";
pub(crate) const VARIATION_TOOLTIP: &str = "Continue with this one";
pub(crate) const VARY_DIAL_TOOLTIP: &str = "From the content image's shapes to the style's brush";
pub(crate) const VARY_STROKES_TOOLTIP: &str = "Small strokes to large ones";
pub(crate) const VARY_MEASURE: &str = "Measure";
pub(crate) const VARY_MEASURE_TOOLTIP: &str =
    "Other ways to compare style, each with a look of its own";
pub(crate) const CHOOSE_VARIATION: &str = "Choose one to continue with";
pub(crate) const SKETCH_WAITS: &str = "waiting";
pub(crate) const NO_SKETCH: &str = "not possible with these settings";
pub(crate) const AS_NOW: &str = "current";

/// How far the sheet is.
pub(crate) fn sketched(done: usize, all: usize) -> String {
    format!("{done} of {all} finished")
}

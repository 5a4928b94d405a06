//! Words on and around the canvas.

pub(crate) const LOADING: &str = "Loading…";
pub(crate) const FIRST_HINT: &str = "Press Space and watch the painting appear";
pub(crate) const FIRST_HINT_MORE: [&str; 2] = [
    "Every slider works while it paints.",
    "Drop your own pictures onto the window at any time.",
];
pub(crate) const CANVAS: &str = "Picture";
pub(crate) const SINGLE: &str = "One picture";
pub(crate) const COMPARE_WITH: &str = "Compare with";
pub(crate) const SHOWS: &str = "Shown picture";
pub(crate) const SPLIT_LINE: &str = "Compare line";
pub(crate) const INSTANT: &str = "Instant preview";
pub(crate) const INSTANT_TAG: &str = "Instant preview. Start paints it properly.";
pub(crate) const NOW: &str = "Painting";

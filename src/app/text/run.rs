//! Words about the run.

pub(crate) const START: &str = "Start";
pub(crate) const PAUSE: &str = "Pause";
pub(crate) const RESUME: &str = "Resume";
pub(crate) const RESTART: &str = "Start anew";
pub(crate) const RESTART_TOOLTIP: &str =
    "Some of the changed settings cannot change under way: begin again with them";
pub(crate) const PREPARING: &str = "Getting ready…";
pub(crate) const SOON: &str = "The first step is on its way; then the picture is kept and saved.";
pub(crate) const NOTHING_PAINTED: &str = "Nothing is painted yet. Press Space to start.";
pub(crate) const NEEDS_PICTURES: &str =
    "A content image and a style image are needed. Drop them on the window.";
pub(crate) const FORCE: &str = "Try all the same";
pub(crate) const GO_ON: &str = "Go on with these";
pub(crate) const FINISHED_IN: &str = "Finished in";

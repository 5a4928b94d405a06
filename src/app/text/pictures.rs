//! Words about content and style images.

pub(crate) const CONTENT: &str = "Content";
pub(crate) const STYLE: &str = "Style";
pub(crate) const CONTENT_HINT: &str = "What the picture shows";
pub(crate) const STYLE_HINT: &str = "How it is painted";
pub(crate) const PICTURES: &str = "Pictures";
pub(crate) const CLIPBOARD: &str = "clipboard";
pub(crate) const OPEN_INITIAL: &str = "Open the picture to start from";
pub(crate) const ROLE_CONTENT: &str = "content";
pub(crate) const ROLE_STYLE: &str = "style";
pub(crate) const ROLE_INITIAL: &str = "start";
pub(crate) const ADD_STYLE: &str = "Add another style image";
pub(crate) const REMOVE_STYLE: &str = "Remove this style image";
pub(crate) const RECENT: &str = "Recent pictures";
pub(crate) const BY_PATH: &str = "Open by path…";
pub(crate) const NO_RECENT: &str = "Nothing opened yet";
pub(crate) const STRENGTH: &str = "Strength";
pub(crate) const STRENGTH_TOOLTIP: &str =
    "The share of this style image among the others. 0 leaves it out.";
pub(crate) const EMPTY_CARD: &str = "Drop a picture here";
pub(crate) const USE_AS_STYLE: &str = "Use it as style instead";
pub(crate) const USE_AS_CONTENT: &str = "Use it as content instead";
pub(crate) const PICTURES_WAIT: &str = "These pictures take effect at the next start";
pub(crate) const TURN: &str = "Rotate clockwise";
pub(crate) const CUT: &str = "Crop to a shape";
pub(crate) const CUT_NOTHING: &str = "Whole picture";

/// Says what a picture dropped here becomes.
pub(crate) fn drop_here(role: &str) -> String {
    format!("Drop to use as {role}")
}

/// Says that something is no longer there.
pub(crate) fn taken_out(name: &str) -> String {
    format!("{name} is removed.")
}

/// Says what a picture has become; `role` is "content" or "style".
pub(crate) fn is_now(name: &str, role: &str) -> String {
    format!("{name} is now the {role} image.")
}

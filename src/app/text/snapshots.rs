//! Words about kept pictures.

pub(crate) const SNAPSHOTS: &str = "Snapshots";
pub(crate) const NO_SNAPSHOTS: &str =
    "Press S: the picture of the moment is kept here and saved as a file.";
pub(crate) const MORE: &str = "More for";
pub(crate) const RENAME: &str = "Rename";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const COPY: &str = "Copy picture";
pub(crate) const CONTINUE: &str = "Continue painting from here";
pub(crate) const TAKE_SETTINGS: &str = "Use its settings";
pub(crate) const SAVE_THIS: &str = "Save as…";
pub(crate) const RESULT: &str = "Result";
pub(crate) const COPIED: &str = "The picture is on the clipboard.";
pub(crate) const REVEAL: &str = "Show the file in its folder";
pub(crate) const REVEAL_UNSAVED: &str = "Save it first: it is not a file yet";
pub(crate) const SNAPSHOT_GONE: &str = "This snapshot was deleted in the meantime.";

/// Says that something was deleted.
pub(crate) fn deleted(name: &str) -> String {
    format!("“{name}” is deleted.")
}

/// Name of an automatic snapshot.
pub(crate) fn snapshot_name(step: u32, finished: bool) -> String {
    if finished {
        RESULT.to_owned()
    } else {
        format!("Step {step}")
    }
}

/// The weights that a picture was made with.
pub(crate) fn weights(content: f64, style: f64, smoothness: f64) -> String {
    format!("content {content} · style {style} · smoothness {smoothness}")
}

/// The measures of style that a picture was made with.
pub(crate) fn measured_by(measures: &str) -> String {
    format!("style compared by {measures}")
}

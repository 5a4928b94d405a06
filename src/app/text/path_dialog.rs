//! Words of the question for a path.

pub(crate) const PATH_HINT: &str =
    "Give the full path here, or drop the file on the window, or paste it with Ctrl+V.";
pub(crate) const PATH_FIELD: &str = "Path of the file";
pub(crate) const PATH_EXAMPLE: &str = "/home/me/Pictures/photo.jpg";

//! Words of the question for a path.

pub(crate) const PATH_HINT: &str =
    "Enter the full path, drop the file onto the window, or paste it with Ctrl+V.";
pub(crate) const PATH_FIELD: &str = "Path of the file";
pub(crate) const PATH_EXAMPLE: &str = "/home/me/Pictures/photo.jpg";

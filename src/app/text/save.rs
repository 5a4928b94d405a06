//! Words of saving.

use std::path::Path;

use super::window::sides;

pub(crate) const SAVE_TITLE: &str = "Save picture";
pub(crate) const SAVE_FOLDER: &str = "Folder for saved pictures";
pub(crate) const SAVE_FOLDER_MENU: &str = "Folder for saved pictures…";
pub(crate) const OTHER_FOLDER: &str = "Choose another folder";
pub(crate) const FORMAT: &str = "Format";
pub(crate) const FORMATS: [(&str, &str); 4] = [
    ("PNG", "Lossless; opens everywhere"),
    (
        "JPEG",
        "Small, with a little loss; transparent parts become white",
    ),
    (
        "WebP",
        "Lossless and smaller than PNG; not every program opens it",
    ),
    ("TIFF", "Lossless and large; for print"),
];
pub(crate) const DEPTH: &str = "Depth";
pub(crate) const DEPTH_8: &str = "8 bit";
pub(crate) const DEPTH_16: &str = "16 bit";
pub(crate) const DEPTH_8_TOOLTIP: &str = "256 steps for each color: what screens show";
pub(crate) const DEPTH_16_TOOLTIP: &str =
    "65 536 steps for each color, for those who go on in a picture editor; PNG and TIFF";
pub(crate) const JPEG_QUALITY: &str = "JPEG quality";
pub(crate) const REMEMBER: &str = "Remember how it was made";
pub(crate) const REMEMBER_TOOLTIP: &str = "The settings, and the names and folders of the pictures used, go into the file. Drop it onto \
     the window later to bring everything back.";
pub(crate) const SAVE_AT_END: &str = "Save the finished one, too";
pub(crate) const SAVED_AT_END: &str = "The painting will be saved when it is finished.";
pub(crate) const SIZE_ENLARGED: &str = "Enlarged";
pub(crate) const SIZE_FINISHED: &str = "When finished";
pub(crate) const SIZE_NOW_TOOLTIP: &str = "The picture as it is at this step";
pub(crate) const SIZE_ENLARGED_TOOLTIP: &str =
    "The picture of this step, enlarged to the final size";
pub(crate) const SIZE_FINISHED_TOOLTIP: &str = "Ask where to save it when all steps are done";
pub(crate) const SAVE_DOTS: &str = "Save…";

/// Says where something was saved.
pub(crate) fn saved(file: &str, folder: &Path) -> String {
    format!("Saved as {file}\nin {}", folder.display())
}

/// Says where a picture was saved, and how large it is.
pub(crate) fn saved_px(file: &str, px: (usize, usize), folder: &Path) -> String {
    format!("Saved as {file} ({})\nin {}", sides(px), folder.display())
}

/// Says that a picture is smaller than it will be.
pub(crate) fn smaller_than(end: (usize, usize)) -> String {
    format!("The finished painting will have {}.", sides(end))
}

/// The label of what saves it enlarged.
pub(crate) fn enlarge_now(end: (usize, usize)) -> String {
    format!("Save it enlarged to {}", sides(end))
}

/// The choices of size.
pub(crate) fn size_now(px: (usize, usize)) -> String {
    format!("Now, {} × {}", px.0, px.1)
}

/// Says where pictures will be saved.
pub(crate) fn saved_from_now_on(folder: &Path) -> String {
    format!("Pictures will be saved in {}", folder.display())
}

//! Words of the export of the film.

pub(crate) const EXPORT_HEAD: &str = "Export the film";
pub(crate) const EXPORT_GO: &str = "Export…";
pub(crate) const EXPORT_SIZE: &str = "Size";
pub(crate) const EXPORT_LENGTH: &str = "Length";
pub(crate) const EXPORT_FULL: &str = "Full";
pub(crate) const EXPORT_SIZE_TOOLTIP: &str =
    "Longest side in pixels; smaller films are smaller files. All frames get the same size";
pub(crate) const EXPORT_LENGTH_TOOLTIP: &str = "Seconds from the first to the last frame";
pub(crate) const EXPORTING: &str = "Exporting";
pub(crate) const EXPORT_CANCEL: &str = "Cancel the export";
pub(crate) const EXPORT_BUSY: &str = "Another film is being exported; wait for it, or cancel it.";
pub(crate) const EXPORT_CANCELED: &str = "The export was canceled; nothing was written.";
pub(crate) const NO_FFMPEG: &str =
    "MP4 needs the program ffmpeg, which is not installed here. GIF and APNG need nothing.";
pub(crate) const EXPORT_FORMATS: [(&str, &str); 4] = [
    ("GIF", "Plays everywhere; 256 colors a frame"),
    ("APNG", "Lossless and large; plays in browsers"),
    (
        "PNG files",
        "A folder with a file for each frame, for video editors",
    ),
    ("MP4", "Small and smooth; for phones and the web"),
];

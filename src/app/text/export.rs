//! Words of the export of the film.

use super::window::sides;
use crate::words::counted;

pub(crate) const EXPORT_HEAD: &str = "Export the film";
pub(crate) const EXPORT_GO: &str = "Export…";
pub(crate) const EXPORT_SIZE: &str = "Size";
pub(crate) const EXPORT_LENGTH: &str = "Length";
pub(crate) const EXPORT_FULL: &str = "Full";
pub(crate) const EXPORT_SIZE_TOOLTIP: &str =
    "Longest side in pixels; smaller films are smaller files. All frames get the same size";
pub(crate) const EXPORT_LENGTH_TOOLTIP: &str = "Seconds from the first to the last frame";
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

/// How far an export is, 0 to 1.
pub(crate) fn exporting(progress: f32) -> String {
    format!("Exporting {:.0} %", 100.0 * progress)
}

/// What will be exported.
pub(crate) fn export_facts(frames: usize, size_px: (usize, usize), frames_per_sec: f64) -> String {
    let sides = sides(size_px);
    let frames = counted(frames, "frame");
    format!("{frames}, {sides}, {frames_per_sec:.0} a second; the last one stays longer")
}

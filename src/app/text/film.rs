//! Words of the film, of snapshots' files, and of pictures that remember.

// Film
pub(crate) const FILM: &str = "Film of the run";
pub(crate) const FILM_TOOLTIP: &str = "Drag here, or press ← and →, to look back. From any moment you can paint on with other \
     settings.";
pub(crate) const FILM_EMPTY: &str = "The film of the run appears here";
pub(crate) const MOMENT: &str = "Moment";
pub(crate) const LOOKING_BACK: &str = "Looking back";
pub(crate) const BRANCH: &str = "Continue from here";
pub(crate) const BRANCH_TOOLTIP: &str =
    "Paint on from this moment with the present settings, as a branch: the run so far is kept";
pub(crate) const KEEP_MOMENT: &str = "Keep and save this moment (S)";
pub(crate) const MOMENT_SETTINGS: &str = "Use the settings of this moment";
pub(crate) const EXPORT: &str = "Export the film…";
pub(crate) const NO_FRAME: &str = "This moment is no longer kept; choose one beside it.";

// Snapshots
pub(crate) const REVEAL: &str = "Show the file in its folder";
pub(crate) const REVEAL_UNSAVED: &str = "Save it first: it is no file yet";
pub(crate) const SNAPSHOT_GONE: &str = "This snapshot was deleted in the meantime.";

// Saving
pub(crate) const SAVE_HEAD: &str = "Save picture";
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
pub(crate) const REMEMBER_TOOLTIP: &str = "Settings, and names and folders of the pictures used, go into the file. Drop it on the \
     window later and everything comes back.";
pub(crate) const SAVE_DOTS: &str = "Save…";

// Pictures that remember
pub(crate) const RESTORE_HEAD: &str = "This picture remembers how it was made";
pub(crate) const RESTORE_ALL: &str = "Restore its run";
pub(crate) const RESTORE_SETTINGS: &str = "Its settings only";
pub(crate) const RESTORE_AS_CONTENT: &str = "Use it as content";
pub(crate) const RESTORE_AS_STYLE: &str = "Use it as style";
pub(crate) const RESTORED: &str = "Pictures and settings are back. Press Space to paint it again.";
pub(crate) const RESTORED_SETTINGS: &str = "The settings are back. Ctrl+Z undoes this.";
pub(crate) const RESTORE_REGIONS: &str =
    "Its regions can only be repeated by `impasto render --like`.";
pub(crate) const NOT_FOUND: &str = "not found";
pub(crate) const CHANGED_SINCE: &str = "changed since";

/// The name of a run in the list of branches.
pub(crate) fn run_name(number: usize, from: Option<u32>) -> String {
    match from {
        Some(step) => format!("Branch {number} from step {step}"),
        None => format!("Run {number}"),
    }
}

/// What is known of a moment.
pub(crate) fn moment(step: u32, loss: f64, secs: f64) -> String {
    let (loss, time) = (super::loss(loss), super::duration(secs));
    format!("step {step} · loss {loss} · after {time}")
}

// Export
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

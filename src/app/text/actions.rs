//! What keys and buttons do, in words; the keys themselves stand in `command::table`.

// Groups of the list
pub(crate) const GROUP_PAINTING: &str = "Painting";
pub(crate) const GROUP_VIEW: &str = "View";
pub(crate) const GROUP_PICTURES: &str = "Pictures and settings";

// Painting
pub(crate) const START_OR_PAUSE: &str = "Start, pause, resume";
pub(crate) const START_TOOLTIP: &str = "Paint the content image in the manner of the style image";
pub(crate) const STOP: &str = "Stop";
pub(crate) const SNAPSHOT_LABEL: &str = "Keep a snapshot and save it";
pub(crate) const SNAPSHOT: &str = "Keep and save this picture";
pub(crate) const SAVE_AS: &str = "Save as…";
pub(crate) const COPY_LABEL: &str = "Copy the picture";
pub(crate) const VARIATIONS_LABEL: &str = "Variations to choose from";
pub(crate) const VARIATIONS_TOOLTIP: &str =
    "Nine small pictures with other settings: choose one to continue with";
pub(crate) const CLOSE_SHEET: &str = "Back to the picture";
pub(crate) const ENQUEUE_LABEL: &str = "Add to the queue";
pub(crate) const ENQUEUE: &str = "Add these pictures and settings to the queue";
pub(crate) const GO_ON_LABEL: &str = "Continue with changed settings";
pub(crate) const GO_ON_TOOLTIP: &str = "Restart with the changed settings from the picture as it is now. The picture so far is kept \
     as a snapshot";
pub(crate) const LOOK_BACK: &str = "Look back through the film";
pub(crate) const FILM_START: &str = "The film's beginning";
pub(crate) const BACK_TO_NOW: &str = "Back to now";
pub(crate) const BRANCH_LABEL: &str = "Continue from that moment, as a branch";

// View
pub(crate) const ZOOM_TO_POINTER: &str = "Zoom to the pointer";
pub(crate) const MOVE_PICTURE: &str = "Move the picture";
pub(crate) const ZOOM_IN: &str = "Zoom in";
pub(crate) const ZOOM_OUT: &str = "Zoom out";
pub(crate) const FIT: &str = "Fit the window";
pub(crate) const ONE_TO_ONE: &str = "Actual size";
pub(crate) const SPLIT: &str = "Compare by a line";
pub(crate) const SIDE: &str = "Compare side by side";
pub(crate) const BLINK: &str = "Hold to show what is compared with";
pub(crate) const FULLSCREEN: &str = "Full screen";
pub(crate) const LEAVE_FULLSCREEN: &str = "Leave full screen";
pub(crate) const TEXT_SIZE: &str = "Size of the window's text";

// Pictures and settings
pub(crate) const DROP_LABEL: &str = "Use a picture or a file's path";
pub(crate) const OPEN_CONTENT: &str = "Open content image";
pub(crate) const OPEN_STYLE: &str = "Open style image";
pub(crate) const SWAP: &str = "Swap content and style";
pub(crate) const UNDO: &str = "Undo the last change";
pub(crate) const REDO: &str = "Redo";
pub(crate) const SHORTCUTS_LABEL: &str = "This list";
pub(crate) const SHORTCUTS: &str = "Shortcuts";

//! Everything that waits for a disk, a dialog, a network or an engine: on threads of its own.

pub(crate) mod detail;
pub(crate) mod dialog;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod instant;
pub(crate) mod lessons;
pub(crate) mod names;
pub(crate) mod networks;
pub(crate) mod painter;
pub(crate) mod pasted;
pub(crate) mod paths;
pub(crate) mod picture;
pub(crate) mod pointer;
pub(crate) mod preset_pictures;
pub(crate) mod presets;
pub(crate) mod projector;
pub(crate) mod purpose;
pub(crate) mod remembered;
pub(crate) mod reveal;
pub(crate) mod save;
pub(crate) mod session_log;
pub(crate) mod sketcher;
pub(crate) mod store;
pub(crate) mod vault;

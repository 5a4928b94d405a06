//! What was chosen for an export, and how far one is.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use crate::app::command::ids::ExportChoices;

/// An export under way.
pub(crate) struct Exporting {
    pub(crate) done: Arc<AtomicUsize>,
    pub(crate) frames: usize,
    pub(crate) canceled: Arc<AtomicBool>,
}

impl Exporting {
    /// Share of the frames that are written.
    pub(crate) fn progress(&self) -> f32 {
        self.done.load(Ordering::Relaxed) as f32 / self.frames.max(1) as f32
    }
}

/// The state of exports.
#[derive(Default)]
pub(crate) struct Export {
    pub(crate) choices: ExportChoices,
    /// Whether the question is open.
    pub(crate) asks: bool,
    /// Whether ffmpeg is there; `None` until that is known.
    pub(crate) ffmpeg: Option<bool>,
    pub(crate) under_way: Option<Exporting>,
}

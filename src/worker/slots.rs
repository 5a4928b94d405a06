//! What both ends of the worker share: of preview and settings the newest wins, the film thins itself
//! out.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool};

use super::RunId;
use crate::{
    pixels::Rgba8,
    settings::TransferSettings,
    transfer::{Checkpoint, film::Film},
};

/// Longest side of a preview. A window shows little more, and uploading costs the window's time.
pub const PREVIEW_MAX_PX: usize = 1024;
/// Most previews a second: with software OpenGL each costs the window about 20 ms.
pub const PREVIEWS_PER_SEC: f64 = 12.0;

/// A picture for the screen.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The run it belongs to.
    pub run: RunId,
    /// Steps taken.
    pub step: u32,
    /// Opaque or straight-alpha RGBA, at most [`PREVIEW_MAX_PX`] a side.
    pub image: Arc<Rgba8>,
    /// Sides in pixels of the picture itself.
    pub full_size: (usize, usize),
}

/// The shared state.
pub(super) struct Slots {
    pub(super) preview: Mutex<Option<Preview>>,
    /// Settings that are wanted, and the run they are for.
    pub(super) settings: Mutex<Option<(RunId, Box<TransferSettings>)>>,
    pub(super) film: Mutex<Film>,
    /// Whether runs are put down as they go.
    pub(super) keeps: AtomicBool,
    /// The run at hand, as it stood last.
    pub(super) kept: Mutex<Option<(RunId, Checkpoint)>>,
}

impl Slots {
    /// The settings that wait for this run, taken out.
    pub(super) fn take_settings(&self, run: RunId) -> Option<Box<TransferSettings>> {
        let mut slot = lock(&self.settings);
        let (_, settings) = slot.take_if(|(of, _)| *of == run)?;
        Some(settings)
    }

    /// The settings that wait for this run; they go on waiting.
    pub(super) fn look_at_settings(&self, run: RunId) -> Option<TransferSettings> {
        let slot = lock(&self.settings);
        let (of, settings) = slot.as_ref()?;
        (*of == run).then(|| TransferSettings::clone(settings))
    }
}

/// A poisoned slot still holds a whole value: nothing panics while one is changed.
pub(super) fn lock<T>(slot: &Mutex<T>) -> MutexGuard<'_, T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

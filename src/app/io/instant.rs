//! Instant previews as the window uploads them: the thread that paints them hands them on ready.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use eframe::egui::{ColorImage, Context};

use crate::{
    app::io::picture::color_image,
    error::Result,
    pixels::Picture,
    worker::{InstantPicture, InstantRequest, InstantWorker},
};

/// A preview that has arrived.
pub(crate) struct Arrived {
    /// The content image it was painted from.
    pub(crate) content: Arc<Picture>,
    /// It, or why there is none.
    pub(crate) image: Result<ColorImage>,
    /// When it was asked for.
    pub(crate) asked: std::time::Instant,
}

type Slot = Arc<Mutex<Option<Arrived>>>;

/// The thread of instant previews.
pub(crate) struct InstantPreviews {
    worker: InstantWorker,
    arrived: Slot,
}

impl InstantPreviews {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn spawn(ctx: &Context) -> Result<Self> {
        let arrived = Slot::default();
        let (slot, ctx) = (Arc::clone(&arrived), ctx.clone());
        let worker = InstantWorker::spawn(move |picture: InstantPicture| {
            let InstantPicture {
                content,
                image,
                asked,
            } = picture;
            let image = image.map(|image| color_image(&image));
            *locked(&slot) = Some(Arrived {
                content,
                image,
                asked,
            });
            ctx.request_repaint();
        })?;
        Ok(Self { worker, arrived })
    }

    /// Asks for a preview; never waits.
    pub(crate) fn ask(&self, request: InstantRequest) {
        self.worker.ask(request);
    }

    /// The newest preview since the last call; never waits.
    pub(crate) fn take(&self) -> Option<Arrived> {
        locked(&self.arrived).take()
    }
}

/// Nothing panics while the slot is held.
fn locked(slot: &Slot) -> MutexGuard<'_, Option<Arrived>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

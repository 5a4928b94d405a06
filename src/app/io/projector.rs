//! The thread "film": makes moments ready for the canvas. Of several asked for only the newest
//! counts, so that dragging along the strip never lags behind.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::Builder,
};

use crossbeam_channel::{Sender, bounded};
use eframe::egui::{ColorImage, Context};

use crate::{
    app::{
        command::ids::Moment,
        io::picture::{SCREEN_PX, color_image},
    },
    error::{Error, Result},
    pixels::preview_rgba8,
    transfer::film::Frame,
};

#[derive(Default)]
struct Slots {
    wanted: Mutex<Option<Arc<Frame>>>,
    ready: Mutex<Option<(Moment, ColorImage)>>,
}

/// A poisoned slot still holds a whole value: both are replaced, never changed in place.
fn lock<T>(slot: &Mutex<T>) -> MutexGuard<'_, T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The window's end of the thread.
pub(crate) struct Projector {
    slots: Arc<Slots>,
    bell: Sender<()>,
}

impl Projector {
    /// Starts the thread; it ends when the window's end is dropped.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn spawn(ctx: &Context) -> Result<Self> {
        let (bell, rings) = bounded::<()>(1);
        let slots = Arc::new(Slots::default());
        let (thread_slots, ctx) = (Arc::clone(&slots), ctx.clone());
        Builder::new()
            .name("film".to_owned())
            .spawn(move || {
                for () in rings {
                    let wanted = lock(&thread_slots.wanted).take();
                    let Some(frame) = wanted else { continue };
                    match frame.picture() {
                        Ok(picture) => {
                            let alpha = picture.alpha.as_deref();
                            let bytes = preview_rgba8(&picture.planes, alpha, SCREEN_PX);
                            let ready = (Moment::of(&frame), color_image(&bytes));
                            *lock(&thread_slots.ready) = Some(ready);
                            ctx.request_repaint();
                        }
                        Err(error) => log::warn!("no picture of step {}: {error}", frame.step),
                    }
                }
            })
            .map_err(|fault| Error::Internal(format!("no thread for the film: {fault}")))?;
        Ok(Self { slots, bell })
    }

    /// Asks for a moment.
    pub(crate) fn show(&self, frame: &Arc<Frame>) {
        *lock(&self.slots.wanted) = Some(Arc::clone(frame));
        if self.bell.try_send(()).is_err() {
            log::trace!("the film's thread has been rung for already");
        }
    }

    /// The newest moment that is ready.
    pub(crate) fn take(&self) -> Option<(Moment, ColorImage)> {
        lock(&self.slots.ready).take()
    }
}

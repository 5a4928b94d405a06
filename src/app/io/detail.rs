//! Parts of large pictures, made for the zoom that is shown, on a thread of their own. The newest
//! wish wins.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::Builder,
};

use crossbeam_channel::{Receiver, Sender, bounded};
use eframe::egui::{ColorImage, Context};

use crate::{
    app::{command::ids::WantedDetail, io::picture::color_image},
    error::{Error, Result},
    pixels::part_rgba8,
};

/// The window's end of the thread "detail"; it ends when this is dropped.
pub(crate) struct DetailThread {
    wanted: Arc<Mutex<Option<WantedDetail>>>,
    bell: Sender<()>,
    made: Receiver<(WantedDetail, ColorImage)>,
}

impl DetailThread {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn spawn(ctx: &Context) -> Result<Self> {
        let (bell, rings) = bounded::<()>(1);
        let (answers, made) = bounded(2);
        let wanted: Arc<Mutex<Option<WantedDetail>>> = Arc::default();
        let (slot, ctx) = (Arc::clone(&wanted), ctx.clone());
        Builder::new()
            .name("detail".to_owned())
            .spawn(move || {
                for () in rings {
                    let next = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
                    let Some(wanted) = next else { continue };
                    let picture = &wanted.picture;
                    let part = &wanted.part;
                    let image = part_rgba8(
                        &picture.planes,
                        picture.alpha.as_deref(),
                        part.px,
                        part.scale,
                    );
                    if answers.send((wanted, color_image(&image))).is_err() {
                        break;
                    }
                    ctx.request_repaint();
                }
            })
            .map_err(|fault| Error::Internal(format!("no thread for details: {fault}")))?;
        Ok(Self { wanted, bell, made })
    }

    /// Asks for a part; one that was asked for before and not begun is forgotten.
    pub(crate) fn want(&self, wanted: WantedDetail) {
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = Some(wanted);
        if self.bell.try_send(()).is_err() {
            log::trace!("the thread of details has been rung for already");
        }
    }

    /// Parts that are ready.
    pub(crate) fn made(&self) -> Vec<(WantedDetail, ColorImage)> {
        self.made.try_iter().collect()
    }
}

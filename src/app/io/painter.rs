//! The worker, and its previews made ready for the screen: a thread of their own turns them into
//! what the window uploads, so that the window only hands them on.

use std::{
    ops::Deref,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{Builder, JoinHandle},
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, bounded};
use eframe::egui::{ColorImage, Context};

use crate::{
    app::io::picture::color_image,
    error::{Error, Result},
    worker::{RunId, Worker},
};

/// Time between an event of the worker and the frame that shows it: several steps share a frame,
/// and the worker sends no more than this many previews.
const FRAME_AFTER: Duration = Duration::from_millis(80);

/// Where the thread leaves the newest preview.
#[derive(Default)]
struct Slot {
    ready: Mutex<Option<(RunId, ColorImage)>>,
    ends: AtomicBool,
}

impl Slot {
    /// A poisoned slot still holds a whole value: it is replaced, never changed in place.
    fn ready(&self) -> MutexGuard<'_, Option<(RunId, ColorImage)>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A worker whose previews come ready for the screen. The worker itself is what it dereferences
/// to.
pub(crate) struct Painter {
    // Before the worker: the thread lets go of it first, so that the last hold is this one.
    previews: Previews,
    worker: Arc<Worker>,
}

impl Painter {
    /// Starts a worker, with so many bytes of memory for its film, and the thread of its previews.
    /// Both end when this is dropped.
    ///
    /// # Errors
    /// When the system has no threads to give.
    pub(crate) fn spawn(ctx: &Context, film_bytes: usize) -> Result<Self> {
        let (bell, rings) = bounded::<()>(1);
        let (wake, worker_bell) = (ctx.clone(), bell.clone());
        let worker = Arc::new(Worker::spawn_with_film(film_bytes, move || {
            ring(&worker_bell);
            wake.request_repaint_after(FRAME_AFTER);
        })?);
        let previews = Previews::spawn(ctx, bell, rings, Arc::clone(&worker))?;
        Ok(Self { previews, worker })
    }

    /// The newest preview since the last call, and its run.
    pub(crate) fn take_preview(&self) -> Option<(RunId, ColorImage)> {
        self.previews.slot.ready().take()
    }
}

impl Deref for Painter {
    type Target = Worker;

    fn deref(&self) -> &Worker {
        &self.worker
    }
}

/// The thread "previews".
struct Previews {
    slot: Arc<Slot>,
    bell: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Previews {
    fn spawn(
        ctx: &Context,
        bell: Sender<()>,
        rings: Receiver<()>,
        worker: Arc<Worker>,
    ) -> Result<Self> {
        let slot = Arc::new(Slot::default());
        let (thread_slot, ctx) = (Arc::clone(&slot), ctx.clone());
        let thread = Builder::new()
            .name("previews".to_owned())
            .spawn(move || {
                for () in rings {
                    if thread_slot.ends.load(Ordering::Relaxed) {
                        break;
                    }
                    if let Some(preview) = worker.take_preview() {
                        let image = color_image(&preview.image);
                        *thread_slot.ready() = Some((preview.run, image));
                        ctx.request_repaint_after(FRAME_AFTER);
                    }
                }
            })
            .map_err(|fault| Error::Internal(format!("no thread for previews: {fault}")))?;
        Ok(Self {
            slot,
            bell,
            thread: Some(thread),
        })
    }
}

impl Drop for Previews {
    fn drop(&mut self) {
        self.slot.ends.store(true, Ordering::Relaxed);
        ring(&self.bell);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the thread of previews ended with a panic");
        }
    }
}

/// A bell that rings already is heard all the same.
fn ring(bell: &Sender<()>) {
    if bell.try_send(()).is_err() {
        log::trace!("the thread of previews has been rung for already");
    }
}

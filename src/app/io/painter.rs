//! The worker, and what comes from it, in order: a thread between worker and window turns previews
//! into what the window uploads, so that the window only hands them on.

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
    app::io::{picture::color_image, vault::thread::Keeper},
    error::{Error, Result},
    worker::{Event, RunId, Worker},
};

/// Time between an event of the worker and the frame that shows it: several steps share a frame,
/// and the worker sends no more than this many previews.
const FRAME_AFTER: Duration = Duration::from_millis(80);

/// What waits for the window.
#[derive(Default)]
struct Waiting {
    /// In the order in which they happened.
    events: Vec<Event>,
    /// The newest preview. A preview is here before the events that came after it are.
    preview: Option<(RunId, ColorImage)>,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    ends: AtomicBool,
}

impl Shared {
    /// Nothing panics while this is changed: a poisoned lock still holds a whole value.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A worker whose previews come ready for the screen. It dereferences to the worker, for what goes
/// the other way.
pub(crate) struct Painter {
    // Before the worker: the thread lets go of it first, so that the last hold is this one.
    previews: Previews,
    worker: Arc<Worker>,
}

impl Painter {
    /// Starts a worker, with so many bytes of memory for its film, and the thread of its previews.
    /// Where somebody keeps runs as they go, it hands them on.
    /// Both end when this is dropped.
    ///
    /// # Errors
    /// When the system has no threads to give.
    pub(crate) fn spawn(ctx: &Context, film_bytes: usize, keeper: Option<Keeper>) -> Result<Self> {
        let (bell, rings) = bounded::<()>(1);
        let worker_bell = bell.clone();
        let worker = Worker::spawn_with_film(film_bytes, move || ring(&worker_bell))?;
        if keeper.is_some() {
            worker.keep_runs();
        }
        let worker = Arc::new(worker);
        let previews = Previews::spawn(ctx, (bell, rings), Arc::clone(&worker), keeper)?;
        Ok(Self { previews, worker })
    }

    /// What has happened since the last call; never waits.
    pub(crate) fn take_events(&self) -> Vec<Event> {
        std::mem::take(&mut self.previews.shared.waiting().events)
    }

    /// The newest preview since the last call, and its run. Of the events taken before, it is the
    /// picture.
    pub(crate) fn take_preview(&self) -> Option<(RunId, ColorImage)> {
        self.previews.shared.waiting().preview.take()
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
    shared: Arc<Shared>,
    bell: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Previews {
    fn spawn(
        ctx: &Context,
        (bell, rings): (Sender<()>, Receiver<()>),
        worker: Arc<Worker>,
        keeper: Option<Keeper>,
    ) -> Result<Self> {
        let shared = Arc::new(Shared::default());
        let (thread_shared, ctx) = (Arc::clone(&shared), ctx.clone());
        let thread = Builder::new()
            .name("previews".to_owned())
            .spawn(move || {
                for () in rings {
                    if thread_shared.ends.load(Ordering::Relaxed) {
                        break;
                    }
                    hand_on(&worker, &thread_shared);
                    if let Some(keeper) = &keeper
                        && let Some((run, checkpoint)) = worker.take_checkpoint()
                    {
                        keeper.put(run, checkpoint);
                    }
                    ctx.request_repaint_after(FRAME_AFTER);
                }
            })
            .map_err(|fault| Error::Internal(format!("no thread for previews: {fault}")))?;
        Ok(Self {
            shared,
            bell,
            thread: Some(thread),
        })
    }
}

/// Takes from the worker what there is. Events first: a preview that came before one of them is
/// there by then.
fn hand_on(worker: &Worker, shared: &Shared) {
    let events: Vec<Event> = worker.events().collect();
    let preview = worker.take_preview();
    let preview = preview.map(|preview| (preview.run, color_image(&preview.image)));
    let mut waiting = shared.waiting();
    waiting.events.extend(events);
    if preview.is_some() {
        waiting.preview = preview;
    }
}

impl Drop for Previews {
    fn drop(&mut self) {
        self.shared.ends.store(true, Ordering::Relaxed);
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

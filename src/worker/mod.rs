//! The thread that owns the engine and runs the transfer.
//!
//! The window (and tests without a window) send [`Command`]s and receive [`Event`]s. Facts are
//! never dropped; pictures for the screen go through one slot where the newest wins, as ready
//! RGBA bytes, at most [`PREVIEW_MAX_PX`] a side and [`PREVIEWS_PER_SEC`] a second. Between two
//! steps all waiting commands are taken; of settings only the newest count. A panic in a step
//! becomes [`EventKind::Failed`] with the last good picture.
//!
//! When a run is over its last painting is kept until the next one begins: settings of the finish
//! still reach it, and [`EventKind::Refinished`] brings what becomes of it.

mod instant;
mod instant_sheet;
mod instant_whole;
mod keeping;
mod lesson;
mod messages;
mod outlet;
mod run;
mod running;
mod slots;
mod taken;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{Builder, JoinHandle},
};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

pub use instant::{InstantPicture, InstantRequest, InstantWorker};
pub use instant_sheet::{SheetRequest, paint_sheet};
pub use instant_whole::paint_whole;
pub use lesson::{LessonEvent, LessonHandle};
pub use messages::{Command, Event, EventKind, RunId, Snapshot};
pub use slots::{PREVIEW_MAX_PX, PREVIEWS_PER_SEC, Preview};

use outlet::Outlet;
use slots::{Slots, lock};

use crate::{
    error::{Error, Result},
    settings::TransferSettings,
    transfer::{
        Checkpoint, Job,
        film::{self, Film, Reel},
    },
};

/// The window's end.
pub struct Worker {
    /// `None` only while the worker is dropped.
    commands: Option<Sender<Command>>,
    /// Has the thread look for settings when it has nothing else to do.
    nudges: Sender<()>,
    events: Receiver<Event>,
    slots: Arc<Slots>,
    last_run: AtomicU64,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the thread. `wake` is called after each event and preview, from the worker's
    /// thread: it asks the window to look.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn spawn(wake: impl Fn() + Send + 'static) -> Result<Self> {
        let budget_mb = film::DEFAULT_BUDGET_MB;
        Self::spawn_with_film(budget_mb as usize * 1_000_000, wake)
    }

    /// As [`Worker::spawn`], with so many bytes of memory for the film.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn spawn_with_film(budget_bytes: usize, wake: impl Fn() + Send + 'static) -> Result<Self> {
        // A person cannot press more buttons than this while one step is under way.
        let (commands, command_receiver) = bounded(64);
        let (nudges, nudged) = bounded(1);
        #[expect(
            clippy::disallowed_methods,
            reason = "events are small facts that must not be lost, and the window drains them \
                      every frame; a bounded queue would make the worker wait for the window"
        )]
        let (event_sender, events) = crossbeam_channel::unbounded();
        let slots = Arc::new(Slots {
            preview: Mutex::default(),
            settings: Mutex::default(),
            film: Mutex::new(Film::new(budget_bytes)),
            keeps: AtomicBool::new(false),
            kept: Mutex::default(),
        });
        let thread_slots = Arc::clone(&slots);
        let thread = Builder::new()
            .name("transfer".to_owned())
            .spawn(move || {
                let outlet = Outlet::new(event_sender, thread_slots, Box::new(wake));
                run::serve(&command_receiver, &nudged, &outlet);
            })
            .map_err(|fault| Error::Internal(format!("no thread for the transfer: {fault}")))?;
        Ok(Self {
            commands: Some(commands),
            nudges,
            events,
            slots,
            last_run: AtomicU64::new(0),
            thread: Some(thread),
        })
    }

    /// Begins a run and returns its name.
    ///
    /// # Errors
    /// When the worker does not take commands any more.
    pub fn start(&self, job: Job) -> Result<RunId> {
        self.begin(job, None)
    }

    /// Begins a run that goes on from a moment of another one, which the job says.
    ///
    /// # Errors
    /// When the worker does not take commands any more.
    pub fn branch(&self, job: Job, parent: RunId) -> Result<RunId> {
        self.begin(job, Some(parent))
    }

    fn begin(&self, job: Job, parent: Option<RunId>) -> Result<RunId> {
        let run = RunId(self.last_run.fetch_add(1, Ordering::Relaxed) + 1);
        lock(&self.slots.settings).take();
        let job = Box::new(job);
        self.send(Command::Start { run, job, parent })?;
        Ok(run)
    }

    /// Sends a command; never waits.
    ///
    /// # Errors
    /// When the worker does not take commands any more.
    pub fn send(&self, command: Command) -> Result<()> {
        let sent = match &self.commands {
            Some(commands) => commands.try_send(command),
            None => Err(TrySendError::Disconnected(command)),
        };
        sent.map_err(|fault| {
            let why = match fault {
                TrySendError::Full(_) => "it is busy with a long step; try again in a moment",
                TrySendError::Disconnected(_) => "its thread has ended; restart the program",
            };
            Error::Internal(format!("the transfer takes no commands: {why}"))
        })
    }

    /// Puts new settings in force after the step at hand; of several the newest wins. A run that
    /// holds or is over takes their finish at once, and one that holds the rest when it goes on.
    pub fn update(&self, settings: TransferSettings) {
        let run = RunId(self.last_run.load(Ordering::Relaxed));
        *lock(&self.slots.settings) = Some((run, Box::new(settings)));
        if self.nudges.try_send(()).is_err() {
            log::trace!("the transfer was told already that there are settings");
        }
    }

    /// The film of all runs, when it is another than that of version `known`; never waits longer
    /// than it takes to put a frame in.
    pub fn film(&self, known: u64) -> Option<(u64, Vec<Reel>)> {
        let film = lock(&self.slots.film);
        let version = film.version();
        (version != known).then(|| (version, film.reels().to_vec()))
    }

    /// Puts the film of runs before, of another program that is gone, before that of the runs to
    /// come, whose numbers follow.
    pub fn restore_film(&self, reels: Vec<Reel>) {
        let last = reels.iter().map(|reel| reel.run).max().unwrap_or(0);
        self.last_run.fetch_max(last, Ordering::Relaxed);
        lock(&self.slots.film).restore(reels);
    }

    /// Memory that the film takes.
    pub fn film_bytes(&self) -> usize {
        lock(&self.slots.film).bytes()
    }

    /// Puts runs down as they go from now on, every few seconds between two steps:
    /// [`Self::take_checkpoint`] has the newest.
    pub fn keep_runs(&self) {
        self.slots.keeps.store(true, Ordering::Relaxed);
    }

    /// The run at hand as it stood last, if that is news since the last call.
    pub fn take_checkpoint(&self) -> Option<(RunId, Checkpoint)> {
        lock(&self.slots.kept).take()
    }

    /// Events that have arrived; never waits.
    pub fn events(&self) -> impl Iterator<Item = Event> + '_ {
        self.events.try_iter()
    }

    /// Waits for the next event; `None` when none came in time or the thread has ended.
    pub fn wait_event(&self, timeout: std::time::Duration) -> Option<Event> {
        self.events.recv_timeout(timeout).ok()
    }

    /// The newest picture for the screen, if there is one since the last call.
    pub fn take_preview(&self) -> Option<Preview> {
        lock(&self.slots.preview).take()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // The thread ends at Shutdown, or, when the queue is full, where the channel closes.
        if self.send(Command::Shutdown).is_err() {
            log::debug!("the transfer thread ends with its channel");
        }
        self.commands = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the transfer thread ended with a panic");
        }
    }
}

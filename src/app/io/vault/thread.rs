//! The thread "sessions", and what the window asks of it.

use std::{
    sync::{Arc, PoisonError},
    thread::{Builder, JoinHandle},
};

use crossbeam_channel::{Receiver, Sender};
use eframe::egui::Context;

use crate::{
    app::io::vault::{
        desk::{Desk, FilmSlot, Job, Slot, VaultEvent},
        file::{ReelFile, SessionFile},
    },
    error::{Error, Result},
    pixels::Picture,
    transfer::{Checkpoint, Record, film::Frame},
    worker::RunId,
};

/// What hands checkpoints on.
#[derive(Clone)]
pub(crate) struct Keeper {
    slot: Slot,
    jobs: Sender<Job>,
}

impl Keeper {
    /// A newer checkpoint; one that waits still is forgotten.
    pub(crate) fn put(&self, run: RunId, checkpoint: Checkpoint) {
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.replace((run, checkpoint)).is_none() && self.jobs.send(Job::Newer).is_err() {
            log::error!("the thread of sessions has ended");
        }
    }
}

/// The window's end. When it is dropped, everything is on the disk.
pub(crate) struct Vault {
    film: FilmSlot,
    keeper: Option<Keeper>,
    events: Receiver<VaultEvent>,
    thread: Option<JoinHandle<()>>,
}

impl Vault {
    /// Starts the thread for the program's own folder.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn spawn(ctx: &Context, own_folder: &std::path::Path) -> Result<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "small facts that must not be lost; the window never waits for the disk"
        )]
        let ((jobs, receiver), (answers, events)) = (
            crossbeam_channel::unbounded(),
            crossbeam_channel::unbounded(),
        );
        let (slot, film) = (Slot::default(), FilmSlot::default());
        let mut desk = Desk::new(
            own_folder,
            Arc::clone(&slot),
            Arc::clone(&film),
            answers,
            ctx,
        );
        let thread = Builder::new()
            .name("sessions".to_owned())
            .spawn(move || {
                desk.offer();
                for job in receiver {
                    desk.work(job);
                }
                desk.close();
            })
            .map_err(|fault| Error::Internal(format!("no thread for sessions: {fault}")))?;
        Ok(Self {
            film,
            keeper: Some(Keeper { slot, jobs }),
            events,
            thread: Some(thread),
        })
    }

    /// What hands checkpoints on.
    pub(crate) fn keeper(&self) -> Option<Keeper> {
        self.keeper.clone()
    }

    fn send(&self, job: Job) {
        let sent = self.keeper.as_ref().map(|keeper| keeper.jobs.send(job));
        if !matches!(sent, Some(Ok(()))) {
            log::error!("the thread of sessions has ended");
        }
    }

    /// Puts down what the session is.
    pub(crate) fn put(&self, session: SessionFile) {
        self.send(Job::Put(Box::new(session)));
    }

    /// A newer film; one that waits still is forgotten.
    pub(crate) fn put_film(&self, reels: Vec<(ReelFile, Vec<Arc<Frame>>)>) {
        let mut slot = self.film.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.replace(reels).is_none() {
            self.send(Job::Newer);
        }
    }

    /// Keeps a picture under a name.
    pub(crate) fn keep(&self, file: String, picture: Arc<Picture>, record: Arc<Record>) {
        self.send(Job::Keep(file, picture, record));
    }

    /// Brings back what was offered, or leaves it.
    pub(crate) fn answer(&self, bring: bool) {
        self.send(Job::Answer(bring));
    }

    /// Removes all sessions that no window holds.
    pub(crate) fn empty(&self) {
        self.send(Job::Empty);
    }

    /// Asks how much room they take.
    pub(crate) fn measure(&self) {
        self.send(Job::Measure);
    }

    /// What has arrived; never waits.
    pub(crate) fn events(&self) -> Vec<VaultEvent> {
        self.events.try_iter().collect()
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        self.keeper = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the thread of sessions ended with a panic");
        }
    }
}

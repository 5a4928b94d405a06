//! The thread "sessions": it alone writes and reads the folders of sessions.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread::{Builder, JoinHandle},
};

use crossbeam_channel::{Receiver, Sender};
use eframe::egui::Context;

use crate::{
    app::io::vault::{
        file::SessionFile,
        folder::{self, MOST_BYTES, SESSIONS, SessionFolder},
        read::{SessionAgain, read},
    },
    error::{Error, Result},
    files,
    pixels::{BitDepth, Picture, SaveOptions, save},
    transfer::{Checkpoint, Record},
    worker::RunId,
};

/// Pictures with more pixels are kept with eight bits: nothing waits for them.
const DEEP_UP_TO: usize = 4_000_000;

/// Work for the thread, done in its order.
enum Job {
    /// What the session tells.
    Put(Box<SessionFile>),
    /// A kept picture.
    Keep(String, Arc<Picture>, Arc<Record>),
    /// There is a newer checkpoint.
    Checkpoint,
    /// Bring back what was offered, or leave it.
    Answer(bool),
    /// Remove all sessions that no window holds.
    Empty,
    /// How much room sessions take.
    Measure,
}

/// Answers.
pub(crate) enum VaultEvent {
    /// A session was left by a window that is gone, and its run stands at this step.
    Left(Box<SessionFile>, Option<u32>),
    /// It is read back.
    Again(Box<SessionAgain>),
    /// Bytes that all sessions take, and where.
    Room(u64, PathBuf),
}

/// The newest checkpoint that waits to be written.
type Slot = Arc<Mutex<Option<(RunId, Checkpoint)>>>;

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
        if slot.replace((run, checkpoint)).is_none() && self.jobs.send(Job::Checkpoint).is_err() {
            log::error!("the thread of sessions has ended");
        }
    }
}

/// The window's end. When it is dropped, everything is on the disk.
pub(crate) struct Vault {
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
        let slot = Slot::default();
        let mut desk = Desk {
            sessions: own_folder.join(SESSIONS),
            own: None,
            offered: None,
            wanted: None,
            written: SessionFile::default(),
            slot: Arc::clone(&slot),
            answers,
            ctx: ctx.clone(),
        };
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

/// The name of a run's checkpoint.
pub(crate) fn checkpoint_name(run: RunId) -> String {
    format!("run-{}-{}.checkpoint", std::process::id(), run.0)
}

/// The thread's own side.
struct Desk {
    sessions: PathBuf,
    /// The folder of this session, once there is anything to keep.
    own: Option<SessionFolder>,
    /// The session that may be brought back.
    offered: Option<(SessionFolder, SessionFile)>,
    /// What the window put down last.
    wanted: Option<SessionFile>,
    /// What stands in the folder.
    written: SessionFile,
    slot: Slot,
    answers: Sender<VaultEvent>,
    ctx: Context,
}

impl Desk {
    fn tell(&self, event: VaultEvent) {
        if self.answers.send(event).is_ok() {
            self.ctx.request_repaint();
        }
    }

    /// Looks whether a window that is gone has left something.
    fn offer(&mut self) {
        let Some((folder, mut file)) = folder::newest_left(&self.sessions) else {
            return;
        };
        let step = file.run.as_ref().and_then(|run| {
            let path = folder.path.join(&run.checkpoint);
            let read = Checkpoint::read(&path)
                .inspect_err(|error| log::warn!("{}: {error}", path.display()));
            Some(read.ok()?.record.step)
        });
        if step.is_none() {
            file.run = None;
        }
        if file.holds_something() {
            log::info!("a session was left at step {step:?}");
            self.tell(VaultEvent::Left(Box::new(file.clone()), step));
            self.offered = Some((folder, file));
        }
    }

    fn work(&mut self, job: Job) {
        let done = match job {
            Job::Put(session) => {
                self.wanted = Some(*session);
                self.write()
            }
            Job::Keep(file, picture, record) => self.keep(&file, &picture, &record),
            Job::Checkpoint => self.checkpoint(),
            Job::Answer(bring) => self.answer(bring),
            Job::Empty => {
                for folder in folder::left(&self.sessions) {
                    folder.remove();
                }
                self.measure();
                Ok(())
            }
            Job::Measure => {
                self.measure();
                Ok(())
            }
        };
        // The window goes on; what could not be kept is kept with the next change.
        if let Err(fault) = done {
            log::warn!("the session is not kept: {fault}");
        }
    }

    fn measure(&self) {
        let bytes = folder::bytes(&self.sessions);
        self.tell(VaultEvent::Room(bytes, self.sessions.clone()));
    }

    fn own(&mut self) -> std::io::Result<&SessionFolder> {
        let own = match self.own.take() {
            Some(own) => own,
            None => SessionFolder::create(&self.sessions)?,
        };
        Ok(self.own.insert(own))
    }

    /// Puts down what the window wants. A run without a checkpoint yet does not take the place of one
    /// that has one.
    fn write(&mut self) -> std::io::Result<()> {
        let Some(mut session) = self.wanted.clone() else {
            return Ok(());
        };
        if self.own.is_none() && !session.holds_something() {
            return Ok(());
        }
        let before = self.written.run.clone();
        let own = self.own()?;
        let is_there = |name: &str| own.path.join(name).exists();
        if session
            .run
            .as_ref()
            .is_some_and(|run| !is_there(&run.checkpoint))
        {
            session.run = before.filter(|run| is_there(&run.checkpoint));
        }
        let of_run = session.run.iter().flat_map(|run| {
            let styles = run.styles.iter().map(|style| &style.picture);
            styles.chain([&run.content])
        });
        let of_kept = session.kept.iter().map(|kept| &kept.content);
        for picture in of_run.chain(of_kept) {
            if let Some(path) = &picture.path
                && let Err(fault) = own.copy(path.as_ref(), &picture.sha256)
            {
                log::warn!("no copy of {path}: {fault}");
            }
        }
        own.write(&session)?;
        self.written = session;
        Ok(())
    }

    fn keep(&mut self, file: &str, picture: &Picture, record: &Record) -> std::io::Result<()> {
        let bit_depth = if picture.planes.pixels() <= DEEP_UP_TO {
            BitDepth::Sixteen
        } else {
            BitDepth::Eight
        };
        let options = SaveOptions {
            bit_depth,
            record: Some(record.to_json()),
            ..SaveOptions::default()
        };
        let path = self.own()?.path.join(file);
        save(&path, &picture.planes, picture.alpha.as_deref(), &options)
            .map_err(std::io::Error::other)
    }

    fn checkpoint(&mut self) -> std::io::Result<()> {
        let newest = self
            .slot
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some((run, checkpoint)) = newest else {
            return Ok(());
        };
        let name = checkpoint_name(run);
        let wanted = self.wanted.as_ref().and_then(|wanted| wanted.run.as_ref());
        if wanted.is_none_or(|wanted| wanted.checkpoint != name) {
            // Of a run that is over.
            return Ok(());
        }
        let bytes = checkpoint.to_bytes().map_err(std::io::Error::other)?;
        let path = self.own()?.path.join(&name);
        files::replace(&path, &bytes)?;
        log::debug!("step {} is kept", checkpoint.record.step);
        let written = self.written.run.as_ref();
        if written.is_none_or(|written| written.checkpoint != name) {
            self.write()?;
            folder::make_room(&self.sessions, MOST_BYTES);
        }
        Ok(())
    }

    fn answer(&mut self, bring: bool) -> std::io::Result<()> {
        let Some((folder, mut file)) = self.offered.take() else {
            return Ok(());
        };
        if !bring {
            file.declined = true;
            return folder.write(&file);
        }
        let again = read(&folder, file.clone());
        // From now on it is this window's own.
        if let Some(before) = self.own.replace(folder) {
            before.remove();
        }
        self.written = file;
        self.wanted = None;
        self.tell(VaultEvent::Again(Box::new(again)));
        Ok(())
    }

    /// The window is closed: a session without anything leaves nothing.
    fn close(&mut self) {
        if let Err(fault) = self.checkpoint() {
            log::warn!("the last step is not kept: {fault}");
        }
        if let Some(own) = self.own.take()
            && !self.written.holds_something()
        {
            own.remove();
        }
        if fs::read_dir(&self.sessions).is_ok_and(|mut entries| entries.next().is_none())
            && let Err(fault) = fs::remove_dir(&self.sessions)
        {
            log::debug!("the folder of sessions stays: {fault}");
        }
    }
}

//! What the thread of sessions does: it alone writes and reads their folders.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crossbeam_channel::Sender;
use eframe::egui::Context;

use crate::{
    app::io::vault::{
        file::{ReelFile, SessionFile},
        folder::{self, MOST_BYTES, SESSIONS, SessionFolder},
        read::{SessionAgain, read},
    },
    files,
    pixels::{BitDepth, Picture, SaveOptions, save},
    transfer::{Checkpoint, Record, film::Frame},
    worker::RunId,
};

/// How often it is looked again for a session that was left while others are held, and when.
const LOOKS: u32 = 5;
const BETWEEN_LOOKS: Duration = Duration::from_millis(400);
/// Pictures with more pixels are kept with eight bits: nothing waits for them.
const DEEP_UP_TO: usize = 4_000_000;

/// Work for the thread, done in its order.
pub(crate) enum Job {
    /// What the session tells.
    Put(Box<SessionFile>),
    /// A kept picture.
    Keep(String, Arc<Picture>, Arc<Record>),
    /// There is a newer checkpoint, or film.
    Newer,
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
pub(crate) type Slot = Arc<Mutex<Option<(RunId, Checkpoint)>>>;

/// The newest film that waits to be written.
pub(crate) type FilmSlot = Arc<Mutex<Option<Vec<(ReelFile, Vec<Arc<Frame>>)>>>>;

/// The name of a run's checkpoint.
pub(crate) fn checkpoint_name(run: RunId) -> String {
    format!("{}{}-{}.checkpoint", folder::RUN, std::process::id(), run.0)
}

/// The thread's own side.
pub(crate) struct Desk {
    sessions: PathBuf,
    /// The folder of this session, once there is anything to keep.
    own: Option<SessionFolder>,
    /// The session that may be brought back.
    offered: Option<(SessionFolder, SessionFile)>,
    /// A checkpoint of a run that the window has not told of yet.
    early: Option<(RunId, Checkpoint)>,
    /// What the window put down last.
    wanted: Option<SessionFile>,
    /// What stands in the folder.
    written: SessionFile,
    slot: Slot,
    film: FilmSlot,
    answers: Sender<VaultEvent>,
    ctx: Context,
}

impl Desk {
    /// For the sessions in the program's own folder.
    pub(crate) fn new(
        own_folder: &std::path::Path,
        slot: Slot,
        film: FilmSlot,
        answers: Sender<VaultEvent>,
        ctx: &Context,
    ) -> Self {
        Self {
            sessions: own_folder.join(SESSIONS),
            own: None,
            offered: None,
            early: None,
            wanted: None,
            written: SessionFile::default(),
            slot,
            film,
            answers,
            ctx: ctx.clone(),
        }
    }

    fn tell(&self, event: VaultEvent) {
        if self.answers.send(event).is_ok() {
            self.ctx.request_repaint();
        }
    }

    /// Looks whether a window that is gone has left something.
    pub(crate) fn offer(&mut self) {
        let mut left = folder::newest_left(&self.sessions);
        for _ in 0..LOOKS {
            // A window that was killed a moment ago lets go of its session only when all its memory is
            // given back.
            if left.is_some() || !folder::are_held(&self.sessions) {
                break;
            }
            std::thread::sleep(BETWEEN_LOOKS);
            left = folder::newest_left(&self.sessions);
        }
        let Some((folder, mut file)) = left else {
            return;
        };
        let step = file.run.as_ref().and_then(|run| {
            let read = folder
                .checkpoint(&run.checkpoint)
                .inspect_err(|error| log::warn!("{}: {error}", folder.path.display()));
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

    pub(crate) fn work(&mut self, job: Job) {
        let done = match job {
            Job::Put(session) => {
                self.wanted = Some(*session);
                self.take_early();
                let written = self.write();
                let kept = self.checkpoint();
                written.and(kept).and(self.film())
            }
            Job::Keep(file, picture, record) => self.keep(&file, &picture, &record),
            Job::Newer => self.checkpoint().and_then(|()| self.film()),
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

    /// A checkpoint that came before its run was told of waits no longer, unless there is a newer one.
    fn take_early(&mut self) {
        let early = self.early.take();
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            *slot = early;
        }
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
            // Of a run that is over, or that the window has not told of yet.
            self.early = Some((run, checkpoint));
            return Ok(());
        }
        self.early = None;
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

    /// The film is for looking back: it waits until a run is kept.
    fn film(&mut self) -> std::io::Result<()> {
        let Some(own) = &self.own else {
            return Ok(());
        };
        let newest = self
            .film
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        newest.map_or(Ok(()), |reels| own.write_film(&reels))
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
    pub(crate) fn close(&mut self) {
        if let Err(fault) = self.checkpoint().and_then(|()| self.film()) {
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

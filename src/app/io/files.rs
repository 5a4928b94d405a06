//! The thread "pictures": decoding, thumbnails, saving.
//!
//! The window never waits for a file: it hands a [`FileJob`] over and gets a [`FileEvent`] back
//! with the next frame.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread::Builder,
};

use crossbeam_channel::{Receiver, Sender, bounded};
use eframe::egui::{ColorImage, Context};

use crate::{
    app::{
        command::ids::{Role, SnapshotId, Wanted, Wish},
        io::{
            dialog::ask,
            lessons,
            paths::{Verdict, completions, verdict, with_extension},
            picture::{self, Load, Prepared, color_image, prepare, rgba8},
            presets::{self, PresetsEvent, PresetsJob},
            purpose::Purpose,
            reveal,
            save::{SaveTarget, write},
        },
    },
    error::{Error, Result},
    feedforward::Brush,
    pixels::{Picture, SaveOptions},
    settings::PictureEdit,
    transfer::{Forecast, Job, film::Frame, forecast, process_bytes},
    worker::Snapshot,
};

/// Work for the thread.
#[derive(Debug)]
pub(crate) enum FileJob {
    /// Read a picture and make it ready for the screen.
    Load(Box<Load>),
    /// Make a snapshot ready for the screen.
    Prepare {
        /// Which.
        id: SnapshotId,
        /// Its picture.
        picture: Arc<Picture>,
    },
    /// Write a picture.
    Save {
        /// What to write.
        picture: Arc<Picture>,
        /// How, with the record that goes into it.
        options: SaveOptions,
        /// Where to.
        target: SaveTarget,
        /// Enlarged to these sides.
        enlarged: Option<(usize, usize)>,
        /// The snapshot it is.
        id: SnapshotId,
    },
    /// Make a picture of a moment of the film.
    Develop(Arc<Frame>, Wanted),
    /// Show a file in the system's file manager.
    Reveal(PathBuf),
    /// Whether ffmpeg is there.
    FindFfmpeg,
    /// Bring a picture into the form that clipboards take.
    ForClipboard(Arc<Picture>),
    /// How much memory the program uses.
    MeasureMemory,
    /// Turn and cut a whole picture of this use.
    Edit(Role, Arc<Picture>, PictureEdit),
    /// Estimate the memory of a run, on so many threads.
    EstimateMemory(Box<Job>, usize),
    /// Whatever has to do with presets.
    Presets(PresetsJob),
    /// What typed text may go on to.
    Complete {
        /// What the path is for.
        purpose: Purpose,
        /// What is typed.
        typed: String,
        /// Where it begins.
        folder: PathBuf,
    },
    /// Look at a path before it is used; it gets this ending if it has none.
    Judge(Purpose, PathBuf, &'static str),
}

/// Answers.
pub(crate) enum FileEvent {
    /// To [`FileJob::Load`].
    Loaded(Box<Load>, Result<Box<Prepared>>),
    /// To [`FileJob::Prepare`].
    Prepared(SnapshotId, Box<Prepared>),
    /// To [`FileJob::Save`]: the file, and its sides in pixels.
    Saved(SnapshotId, Result<(PathBuf, (usize, usize))>),
    /// To [`FileJob::Develop`].
    Developed(Arc<Frame>, Wanted, Result<Arc<Picture>>),
    /// To [`FileJob::FindFfmpeg`].
    Ffmpeg(bool),
    /// To [`FileJob::Reveal`].
    Revealed(Result<()>),
    /// The film was written, or not.
    Exported(Result<PathBuf>),
    /// To [`FileJob::ForClipboard`].
    ForClipboard(ColorImage),
    /// To [`FileJob::MeasureMemory`], in bytes.
    Memory(u64),
    /// To [`FileJob::Edit`].
    Edited(Role, Box<Prepared>),
    /// To [`FileJob::EstimateMemory`].
    MemoryEstimated(Forecast),
    /// To [`FileJob::Presets`].
    Presets(PresetsEvent),
    /// To [`FileJob::Complete`].
    Completed(String, Vec<String>),
    /// To [`FileJob::Judge`].
    Judged(Purpose, PathBuf, Verdict),
    /// The brushes there are.
    Brushes(Result<lessons::Found>),
    /// An instant picture as large as a run would paint it, and what it is wanted for.
    Stylized(Wish, Result<Box<Snapshot>>),
    /// A brush lies in the folder of brushes, or not.
    BrushKept(Result<Brush>),
    /// A dropped brush lies there, or not.
    BrushTaken(Result<Brush>),
    /// A dialog was answered with files.
    Picked(Purpose, Vec<PathBuf>),
    /// The system has no file dialog.
    NoDialog(Purpose),
    /// A dialog was closed without a choice.
    Canceled,
}

/// The window's end of the thread.
pub(crate) struct Files {
    jobs: Sender<FileJob>,
    events: Receiver<FileEvent>,
    /// For dialogs, which have threads of their own.
    answers: Sender<FileEvent>,
    ctx: Context,
}

impl Files {
    /// Starts the thread; it ends when the window's end is dropped. Pasted pictures are kept in the
    /// program's own folder.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn spawn(ctx: &Context, own_folder: Option<PathBuf>) -> Result<Self> {
        // Jobs are requests of a person, one click each (or one drop of some files).
        let (jobs, job_receiver) = bounded(256);
        // The thread waits when the window does not look: nothing is lost.
        let (answers, events) = bounded(64);
        let (thread_answers, thread_ctx) = (answers.clone(), ctx.clone());
        Builder::new()
            .name("pictures".to_owned())
            .spawn(move || {
                for job in job_receiver {
                    if thread_answers
                        .send(answer(job, own_folder.as_deref()))
                        .is_err()
                    {
                        break;
                    }
                    thread_ctx.request_repaint();
                }
            })
            .map_err(|fault| Error::Internal(format!("no thread for pictures: {fault}")))?;
        Ok(Self {
            jobs,
            events,
            answers,
            ctx: ctx.clone(),
        })
    }

    /// Hands a job over; never waits.
    ///
    /// # Errors
    /// When hundreds of jobs are waiting already.
    pub(crate) fn send(&self, job: FileJob) -> Result<()> {
        self.jobs.try_send(job).map_err(|fault| {
            Error::Internal(format!("the thread for pictures takes no work: {fault}"))
        })
    }

    /// Answers that have arrived; never waits.
    pub(crate) fn events(&self) -> Vec<FileEvent> {
        self.events.try_iter().collect()
    }

    /// Opens one of the system's dialogs on a thread of its own.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn dialog(&self, purpose: Purpose, folder: &Path) -> Result<()> {
        let mut dialog = rfd::FileDialog::new();
        if !folder.as_os_str().is_empty() {
            dialog = dialog.set_directory(folder);
        }
        self.apart("file dialog", move || ask(dialog, purpose))
    }

    /// Does work that takes long on a thread of its own; its answer comes like all others.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn apart(
        &self,
        name: &str,
        work: impl FnOnce() -> FileEvent + Send + 'static,
    ) -> Result<()> {
        let (answers, ctx) = (self.answers.clone(), self.ctx.clone());
        Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                // Nobody is there to be told when the window is gone.
                if answers.send(work()).is_ok() {
                    ctx.request_repaint();
                }
            })
            .map(drop)
            .map_err(|fault| Error::Internal(format!("no thread for the {name}: {fault}")))
    }
}

fn answer(job: FileJob, own_folder: Option<&Path>) -> FileEvent {
    match job {
        FileJob::Load(load) => {
            let loaded = picture::load(&load, own_folder);
            FileEvent::Loaded(load, loaded)
        }
        FileJob::Prepare { id, picture } => FileEvent::Prepared(id, Box::new(prepare(picture))),
        FileJob::Save {
            picture,
            options,
            target,
            enlarged,
            id,
        } => FileEvent::Saved(id, write(&picture, &options, target, enlarged)),
        FileJob::Develop(frame, wanted) => {
            let picture = frame.picture().map(Arc::new);
            FileEvent::Developed(frame, wanted, picture)
        }
        FileJob::FindFfmpeg => FileEvent::Ffmpeg(crate::pixels::ffmpeg().is_some()),
        FileJob::Reveal(path) => FileEvent::Revealed(reveal::reveal(&path)),
        FileJob::ForClipboard(picture) => {
            FileEvent::ForClipboard(color_image(&rgba8(&picture, usize::MAX)))
        }
        FileJob::MeasureMemory => FileEvent::Memory(process_bytes().unwrap_or(0)),
        FileJob::Edit(role, original, edit) => {
            FileEvent::Edited(role, Box::new(picture::edited(original, edit)))
        }
        FileJob::EstimateMemory(job, threads) => {
            FileEvent::MemoryEstimated(forecast(&job, threads))
        }
        FileJob::Complete {
            purpose,
            typed,
            folder,
        } => {
            let found = completions(&purpose, &typed, &folder);
            FileEvent::Completed(typed, found)
        }
        FileJob::Judge(purpose, path, extension) => {
            let path = with_extension(path, extension);
            let verdict = verdict(&purpose, &path);
            FileEvent::Judged(purpose, path, verdict)
        }
        FileJob::Presets(job) => FileEvent::Presets(presets::answer(job)),
    }
}

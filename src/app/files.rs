//! The thread "pictures": decoding, thumbnails, saving; and the system's file dialogs.
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

use super::{
    assist::{self, AssistEvent, AssistJob},
    commands::{Role, SnapshotId},
    export::ExportChoices,
    names::free_name,
    restore::{Remembered, remembered},
    reveal,
    timeline::Wanted,
};
use crate::{
    error::{Error, Result},
    pixels::{
        OPEN_EXTENSIONS, Picture, Rgba8, SAVE_EXTENSIONS, Sample, SaveOptions, preview_rgba8, save,
    },
    transfer::film::Frame,
};

/// Longest side of a picture on the canvas; screens show little more, and graphics cards of the
/// last fifteen years hold it.
pub(crate) const SCREEN_PX: usize = 2048;
/// Longest side of a thumbnail: twice the panel's width for screens of double density.
const THUMBNAIL_PX: usize = 448;

/// Where a picture comes from.
#[derive(Clone, Debug)]
pub(crate) enum PictureSource {
    /// A file.
    File(PathBuf),
    /// A picture inside the program.
    Sample(Sample),
    /// The clipboard.
    Clipboard(Arc<ColorImage>),
}

/// Work for the thread.
#[derive(Debug)]
pub(crate) enum FileJob {
    /// Read a picture and make it ready for the screen.
    Load {
        /// What it will be used as.
        role: Role,
        /// Where it comes from.
        source: PictureSource,
        /// Whether to look if it remembers how it was made.
        looks_back: bool,
    },
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
    /// See there.
    Assist(AssistJob),
}

/// Where a picture is written.
#[derive(Clone, Debug)]
pub(crate) enum SaveTarget {
    /// This file; what is there is replaced.
    File(PathBuf),
    /// A new file in this folder, which is made if need be, with this stem and extension.
    Folder(PathBuf, String, &'static str),
}

/// A picture ready for use and for the screen.
pub(crate) struct Prepared {
    /// The picture.
    pub(crate) picture: Arc<Picture>,
    /// At most [`SCREEN_PX`] a side.
    pub(crate) screen: ColorImage,
    /// At most [`THUMBNAIL_PX`] a side.
    pub(crate) thumbnail: ColorImage,
    /// How it was made, when that was asked for and is known.
    pub(crate) remembered: Option<Box<Remembered>>,
}

/// What a file dialog was opened for.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    /// To read a picture.
    Open(Role),
    /// To write a snapshot, under a name to begin with.
    Save(SnapshotId, String),
    /// To write the film.
    Film(ExportChoices, String),
    /// To choose the folder of saved snapshots.
    SaveFolder,
    /// To choose a weights file.
    Weights,
}

/// Answers.
pub(crate) enum FileEvent {
    /// To [`FileJob::Load`].
    Loaded(Role, Result<Box<Prepared>>),
    /// To [`FileJob::Prepare`].
    Prepared(SnapshotId, Box<Prepared>),
    /// To [`FileJob::Save`]: the file.
    Saved(SnapshotId, Result<PathBuf>),
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
    /// To [`FileJob::Assist`].
    Assist(AssistEvent),
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
    /// Starts the thread; it ends when the window's end is dropped.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn spawn(ctx: &Context) -> Result<Self> {
        // Jobs are requests of a person, one click each (or one drop of some files).
        let (jobs, job_receiver) = bounded(256);
        // The thread waits when the window does not look: nothing is lost.
        let (answers, events) = bounded(64);
        let (thread_answers, thread_ctx) = (answers.clone(), ctx.clone());
        Builder::new()
            .name("pictures".to_owned())
            .spawn(move || {
                for job in job_receiver {
                    if thread_answers.send(answer(job)).is_err() {
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
    pub(crate) fn dialog(&self, purpose: Purpose, folder: Option<&Path>) -> Result<()> {
        let mut dialog = rfd::FileDialog::new();
        if let Some(folder) = folder {
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

fn ask(dialog: rfd::FileDialog, purpose: Purpose) -> FileEvent {
    use super::text;
    if !has_dialog() {
        return FileEvent::NoDialog(purpose);
    }
    super::session_log::forget_dialog_trouble();
    let picked = match &purpose {
        Purpose::Open(role) => {
            let dialog = dialog
                .set_title(text::open_title(*role))
                .add_filter(text::PICTURES, OPEN_EXTENSIONS);
            match role {
                Role::NewStyle => dialog.pick_files(),
                _ => dialog.pick_file().map(|path| vec![path]),
            }
        }
        Purpose::Save(_, name) => dialog
            .set_title(text::SAVE_TITLE)
            .set_file_name(name)
            .add_filter(text::PICTURES, SAVE_EXTENSIONS)
            .save_file()
            .map(|path| vec![path]),
        Purpose::Film(choices, name) => {
            let dialog = dialog.set_title(text::EXPORT_HEAD).set_file_name(name);
            let extension = choices.format.extension();
            let dialog = if extension.is_empty() {
                dialog
            } else {
                dialog.add_filter(choices.name(), &[extension])
            };
            dialog.save_file().map(|path| vec![path])
        }
        Purpose::SaveFolder => dialog
            .set_title(text::SAVE_FOLDER)
            .pick_folder()
            .map(|path| vec![path]),
        Purpose::Weights => dialog
            .set_title(text::WEIGHTS_FILE)
            .add_filter(
                text::WEIGHTS_FILE,
                &["h5", "hdf5", "safetensors", "pth", "pt", "caffemodel"],
            )
            .pick_file()
            .map(|path| vec![path]),
    };
    match picked {
        Some(paths) => FileEvent::Picked(purpose, paths),
        None if super::session_log::dialog_trouble() => FileEvent::NoDialog(purpose),
        None => FileEvent::Canceled,
    }
}

/// Whether a file dialog can open: on Linux it takes a session bus, or the program zenity.
fn has_dialog() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let on_path = |program: &str| {
        std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).exists()))
    };
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some() || on_path("zenity")
}

fn answer(job: FileJob) -> FileEvent {
    match job {
        FileJob::Load {
            role,
            source,
            looks_back,
        } => FileEvent::Loaded(role, load(source, looks_back)),
        FileJob::Prepare { id, picture } => FileEvent::Prepared(id, Box::new(prepare(picture))),
        FileJob::Save {
            picture,
            options,
            target,
            id,
        } => FileEvent::Saved(id, write(&picture, &options, target)),
        FileJob::Develop(frame, wanted) => {
            let picture = frame.picture().map(Arc::new);
            FileEvent::Developed(frame, wanted, picture)
        }
        FileJob::FindFfmpeg => FileEvent::Ffmpeg(crate::pixels::ffmpeg().is_some()),
        FileJob::Reveal(path) => FileEvent::Revealed(reveal::reveal(&path)),
        FileJob::ForClipboard(picture) => {
            FileEvent::ForClipboard(color_image(&rgba8(&picture, usize::MAX)))
        }
        FileJob::MeasureMemory => FileEvent::Memory(memory_bytes()),
        FileJob::Assist(job) => FileEvent::Assist(assist::answer(job)),
    }
}

fn load(source: PictureSource, looks_back: bool) -> Result<Box<Prepared>> {
    let picture = match source {
        PictureSource::File(path) => Picture::open(&path)?,
        PictureSource::Sample(sample) => Picture::from_bytes(sample.bytes, sample.name)?,
        PictureSource::Clipboard(image) => {
            let rgba: Vec<u8> = image
                .pixels
                .iter()
                .flat_map(egui::Color32::to_srgba_unmultiplied)
                .collect();
            Picture::from_rgba8(image.width(), image.height(), &rgba, super::text::CLIPBOARD)?
        }
    };
    let path = picture.path.clone().filter(|_| looks_back);
    Ok(Box::new(Prepared {
        remembered: path.and_then(|path| remembered(&path)),
        ..prepare(Arc::new(picture))
    }))
}

/// Makes a picture ready for the screen.
pub(crate) fn prepare(picture: Arc<Picture>) -> Prepared {
    Prepared {
        screen: color_image(&rgba8(&picture, SCREEN_PX)),
        thumbnail: color_image(&rgba8(&picture, THUMBNAIL_PX)),
        remembered: None,
        picture,
    }
}

fn rgba8(picture: &Picture, max_px: usize) -> Rgba8 {
    preview_rgba8(&picture.planes, picture.alpha.as_deref(), max_px)
}

/// Bytes in the form that the window draws.
pub(crate) fn color_image(image: &Rgba8) -> ColorImage {
    let size = [image.width, image.height];
    if image.data.chunks_exact(4).all(|pixel| pixel[3] == u8::MAX) {
        // Nothing to multiply: a plain copy, several times faster.
        ColorImage::from_rgba_premultiplied(size, &image.data)
    } else {
        ColorImage::from_rgba_unmultiplied(size, &image.data)
    }
}

fn write(picture: &Picture, options: &SaveOptions, target: SaveTarget) -> Result<PathBuf> {
    let path = match target {
        SaveTarget::File(path) if path.extension().is_none() => path.with_extension("png"),
        SaveTarget::File(path) => path,
        SaveTarget::Folder(folder, stem, extension) => {
            std::fs::create_dir_all(&folder).map_err(|source| {
                Error::file("create", &folder, source, super::text::OTHER_FOLDER)
            })?;
            free_name(&folder, &stem, extension)
        }
    };
    save(&path, &picture.planes, picture.alpha.as_deref(), options)?;
    Ok(path)
}

/// Resident memory of this process; 0 where the system does not say.
fn memory_bytes() -> u64 {
    crate::transfer::process_bytes().unwrap_or(0)
}

/// The folder that snapshots go to when none was chosen.
pub(crate) fn default_save_folder() -> PathBuf {
    directories::UserDirs::new()
        .and_then(|dirs| dirs.picture_dir().map(|pictures| pictures.join("Impasto")))
        .or_else(|| std::env::current_dir().ok())
        .unwrap_or_else(std::env::temp_dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_snapshots_never_replace_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("new");
        let picture = Picture::from_rgba8(2, 1, &[255, 0, 0, 255, 0, 0, 255, 255], "p").unwrap();
        let mut paths = Vec::new();
        for _ in 0..3 {
            let target = SaveTarget::Folder(target.clone(), "p".to_owned(), "png");
            paths.push(write(&picture, &SaveOptions::default(), target).unwrap());
        }
        assert!(paths.iter().all(|path| path.exists()));
        assert_eq!(paths[2], target.join("p-3.png"));
    }

    #[test]
    fn memory_is_known() {
        assert!(memory_bytes() > 1 << 20);
    }
}

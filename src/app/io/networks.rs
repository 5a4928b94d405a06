//! The thread "networks": lists, imports, compares and removes weights. A download has a thread
//! of its own, and so has the look into dropped files, so that neither waits for the other.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::Builder,
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, bounded};
use eframe::egui::Context;

use crate::{
    app::command::ids::Landing,
    error::{Error, Result},
    network::Family,
    pixels::OPEN_EXTENSIONS,
    vgg::weights::{Entry, Fetch, Folder, ImportOptions, Imported, Progress, begins_like_weights},
};

/// Time between two frames that show how far a download is.
const FRAME_EVERY: Duration = Duration::from_millis(200);

/// Work for the thread.
#[derive(Debug)]
pub(crate) enum NetworksJob {
    /// What there is.
    List,
    /// Keep the weights of a file.
    Import(PathBuf, Option<Family>),
    /// Compare with the digest.
    Verify(String),
    /// Delete.
    Remove(String),
    /// Forget what was received of a download.
    Forget,
}

/// What comes back.
#[derive(Debug)]
pub(crate) enum NetworksAnswer {
    /// The one inside the program, and those in the folder.
    Listed(Result<(Entry, Vec<Entry>)>),
    /// From this file.
    Imported(PathBuf, Result<Box<Imported>>),
    Verified(String, Result<()>),
    Removed(String, Result<()>),
    Forgotten(Result<()>),
    Fetched(Result<Box<Imported>>),
    /// Dropped files: pictures (or what else they may be), and weights.
    Sorted(Vec<PathBuf>, Vec<PathBuf>, Landing),
}

/// The window's end.
pub(crate) struct NetworksThread {
    jobs: Sender<NetworksJob>,
    answers: Receiver<NetworksAnswer>,
    /// For the threads of downloads and drops.
    answer: Sender<NetworksAnswer>,
    /// Of the download; the newest wins.
    progress: Arc<Mutex<Option<Progress>>>,
    /// Tells the download to end.
    leave: Arc<AtomicBool>,
    ctx: Context,
    folder: Result<Folder, String>,
    fetch: Fetch,
    /// Whether the folder is the one that settings without a file find weights in.
    pub(crate) is_standard: bool,
}

impl NetworksThread {
    /// Starts the thread; it ends when the window's end is dropped.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn spawn(
        ctx: &Context,
        folder: Option<PathBuf>,
        fetch: Option<Fetch>,
    ) -> Result<Self> {
        // One job for each click of a person.
        let (jobs, job_receiver) = bounded(64);
        // The thread waits when the window does not look: nothing is lost.
        let (answer, answers) = bounded(64);
        let is_standard = folder.is_none();
        let folder = folder.map_or_else(Folder::standard, |path| Ok(Folder::at(path)));
        let fetch = fetch.unwrap_or_else(Fetch::vgg19);
        let this = Self {
            jobs,
            answers,
            answer,
            progress: Arc::default(),
            leave: Arc::default(),
            ctx: ctx.clone(),
            folder: folder.map_err(|error| error.to_string()),
            fetch,
            is_standard,
        };
        let Ok(folder) = this.folder.clone() else {
            // Without a home there is nothing to list; every job says so.
            return Ok(this);
        };
        let (answer, ctx, fetch) = (this.answer.clone(), this.ctx.clone(), this.fetch.clone());
        spawn("networks", move || {
            for job in job_receiver {
                if answer.send(work(&folder, &fetch, job)).is_err() {
                    break;
                }
                ctx.request_repaint();
            }
        })?;
        Ok(this)
    }

    /// Where VGG-19 comes from.
    pub(crate) fn fetch(&self) -> &Fetch {
        &self.fetch
    }

    /// Hands a job over; never waits.
    ///
    /// # Errors
    /// When there is no folder, or dozens of jobs are waiting.
    pub(crate) fn send(&self, job: NetworksJob) -> Result<()> {
        self.folder()?;
        self.jobs.try_send(job).map_err(|fault| {
            Error::Internal(format!("the thread for networks takes no work: {fault}"))
        })
    }

    fn folder(&self) -> Result<&Folder> {
        self.folder.as_ref().map_err(|why| Error::Weights {
            name: "folder".to_owned(),
            why: why.clone(),
            advice: "VGG-16 inside the program works without one",
        })
    }

    /// Answers that have arrived; never waits.
    pub(crate) fn answers(&self) -> Vec<NetworksAnswer> {
        self.answers.try_iter().collect()
    }

    /// How far the download is.
    pub(crate) fn progress(&self) -> Option<Progress> {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins the download, or goes on with it.
    ///
    /// # Errors
    /// When the system has no thread to give, or there is no folder.
    pub(crate) fn begin_fetch(&mut self) -> Result<()> {
        let folder = self.folder()?.clone();
        // Flag and slot of an earlier download that may still be ending stay with that one.
        self.leave = Arc::default();
        self.progress = Arc::default();
        let (leave, progress) = (Arc::clone(&self.leave), Arc::clone(&self.progress));
        let (answer, ctx, fetch) = (self.answer.clone(), self.ctx.clone(), self.fetch.clone());
        spawn("download", move || {
            let mut report = |now: Progress| {
                *progress.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
                ctx.request_repaint_after(FRAME_EVERY);
                !leave.load(Ordering::Relaxed)
            };
            let fetched = folder.fetch(&fetch, &mut report).map(Box::new);
            if answer.send(NetworksAnswer::Fetched(fetched)).is_ok() {
                ctx.request_repaint();
            }
        })
    }

    /// Ends the download; what was received stays.
    pub(crate) fn leave_fetch(&self) {
        self.leave.store(true, Ordering::Relaxed);
    }

    /// Looks into dropped files.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn sort(&self, paths: Vec<PathBuf>, landing: Landing) -> Result<()> {
        let (answer, ctx) = (self.answer.clone(), self.ctx.clone());
        spawn("dropped files", move || {
            let (weights, others) = paths
                .into_iter()
                .flat_map(pictures_in)
                .partition(|path| begins_like_weights(path));
            let sorted = NetworksAnswer::Sorted(others, weights, landing);
            if answer.send(sorted).is_ok() {
                ctx.request_repaint();
            }
        })
    }
}

/// The pictures in a folder, by name; what is no folder, as it is.
fn pictures_in(path: PathBuf) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(&path) else {
        return vec![path];
    };
    let is_picture = |path: &PathBuf| {
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        extension.is_some_and(|extension| OPEN_EXTENSIONS.contains(&&*extension))
    };
    let mut pictures: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(is_picture)
        .collect();
    pictures.sort();
    pictures
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<()> {
    let spawned = Builder::new().name(name.to_owned()).spawn(work);
    spawned
        .map(drop)
        .map_err(|fault| Error::Internal(format!("no thread for {name}: {fault}")))
}

fn work(folder: &Folder, fetch: &Fetch, job: NetworksJob) -> NetworksAnswer {
    let entry = |name: &str| -> Result<Entry> {
        let entries = folder.entries()?.into_iter();
        let mut named = entries.filter(|entry| entry.name == name);
        named.next().ok_or_else(|| Error::Weights {
            name: name.to_owned(),
            why: "its file is gone".to_owned(),
            advice: "Import it again",
        })
    };
    match job {
        NetworksJob::List => NetworksAnswer::Listed(
            folder
                .entries()
                .and_then(|kept| Ok((Entry::embedded()?, kept))),
        ),
        NetworksJob::Import(path, family) => {
            let options = ImportOptions {
                family,
                name: None,
                numbered: true,
            };
            let imported = folder.import(&path, &options).map(Box::new);
            NetworksAnswer::Imported(path, imported)
        }
        NetworksJob::Verify(name) => {
            let verified = entry(&name).and_then(|entry| entry.verify());
            NetworksAnswer::Verified(name, verified)
        }
        NetworksJob::Remove(name) => {
            let removed = folder.remove(&name);
            NetworksAnswer::Removed(name, removed)
        }
        NetworksJob::Forget => NetworksAnswer::Forgotten(fetch.forget(folder.path())),
    }
}

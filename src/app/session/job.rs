//! What a run is made from: the one place where the window makes jobs and branches.

use std::sync::Arc;

use crate::{
    pixels::Picture,
    settings::TransferSettings,
    transfer::{Job, Resume, StyleImage},
    worker::{RunId, Snapshot},
};

/// Fewest pixels along the longest side of a picture that the network can look at.
const FEWEST_PX: u32 = 16;

/// The pictures of a run.
pub(crate) struct Inputs {
    pub(crate) content: Arc<Picture>,
    pub(crate) styles: Vec<StyleImage>,
    /// What it starts from, in place of what the settings say.
    pub(crate) initial: Option<Arc<Picture>>,
}

impl Inputs {
    /// A run of these, from its beginning.
    pub(crate) fn job(self, settings: TransferSettings, threads: Option<usize>) -> Job {
        Job {
            threads,
            ..Job::new(self.content, self.styles, settings).from_picture(self.initial)
        }
    }
}

/// The moment that a branch goes on from.
pub(crate) struct BranchFrom {
    /// The painting of the moment, before its finish where that is known.
    pub(crate) picture: Arc<Picture>,
    /// The content image of its run: another one would not lie under it.
    pub(crate) content: Arc<Picture>,
    pub(crate) run: RunId,
    /// `None` for a picture of no run: a run begins with it.
    pub(crate) resume: Option<Resume>,
}

impl BranchFrom {
    /// The moment of a picture of that run.
    pub(crate) fn new(snapshot: &Snapshot, run: RunId) -> Self {
        let of_run = snapshot.record.instant.is_none();
        Self {
            picture: Arc::clone(snapshot.unfinished.as_ref().unwrap_or(&snapshot.picture)),
            content: Arc::clone(&snapshot.content),
            run,
            resume: of_run.then(|| Resume {
                step: snapshot.step,
                secs: snapshot.secs,
                record: Arc::clone(&snapshot.record),
            }),
        }
    }

    /// Makes the job go on from here. Answers the run that it is a branch of, if it is one.
    pub(crate) fn apply(self, job: &mut Job) -> Option<RunId> {
        job.content = self.content;
        job.initial = Some(self.picture);
        job.resume = self.resume;
        job.resume.as_ref().map(|_| self.run)
    }
}

/// The size of a small picture beside the run: `px`, or what the picture has if that is less.
pub(crate) fn at_most_px(picture: &Picture, px: u32) -> u32 {
    px.min((picture.planes.longest_px() as u32).max(FEWEST_PX))
}

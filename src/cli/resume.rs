//! `impasto render --resume`: a run that was killed or interrupted goes on from its checkpoint.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    checkpoints::{Note, beside},
    choices::Choices,
    output,
    plan::Plan,
};
use crate::{
    error::{Error, Result},
    ordinary,
    transfer::{Checkpoint, Job},
    words::counted,
};

/// A file beyond this was not written by a run that fits into a computer.
const LARGEST_BYTES: u64 = 16 << 30;

/// A run to go on with.
pub(super) struct Kept {
    pub(super) path: PathBuf,
    pub(super) checkpoint: Arc<Checkpoint>,
    pub(super) note: Note,
}

impl Kept {
    /// Reads the checkpoint at `path`, or the one beside the output that it is named after.
    ///
    /// # Errors
    /// When there is none, or it is damaged.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let near = beside(path);
        let path = if near.is_file() { &near } else { path };
        let bytes = ordinary::read(path, LARGEST_BYTES).map_err(|fault| {
            Error::file(
                "read",
                path,
                fault,
                "Name the checkpoint of a run, or its output",
            )
        })?;
        let checkpoint = Checkpoint::from_bytes(&bytes)?;
        let note = checkpoint.note.as_deref();
        let note = note.and_then(|note| serde_json::from_str(note).ok());
        let note = note.ok_or_else(|| {
            let why = "it was not written by `impasto render`".to_owned();
            Error::Checkpoint(why)
        })?;
        Ok(Self {
            path: path.to_owned(),
            checkpoint: Arc::new(checkpoint),
            note,
        })
    }

    /// Reads the checkpoint of a run that is saved as `output`, if there is one.
    ///
    /// # Errors
    /// When it is damaged.
    pub(super) fn of_output(output: Option<&Path>) -> Result<Option<Self>> {
        let path = output.map(beside).filter(|path| path.exists());
        let Some(path) = path else {
            output::say("impasto: there is no checkpoint of this run: it begins anew");
            return Ok(None);
        };
        Self::open(&path).map(Some)
    }

    /// What the run does, as it was when it began. `choices` must not ask for anything else.
    ///
    /// # Errors
    /// When they do.
    pub(super) fn plan(&self, choices: &Choices) -> Result<Plan> {
        let (settings, _) = self.checkpoint.record.stages();
        let wanted = choices.over(&settings)?;
        if wanted != settings {
            return Err(self.another("other settings were given with --resume"));
        }
        let mut plan = Plan::of(settings);
        plan.until = self.note.until;
        plan.later = self.note.later.iter().cloned().collect();
        Ok(plan)
    }

    /// Checks that `job` with the changes of `plan` is the run that was kept.
    ///
    /// # Errors
    /// When it is another run.
    pub(super) fn check(&self, job: &Job, plan: &Plan) -> Result<()> {
        let is_same = self.checkpoint.record.is_of(job, &plan.changes());
        if is_same && plan.until == self.note.until {
            return Ok(());
        }
        // A picture that is another one is named.
        self.checkpoint.check(job)?;
        Err(self.another("the settings are other ones"))
    }

    /// Puts a run that was checked at the moment of the checkpoint.
    pub(super) fn go_on(&self, job: Job, plan: &mut Plan) -> Job {
        let record = &self.checkpoint.record;
        plan.skip_to(record.step);
        output::say(&format!(
            "impasto: going on after {}",
            counted(record.step, "step")
        ));
        job.going_on(Arc::clone(&self.checkpoint))
    }

    /// Threads that the run was computed with.
    pub(super) fn threads(&self) -> Option<usize> {
        Some(self.checkpoint.record.computed.threads).filter(|&threads| threads > 0)
    }

    fn another(&self, why: &str) -> Error {
        Error::Checkpoint(format!(
            "{why} than those of the run in {}: go on with the very same command, or by --resume \
             {} alone",
            self.path.display(),
            self.path.display()
        ))
    }
}

/// Refuses to begin anew over the checkpoint of an interrupted run.
///
/// # Errors
/// When there is one.
pub(super) fn check_none(output: &Path) -> Result<()> {
    let path = beside(output);
    if !path.exists() {
        return Ok(());
    }
    let expected = "a run that was interrupted is kept there: go on with --resume, or begin anew \
                    with --overwrite";
    Err(Error::setting("output", path.display(), expected))
}

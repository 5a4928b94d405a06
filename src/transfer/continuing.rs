//! A run puts itself down as a checkpoint, and goes on from one.

use std::sync::Arc;

use super::{
    checkpoint::Checkpoint,
    job::Job,
    objective_state::Aim,
    record::{Input, StyleInput},
    run::Transfer,
};
use crate::{
    error::{Error, Result},
    state::State,
};

/// The parts of a run that put down something of their own.
const PARTS: [&str; 3] = ["average", "optimizer", "objective"];

impl Checkpoint {
    /// Refuses a job that is not of the same pictures.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] that names the picture.
    pub fn check(&self, job: &Job) -> Result<()> {
        same(
            "content image",
            &self.record.content,
            &(&*job.content).into(),
        )?;
        if self.record.styles.len() != job.styles.len() {
            return Err(Error::Checkpoint(format!(
                "it has {} style images and not {}",
                self.record.styles.len(),
                job.styles.len()
            )));
        }
        for (kept, style) in self.record.styles.iter().zip(&job.styles) {
            let given = StyleInput::from(style);
            same("style image", &kept.input, &given.input)?;
            for (kept, given) in [
                (&kept.region, &given.region),
                (&kept.style_region, &given.style_region),
            ] {
                let nothing = Input::default();
                let kept = kept.as_ref().unwrap_or(&nothing);
                same("mask", kept, given.as_ref().unwrap_or(&nothing))?;
            }
        }
        Ok(())
    }
}

/// Whether a picture is the one that the run was painting with.
fn same(what: &str, kept: &Input, given: &Input) -> Result<()> {
    if kept.sha256 == given.sha256 {
        return Ok(());
    }
    Err(Error::Checkpoint(format!(
        "the {what} {} is not the one that the run began with, or has changed since",
        if given.name.is_empty() {
            &kept.name
        } else {
            &given.name
        }
    )))
}

impl Transfer {
    /// The run as it stands.
    pub fn checkpoint(&self) -> Checkpoint {
        let mut state = State::default();
        state.put_whole("level", self.level as u64);
        state.put_whole("level_steps", self.level_steps.into());
        state.put_double("last_loss", self.last_loss);
        state.put_floats("x", &self.x);
        let mut parts = [(); 3].map(|()| State::default());
        self.average.keep(&mut parts[0]);
        self.optimizer.keep(&mut parts[1]);
        self.objective.keep(&mut parts[2]);
        for (name, part) in PARTS.into_iter().zip(parts) {
            state.put_part(name, part);
        }
        Checkpoint {
            record: self.record(),
            note: None,
            state,
        }
    }

    /// Takes a state back that [`Self::checkpoint`] has put down, in a run that was prepared at its
    /// level and has no targets yet.
    pub(super) fn take_up(&mut self, checkpoint: &Arc<Checkpoint>) -> Result<()> {
        let mut state = checkpoint.state.clone();
        let length = self.x.len();
        self.x = state.take_floats("x", length)?;
        self.last_loss = state.take_double("last_loss")?;
        let [average, optimizer, objective] = &mut PARTS.map(|part| state.take_part(part));
        self.average.restore(average)?;
        self.optimizer.restore(optimizer, length)?;
        // Neighbors are matched to the picture that they were matched to.
        let aim = Aim::kept(objective, length)?;
        self.update_objective_for(aim.as_ref())?;
        self.objective.restore(objective)
    }
}

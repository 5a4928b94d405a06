//! Where a run begins: at its first level, at a checkpoint, or, as a branch, at a moment of another
//! run.

use super::{Checkpoint, History, Job, Level};
use crate::error::{Error, Result};

/// The place of the first step.
pub(super) struct Start {
    pub(super) level: usize,
    /// Steps that count as taken at that level, and in all.
    pub(super) level_steps: u32,
    pub(super) steps: u32,
    pub(super) secs: f64,
    pub(super) history: History,
}

impl Start {
    /// # Errors
    /// When a checkpoint does not fit the levels of the job's pictures.
    pub(super) fn of(job: &Job, levels: &[Level]) -> Result<Self> {
        match &job.checkpoint {
            Some(checkpoint) => Self::of_checkpoint(checkpoint, levels),
            None => Ok(Self::of_branch(job, levels)),
        }
    }

    fn of_checkpoint(checkpoint: &Checkpoint, levels: &[Level]) -> Result<Self> {
        let (level, level_steps) = checkpoint.place()?;
        if level >= levels.len() || level_steps > levels[level].steps {
            let why = "its place is not among the levels of the run".to_owned();
            return Err(Error::Checkpoint(why));
        }
        let record = &checkpoint.record;
        Ok(Self {
            level,
            level_steps,
            steps: record.step,
            secs: record.secs,
            history: record.history.clone(),
        })
    }

    fn of_branch(job: &Job, levels: &[Level]) -> Self {
        let Some(resume) = &job.resume else {
            return Self {
                level: 0,
                level_steps: 0,
                steps: 0,
                secs: 0.0,
                history: History::default(),
            };
        };
        let px = job
            .initial
            .as_ref()
            .map_or(0, |picture| picture.planes.longest_px());
        let (level, level_steps) = place(levels, resume.step, px);
        let before: u32 = levels[..level].iter().map(|level| level.steps).sum();
        let steps = before + level_steps;
        let parent = &resume.record;
        let mut history = parent.history.clone();
        history.changed(steps, &parent.settings, &job.settings, true);
        Self {
            level,
            level_steps,
            steps,
            secs: resume.secs,
            history,
        }
    }
}

/// Level and steps taken there, where a picture of `px` on its longest side after `step` steps
/// belongs. When the levels are not those of the run it comes from, it starts the level of its
/// size; a finished one starts the last level anew.
fn place(levels: &[Level], step: u32, px: usize) -> (usize, u32) {
    let last = levels.len() - 1;
    let mut before = 0;
    for (index, level) in levels.iter().enumerate() {
        let here = step.saturating_sub(before);
        let finished = index == last && here >= level.steps;
        if here <= level.steps && level.longest_px() == px && !finished {
            return (index, here);
        }
        before += level.steps;
        if step <= before {
            break;
        }
    }
    let fits = levels.iter().position(|level| level.longest_px() >= px);
    (fits.unwrap_or(last), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels() -> [Level; 3] {
        [(100, 50), (200, 30), (400, 20)].map(|(side, steps)| Level {
            width: side / 2,
            height: side,
            steps,
        })
    }

    #[test]
    fn a_moment_of_the_same_levels_is_taken_up_where_it_was() {
        for (step, px, expected) in [
            (1, 100, (0, 1)),
            (50, 100, (0, 50)),
            (51, 200, (1, 1)),
            (80, 200, (1, 30)),
            (99, 400, (2, 19)),
        ] {
            assert_eq!(place(&levels(), step, px), expected, "step {step}");
        }
    }

    #[test]
    fn a_finished_picture_takes_the_last_level_anew() {
        assert_eq!(place(&levels(), 100, 400), (2, 0));
        assert_eq!(place(&levels(), 900, 400), (2, 0));
    }

    #[test]
    fn a_picture_of_other_levels_starts_the_level_of_its_size() {
        assert_eq!(place(&levels(), 10, 150), (1, 0));
        assert_eq!(place(&levels(), 60, 100), (0, 0));
        assert_eq!(place(&levels(), 60, 4000), (2, 0));
    }
}

//! What a run of the command line does: its settings, and how they change under way.

use std::collections::VecDeque;

use crate::{
    error::Result,
    settings::TransferSettings,
    transfer::{Job, Transfer, plan},
};

/// The settings of a run and how they change under way.
pub(super) struct Plan {
    /// Those it begins with.
    pub(super) settings: TransferSettings,
    /// Those that come into force after so many steps.
    pub(super) later: VecDeque<(u32, TransferSettings)>,
    /// The step to stop after, when that is not the last one.
    pub(super) until: Option<u32>,
}

impl Plan {
    /// A run with the same settings throughout.
    pub(super) fn of(settings: TransferSettings) -> Self {
        Self {
            settings,
            later: VecDeque::new(),
            until: None,
        }
    }

    /// The settings that come into force on the way, each after so many steps.
    pub(super) fn changes(&self) -> Vec<(u32, TransferSettings)> {
        self.later.iter().cloned().collect()
    }

    /// Steps that a run of `job` takes.
    pub(super) fn length(&self, job: &Job) -> u32 {
        let content = &job.content.planes;
        let levels = plan(&job.settings, content.width, content.height);
        let planned = levels.iter().map(|level| level.steps).sum();
        self.until.unwrap_or(planned).min(planned)
    }

    /// Leaves out what came into force before the step that a run goes on from.
    pub(super) fn skip_to(&mut self, step: u32) {
        self.later.retain(|(after, _)| *after >= step);
    }

    /// Puts settings in force whose time has come.
    ///
    /// # Errors
    /// As [`Transfer::update`].
    pub(super) fn steer(&mut self, transfer: &mut Transfer) -> Result<()> {
        while let Some((after, settings)) = self.later.front()
            && *after <= transfer.steps()
        {
            transfer.update(settings)?;
            self.later.pop_front();
        }
        Ok(())
    }
}

//! Other settings for a run, between two of its steps.

use std::sync::Arc;

use super::{images, regions, run::Transfer, setup};
use crate::{
    error::Result,
    settings::{ColorMode, TransferSettings},
};

impl Transfer {
    /// Puts new settings in force; those of the finish cost nothing. What cannot change under way (size, steps, schedule, pooling,
    /// edges, initial image, seed) keeps its value, and so does the network: another one needs
    /// another engine, which [`Compute::update`](super::Compute::update) makes.
    ///
    /// # Errors
    /// When a setting is not valid or the weights lack a layer (the old ones stay in force), or the
    /// device fails.
    pub fn update(&mut self, wanted: &TransferSettings) -> Result<()> {
        wanted.validate()?;
        let pool = Arc::clone(&self.pool);
        pool.install(|| self.take(wanted))
    }

    /// Puts the finish of `wanted` in force, and nothing else of it. Answers whether that makes
    /// another picture.
    pub fn take_finish(&mut self, wanted: &TransferSettings) -> bool {
        self.settings.take_finish_of(wanted)
    }

    fn take(&mut self, wanted: &TransferSettings) -> Result<()> {
        regions::check(&self.job, wanted)?;
        let settings = self.settings.apply(wanted);
        if self.settings.has_steps_of(&settings) {
            self.settings = settings;
            return Ok(());
        }
        let before = std::mem::replace(&mut self.settings, settings);
        let recolored = |s: &TransferSettings| s.color == ColorMode::Recolor;
        let repainted = recolored(&before) != recolored(&self.settings)
            || before.style_scale != self.settings.style_scale;
        if let Err(error) = self.renew_targets(repainted) {
            self.settings = before;
            self.renew_targets(repainted)?;
            return Err(error);
        }
        self.history
            .changed(self.steps, &before, &self.settings, false);
        let optimizer = |s: &TransferSettings| {
            (
                s.optimizer,
                s.history,
                s.beta1.to_bits(),
                s.beta2.to_bits(),
                s.clamp_pixels,
            )
        };
        self.optimizer.objective_changed(&mut self.x);
        if optimizer(&before) != optimizer(&self.settings) {
            self.optimizer = setup::optimizer(&self.settings, self.mean);
        }
        self.optimizer
            .set_learning_rate(self.settings.learning_rate);
        Ok(())
    }

    /// Makes the targets that the settings ask for; all of them anew where the images behind them
    /// are others.
    fn renew_targets(&mut self, repainted: bool) -> Result<()> {
        if repainted {
            let level = self.levels[self.level];
            let images = images::at_level(&self.job, &self.settings, level, self.mean);
            self.objective.replace_images(images);
        }
        self.update_objective()
    }
}

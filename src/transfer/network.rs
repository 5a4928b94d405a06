//! Another network under a run: the picture stays, the targets are those of the new network.
//!
//! Weights are brought to a common size over the pictures of the run where settings ask for it.

use std::sync::Arc;

use super::{
    average::Average,
    images,
    job::Job,
    levels::{Level, plan},
    objective::Objective,
    run::Transfer,
    setup,
    stage::Stage,
};
use crate::{
    error::Result,
    network::{Family, Normalization},
    settings::TransferSettings,
    vgg::{Engine, VggImage, weights::Weights},
};

/// Longest side of the pictures that filters are normalized over: means over channels hardly
/// depend on the size, and all layers are passed.
const MEASURED_PX: usize = 256;

/// `weights`, normalized over the pictures of `job` where its settings ask for it.
pub(super) fn normalized(weights: Arc<Weights>, job: &Job, threads: usize) -> Result<Arc<Weights>> {
    let settings = &job.settings;
    if settings.normalization == Normalization::Off {
        return Ok(weights);
    }
    let planes = &job.content.planes;
    let level = plan(settings, planes.width, planes.height)[0];
    let longest = level.longest_px().min(MEASURED_PX);
    let (width, height) = planes.sides_for(longest as u32);
    let measured = TransferSettings {
        style_scale: 1.0,
        ..settings.clone()
    };
    let level = Level {
        width,
        height,
        ..level
    };
    let images = images::at_level(job, &measured, level, weights.family.mean());
    let styles = images.styles.iter().map(|style| VggImage {
        data: &style.data,
        height: style.height,
        width: style.width,
    });
    let framed = images.framed(&images.content);
    let all: Vec<VggImage<'_>> = styles.chain([images.as_vgg(&framed)]).collect();
    weights.normalized(&all, setup::topology(settings), Some(threads))
}

impl Transfer {
    /// The pictures of the run with those of `wanted` settings that can change under way, network
    /// and weights among them.
    pub(super) fn job_with(&self, wanted: &TransferSettings) -> Job {
        let mut settings = self.settings.apply(wanted);
        settings.take_network_of(wanted);
        Job {
            settings,
            ..self.job.clone()
        }
    }

    /// Goes on with another network, from the picture of the moment. The optimizer starts afresh:
    /// sizes of gradients differ from network to network.
    ///
    /// `settings` are valid ones of [`Self::job_with`].
    ///
    /// # Errors
    /// When a layer is missing, memory runs out or the device fails; then nothing has changed.
    pub(super) fn switch(
        &mut self,
        engine: Box<dyn Engine>,
        family: Family,
        settings: TransferSettings,
    ) -> Result<()> {
        let pool = Arc::clone(&self.pool);
        pool.install(|| self.switch_here(engine, family, settings))
    }

    fn switch_here(
        &mut self,
        mut engine: Box<dyn Engine>,
        family: Family,
        settings: TransferSettings,
    ) -> Result<()> {
        let mean = family.mean();
        let images = images::at_level(&self.job, &settings, self.levels[self.level], mean);
        let mut objective = Objective::new(images, setup::topology(&settings));
        let stage = Stage::at(&settings, &self.levels, self.level, self.level_steps);
        objective.update(&settings, stage, engine.as_mut(), &self.x)?;
        // Nothing fails from here on.
        self.history
            .changed(self.steps, &self.settings, &settings, false);
        let had_best = self.optimizer.best().is_some();
        self.optimizer.objective_changed(&mut self.x);
        if had_best {
            self.average = Average::new(self.x.len());
            self.average.push(&self.x, 0.0);
        }
        let color = [0, 1, 2].map(|plane| self.mean[plane] - mean[plane]);
        let pixels = self.x.len() / 3;
        for (plane, value) in self.x.chunks_exact_mut(pixels).zip(color) {
            plane.iter_mut().for_each(|x| *x += value);
        }
        self.average.shift(color);
        self.optimizer = setup::optimizer(&settings, mean);
        (self.engine, self.family, self.mean) = (engine, family, mean);
        (self.objective, self.settings) = (objective, settings);
        Ok(())
    }
}

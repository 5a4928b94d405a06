//! The transfer: levels, objective, initial image, averaging. Owns the network, the picture and
//! the optimizer.
//!
//! [`Transfer::step`] does one evaluation and one move. Whoever calls it (the worker, the command
//! line, a test) decides when: between two steps a run can be paused, steered, looked at or
//! dropped. Nothing here reads files, prints, or knows a thread.

mod average;
mod compute;
mod devices;
pub mod film;
mod images;
mod job;
mod levels;
mod memory;
mod network;
mod objective;
mod record;
mod recovery;
mod regions;
mod resume;
mod self_test;
mod steering;
mod targets;
mod term_weights;

use std::time::Instant;

/// Name, effect and source of each measure of style, for those who show them.
pub use crate::loss::style_measure;
pub use compute::Compute;
pub use devices::DeviceInfo;
pub(crate) use images::style_sides;
pub use job::{Job, Resume, StepReport, StyleImage};
pub use levels::{Level, plan};
pub use memory::{Forecast, estimate_bytes, forecast};
pub use record::{Change, Computed, History, Input, Record, StyleInput};
pub use self_test::{Check, GRADIENT_TOLERANCE, SelfTest, TOLERANCE};

use self::{average::Average, objective::Objective, recovery::recovering};
use crate::{
    error::{Error, Result},
    network::Family,
    optim::{Adam, AdamSettings, Lbfgs, LbfgsMode, Optimizer, Resample},
    pixels::{self, Filter, Picture, Planes, Rgba8},
    settings::{ColorMode, OptimizerKind, TransferSettings},
    vgg::{Engine, Topology},
};

/// Steps that L-BFGS takes with the same random draws.
const DRAWS_HELD_STEPS: u32 = 20;

/// A run in progress.
pub struct Transfer {
    job: Job,
    /// The settings in force: those of the job with later updates.
    settings: TransferSettings,
    engine: Box<dyn Engine>,
    family: Family,
    mean: [f32; 3],
    levels: Vec<Level>,
    level: usize,
    /// Steps taken at this level, and in all.
    level_steps: u32,
    steps: u32,
    objective: Objective,
    optimizer: Box<dyn Optimizer>,
    /// The next picture to evaluate, in the network's pixel space `[3, H, W]`.
    x: Vec<f32>,
    average: Average,
    secs: f64,
    last_loss: f64,
    history: History,
}

impl Transfer {
    /// Prepares the first level: resizes the pictures and computes the targets.
    ///
    /// `family` is that of the engine's weights.
    ///
    /// # Errors
    /// When a setting is not valid, a style image is missing, memory runs out or the device
    /// fails.
    pub fn new(job: Job, engine: Box<dyn Engine>, family: Family) -> Result<Self> {
        let begin = Instant::now();
        let settings = job.settings.clone();
        settings.validate()?;
        regions::check(&job, &settings)?;
        let mean = family.mean();
        let levels = plan(
            &settings,
            job.content.planes.width,
            job.content.planes.height,
        );
        let start = resume::Start::of(&job, &levels);
        let level_images = images::at_level(&job, &settings, levels[start.level], mean);
        let topology = topology(&settings);
        let x = images::initial(&job, &settings, levels[start.level], mean)?;
        let mut transfer = Self {
            objective: Objective::new(level_images, topology),
            optimizer: make_optimizer(&settings, mean),
            average: Average::new(x.len()),
            job,
            settings,
            engine,
            family,
            mean,
            levels,
            level: start.level,
            level_steps: start.level_steps,
            steps: start.steps,
            x,
            secs: start.secs,
            last_loss: f64::NAN,
            history: start.history,
        };
        transfer.update_objective()?;
        transfer.secs += begin.elapsed().as_secs_f64();
        Ok(transfer)
    }

    /// The levels of the run, coarse to fine.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// Index of the level at hand.
    pub fn level(&self) -> usize {
        self.level
    }

    /// Steps taken so far.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Whether all steps are done.
    pub fn finished(&self) -> bool {
        self.level + 1 == self.levels.len() && self.level_steps >= self.levels[self.level].steps
    }

    /// The settings in force.
    pub fn settings(&self) -> &TransferSettings {
        &self.settings
    }

    /// Seconds of computing so far.
    pub fn secs(&self) -> f64 {
        self.secs
    }

    /// The content image.
    pub(crate) fn content(&self) -> &std::sync::Arc<Picture> {
        &self.job.content
    }

    /// What was changed so far.
    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// Whether the step that was just taken is the last one of its level.
    pub(crate) fn level_ends(&self) -> bool {
        self.level_steps == self.levels[self.level].steps
    }

    /// Total loss at the last evaluation; not a number before the first.
    pub fn last_loss(&self) -> f64 {
        self.last_loss
    }

    /// One evaluation and one move; enters the next level first when this one is done. Past the
    /// last step it goes on at the last level.
    ///
    /// # Errors
    /// When the loss is no longer a number, memory runs out or the device fails. The picture is
    /// still the last good one then.
    pub fn step(&mut self) -> Result<StepReport> {
        let begin = Instant::now();
        if self.level_steps >= self.levels[self.level].steps && self.level + 1 < self.levels.len() {
            self.enter_level(self.level + 1)?;
        }
        self.hold_draws();
        let longest_px = self.longest_px();
        let evaluated = recovering(self.engine.as_mut(), longest_px, |engine| {
            self.objective.evaluate(&self.x, engine)
        })?;
        let recoverable = self.optimizer.best().is_some();
        if !evaluated.total.is_finite() && !recoverable {
            return Err(Error::NotFinite {
                what: "loss",
                step: self.steps + 1,
                advice: "lower the learning rate or the weights, or choose the optimizer lbfgs",
            });
        }
        self.optimizer
            .step(&mut self.x, evaluated.total, &evaluated.gradient);
        self.average.push(&self.x, self.settings.averaging);
        self.level_steps += 1;
        self.steps += 1;
        self.secs += begin.elapsed().as_secs_f64();
        self.last_loss = evaluated.total;
        Ok(StepReport {
            step: self.steps,
            total: evaluated.total,
            content: evaluated.content,
            style: evaluated.style,
            pixels: evaluated.pixels,
            tv: evaluated.tv,
            secs: self.secs,
            level: self.level,
            content_kept: evaluated.content_kept,
            style_reached: evaluated.style_reached,
        })
    }

    /// L-BFGS compares losses of different steps, so measures with random draws keep theirs for a
    /// while; then they draw anew and L-BFGS starts over.
    fn hold_draws(&mut self) {
        let compares = self.settings.optimizer != OptimizerKind::Adam;
        let renew = self.level_steps.is_multiple_of(DRAWS_HELD_STEPS);
        let stochastic = self
            .settings
            .style_measures
            .keys()
            .any(|measure| measure.draws())
            || self
                .settings
                .content_measures
                .keys()
                .any(|measure| measure.draws());
        if compares && stochastic && renew {
            self.optimizer.objective_changed(&mut self.x);
        }
        self.objective.hold(compares && !renew);
    }

    /// Puts new settings in force. What cannot change under way (size, steps, schedule, pooling,
    /// edges, initial image, seed) keeps its value, and so does the network: another one needs
    /// another engine, which [`Compute::update`] makes.
    ///
    /// # Errors
    /// When a setting is not valid or the weights lack a layer (the old ones stay in force), or the
    /// device fails.
    pub fn update(&mut self, wanted: &TransferSettings) -> Result<()> {
        wanted.validate()?;
        regions::check(&self.job, wanted)?;
        let settings = live(&self.settings, wanted);
        if settings == self.settings {
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
            self.optimizer = make_optimizer(&self.settings, self.mean);
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

    /// The picture of the moment at the size of its level: averaged, or the best one so far, with
    /// the colors that the settings ask for and the content image's alpha.
    pub fn picture(&self) -> Picture {
        let Level { width, height, .. } = self.levels[self.level];
        let content = &self.job.content;
        Picture {
            planes: self.planes(),
            alpha: content.alpha.as_ref().map(|alpha| {
                let from = (content.planes.width, content.planes.height);
                pixels::resample_plane(alpha, from, (width, height), Filter::Bilinear)
            }),
            name: content.name.clone(),
            path: None,
            sha256: String::new(),
        }
    }

    /// How the picture of the moment was made.
    pub fn record(&self, computed: &Computed) -> Record {
        Record {
            step: self.steps,
            loss: Some(self.last_loss).filter(|loss| loss.is_finite()),
            secs: self.secs,
            settings: self.settings.clone(),
            ..Record::of_job(&self.job, computed, &self.history)
        }
    }

    /// The picture of the moment for the screen, at most `max_px` a side.
    pub fn preview(&self, max_px: usize) -> Rgba8 {
        let picture = self.picture();
        pixels::preview_rgba8(&picture.planes, picture.alpha.as_deref(), max_px)
    }

    /// The family of the engine's weights.
    pub fn family(&self) -> Family {
        self.family
    }

    /// The name of what computes it, as a choice of devices gives it.
    pub fn device(&self) -> String {
        self.engine.name()
    }

    /// Gives the engine back, to be used for another run.
    pub fn into_engine(self) -> Box<dyn Engine> {
        self.engine
    }

    fn planes(&self) -> Planes {
        let Level { width, height, .. } = self.levels[self.level];
        let averaged = self.average.picture();
        let best = self.optimizer.best().map(|(x, _)| x);
        let shown = best.or(averaged.as_deref()).unwrap_or(&self.x);
        let planes = pixels::srgb_from_vgg(shown, width, height, self.mean);
        if self.settings.color == ColorMode::Luminance {
            let content = self.job.content.planes.resize(width, height);
            return pixels::keep_content_colors(&planes, &content);
        }
        planes
    }

    /// Goes on at another size, from the picture of the moment.
    fn enter_level(&mut self, next: usize) -> Result<()> {
        let (old, new) = (self.levels[self.level], self.levels[next]);
        let (from, to) = ((old.width, old.height), (new.width, new.height));
        let resample = |data: &[f32], rule: Resample| -> Vec<f32> {
            let filter = match rule {
                Resample::Signed => Filter::CatmullRom,
                Resample::NonNegative => Filter::Bilinear,
            };
            data.chunks_exact(from.0 * from.1)
                .flat_map(|plane| pixels::resample_plane(plane, from, to, filter))
                .collect()
        };
        let best = self.optimizer.best().map(|(x, _)| x.to_vec());
        let shown = match best {
            Some(best) => best,
            None => self.average.picture().unwrap_or_else(|| self.x.clone()),
        };
        self.x = resample(&shown, Resample::Signed);
        if self.settings.initial_image.shows_content() {
            let detail = images::finer_detail(&self.job.content.planes, new, self.mean, |planes| {
                let coarse = pixels::vgg_from_srgb(&planes.resize(from.0, from.1), self.mean);
                resample(&coarse, Resample::Signed)
            });
            self.x.iter_mut().zip(detail).for_each(|(x, d)| *x += d);
        }
        self.optimizer.size_changed(&mut self.x, &resample);
        self.average = Average::new(self.x.len());
        self.level = next;
        self.level_steps = 0;
        let images = images::at_level(&self.job, &self.settings, new, self.mean);
        self.objective.replace_images(images);
        self.update_objective()
    }

    /// Puts the settings in force in the objective.
    fn update_objective(&mut self) -> Result<()> {
        let longest_px = self.longest_px();
        recovering(self.engine.as_mut(), longest_px, |engine| {
            self.objective.update(&self.settings, engine)
        })
    }

    /// The longer side of the picture at this level.
    fn longest_px(&self) -> usize {
        let Level { width, height, .. } = self.levels[self.level];
        width.max(height)
    }
}

fn topology(settings: &TransferSettings) -> Topology {
    Topology {
        pooling: settings.pooling,
        edge_padding: settings.edge_padding,
    }
}

/// `wanted`, with the old values of what cannot change under way.
fn live(old: &TransferSettings, wanted: &TransferSettings) -> TransferSettings {
    TransferSettings {
        network: old.network,
        weights: old.weights.clone(),
        weights_kind: old.weights_kind,
        weights_seed: old.weights_seed,
        normalization: old.normalization,
        size_px: old.size_px,
        pooling: old.pooling,
        edge_padding: old.edge_padding,
        steps: old.steps,
        schedule: old.schedule,
        coarsest_px: old.coarsest_px,
        initial_image: old.initial_image.clone(),
        noise_deviation: old.noise_deviation,
        seed: old.seed,
        ..wanted.clone()
    }
}

fn make_optimizer(settings: &TransferSettings, mean: [f32; 3]) -> Box<dyn Optimizer> {
    let bounds = settings
        .clamp_pixels
        .then(|| mean.map(|mean| (-mean, 255.0 - mean)));
    let (history, learning_rate) = (settings.history as usize, settings.learning_rate);
    let lbfgs = |mode| Box::new(Lbfgs::new(mode, history, learning_rate, bounds));
    match settings.optimizer {
        OptimizerKind::Adam => Box::new(Adam::new(AdamSettings {
            learning_rate,
            beta1: settings.beta1,
            beta2: settings.beta2,
            clamp: bounds,
        })),
        OptimizerKind::Lbfgs => lbfgs(LbfgsMode::Safeguarded),
        OptimizerKind::LbfgsPlain => lbfgs(LbfgsMode::Plain),
    }
}

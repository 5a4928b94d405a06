//! A run in progress: it owns the network's engine, the picture, the optimizer and the threads that
//! compute. Everything parallel that belongs to a run goes through [`Transfer::install`] here, so
//! that no caller can forget the threads.

use std::{sync::Arc, time::Instant};

use rayon::ThreadPool;

use super::{
    Computed, History, Job, Level, StepReport, average::Average, finish::Finish, images,
    objective::Objective, objective_state::Aim, plan, recovery::recovering, remarks, resume, room,
    setup, stage::Stage,
};
use crate::{
    error::{Error, Result},
    network::Family,
    optim::{Optimizer, Resample},
    pixels::{self, Filter, Picture},
    settings::TransferSettings,
    vgg::Engine,
};

/// Steps that L-BFGS takes with the same random draws.
const DRAWS_HELD_STEPS: u32 = 20;

/// A run in progress.
pub struct Transfer {
    /// The threads of low priority that everything is computed on.
    pub(super) pool: Arc<ThreadPool>,
    /// With what it is computed.
    pub(super) computed: Computed,
    pub(super) job: Job,
    /// The settings in force: those of the job with later updates.
    pub(super) settings: TransferSettings,
    pub(super) engine: Box<dyn Engine>,
    pub(super) family: Family,
    pub(super) mean: [f32; 3],
    pub(super) levels: Vec<Level>,
    pub(super) level: usize,
    /// Steps taken at this level, and in all.
    pub(super) level_steps: u32,
    pub(super) steps: u32,
    pub(super) objective: Objective,
    pub(super) optimizer: Box<dyn Optimizer>,
    /// The next picture to evaluate, in the network's pixel space `[3, H, W]`.
    pub(super) x: Vec<f32>,
    pub(super) average: Average,
    pub(super) finish: Finish,
    pub(super) secs: f64,
    pub(super) last_loss: f64,
    pub(super) history: History,
}

impl Transfer {
    /// Prepares the first level: resizes the pictures and computes the targets. The settings of the
    /// job are valid. `family` is that of the engine's weights.
    ///
    /// # Errors
    /// When a style image is missing, memory runs out or the device fails.
    pub(super) fn new(
        job: Job,
        engine: Box<dyn Engine>,
        family: Family,
        computed: Computed,
        pool: &Arc<ThreadPool>,
    ) -> Result<Self> {
        pool.install(|| Self::prepared(job, engine, family, computed, pool))
    }

    fn prepared(
        job: Job,
        engine: Box<dyn Engine>,
        family: Family,
        computed: Computed,
        pool: &Arc<ThreadPool>,
    ) -> Result<Self> {
        let begin = Instant::now();
        let settings = job.settings.clone();
        let mean = family.mean();
        let levels = plan(
            &settings,
            job.content.planes.width,
            job.content.planes.height,
        );
        let start = resume::Start::of(&job, &levels)?;
        let level = levels[start.level];
        let content = job.content.resized(level.width, level.height);
        let level_images = images::of_level(&job, &settings, &content, mean);
        let topology = setup::topology(&settings);
        let x = images::initial(&job, &settings, content, mean)?;
        let mut transfer = Self {
            pool: Arc::clone(pool),
            computed,
            objective: Objective::new(level_images, topology),
            optimizer: setup::optimizer(&settings, mean),
            average: Average::new(x.len()),
            finish: Finish::new(&job, level),
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
        match transfer.job.checkpoint.clone() {
            Some(checkpoint) => transfer.take_up(&checkpoint)?,
            None => transfer.update_objective()?,
        }
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

    /// What has to be said about the pictures of the run: a sentence each, without a capital.
    pub fn remarks(&self) -> Vec<String> {
        let last = self.levels[self.levels.len() - 1];
        let job = &self.job;
        let of_pictures = self.pool.install(|| remarks::remarks(job));
        let of_room = room::remark(job, last);
        of_room.into_iter().chain(of_pictures).collect()
    }

    /// The content image.
    pub(crate) fn content(&self) -> &Arc<Picture> {
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
        let pool = Arc::clone(&self.pool);
        pool.install(|| self.evaluate_and_move())
    }

    fn evaluate_and_move(&mut self) -> Result<StepReport> {
        let begin = Instant::now();
        if self.level_steps >= self.levels[self.level].steps && self.level + 1 < self.levels.len() {
            self.enter_level(self.level + 1)?;
        }
        self.hold_draws();
        let stage = self.stage();
        if self.objective.set_stage(stage) {
            self.optimizer.objective_changed(&mut self.x);
        }
        self.optimizer.set_learning_rate(stage.learning_rate);
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
        let compares = self.settings.optimizer.description().compares_losses;
        let renew = self.level_steps.is_multiple_of(DRAWS_HELD_STEPS);
        let stochastic = self
            .settings
            .style_measures
            .keys()
            .any(|measure| measure.description().draws)
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

    /// Runs other work that belongs to the run, as the saving of its picture, on its threads.
    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.pool.install(work)
    }

    /// With what it is computed.
    pub fn computed(&self) -> &Computed {
        &self.computed
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
            let detail = images::finer_detail(&self.job.content, new, self.mean, |picture| {
                let coarse = pixels::vgg_from_srgb(&picture.resized(from.0, from.1), self.mean);
                resample(&coarse, Resample::Signed)
            });
            self.x.iter_mut().zip(detail).for_each(|(x, d)| *x += d);
        }
        self.optimizer.size_changed(&mut self.x, &resample);
        self.average = Average::new(self.x.len());
        self.finish = self.finish.at(new);
        self.level = next;
        self.level_steps = 0;
        let images = images::at_level(&self.job, &self.settings, new, self.mean);
        self.objective.replace_images(images);
        self.update_objective()
    }

    /// Puts the settings in force in the objective.
    pub(super) fn update_objective(&mut self) -> Result<()> {
        self.update_objective_for(None)
    }

    /// The same with neighbors matched to what they were matched to before, in a run that goes on
    /// from a checkpoint.
    pub(super) fn update_objective_for(&mut self, aim: Option<&Aim>) -> Result<()> {
        let (longest_px, mut stage) = (self.longest_px(), self.stage());
        let mut x = &self.x;
        if let Some(aim) = aim {
            stage.freedom = aim.freedom;
            // What follows no picture is the same for every picture.
            x = if aim.x.is_empty() { x } else { &aim.x };
        }
        recovering(self.engine.as_mut(), longest_px, |engine| {
            self.objective.update(&self.settings, stage, engine, x)
        })
    }

    /// Where the run stands.
    fn stage(&self) -> Stage {
        Stage::at(&self.settings, &self.levels, self.level, self.level_steps)
    }

    /// The longer side of the picture at this level.
    fn longest_px(&self) -> usize {
        self.levels[self.level].longest_px()
    }
}

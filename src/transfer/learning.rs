//! Brushes are learnt: the gammas and betas of a feed-forward network are fitted to one painting, by the
//! losses that a run uses.
//!
//! A step paints a few photographs with the brush as it is, asks a run's objective (Gatys and others 2016,
//! as a feed-forward network's loss by Johnson and others 2016) for the gradient at each, and takes it
//! back through the network to the brush's numbers, which Adam moves. The network's other
//! weights stay: some hundred numbers on three photographs learn in a minute, and hold on others.

use std::{sync::Arc, time::Instant};

use super::{
    Compute, Job, StyleImage, images,
    levels::Level,
    objective::{Evaluated, Objective},
    setup,
    stage::Stage,
};
use crate::{
    error::{Error, Result},
    feedforward::{Architecture, Brush, BrushRecord, Norms, Transformer},
    network::Network,
    optim::{Optimizer, OptimizerKind, OptimizerSettings},
    pixels::{self, Picture, Planes, encode_jpeg},
    settings::{ContentMeasure, Schedule, StyleMeasure, TransferSettings, preset},
    vgg::Engine,
};

/// Step size of Adam at the start: gammas and betas are about 1.
const LEARNING_RATE: f64 = 0.03;
/// Share of it that is left at the end.
const RATE_LEFT: f64 = 0.1;
/// Longest side of a brush's preview.
const PREVIEW_PX: u32 = 256;
/// Quality of a brush's preview.
const PREVIEW_QUALITY: u8 = 85;

/// What a brush is learnt from.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The painting.
    pub style: Arc<Picture>,
    /// The photographs it is learnt on, at least one.
    pub photographs: Vec<Arc<Picture>>,
    /// Steps to take.
    pub steps: u32,
    /// Longest side of photographs and painting: the size at which strokes are as in the painting.
    pub size_px: u32,
    /// From content (0) to style (1).
    pub dial: f64,
}

/// What a step tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LessonReport {
    /// Number of the step, from 1.
    pub step: u32,
    /// Steps in all.
    pub steps: u32,
    /// Style loss relative to that of the unpainted photographs, their mean.
    pub style_loss: f64,
    /// How much of the content is there, 0..1, their mean.
    pub content_kept: f64,
    /// Seconds of computing so far.
    pub secs: f64,
}

/// A photograph with its targets.
struct Exercise {
    planes: Planes,
    objective: Objective,
}

/// A brush that is being learnt.
pub struct Learner {
    lesson: Lesson,
    engine: Box<dyn Engine>,
    mean: [f32; 3],
    network: &'static Transformer,
    exercises: Vec<Exercise>,
    values: Vec<f32>,
    optimizer: Box<dyn Optimizer>,
    first_loss: Option<f64>,
    last_loss: f64,
    step: u32,
    secs: f64,
}

impl Learner {
    /// Prepares the targets. The brush starts as the prediction network sees the painting.
    ///
    /// # Errors
    /// When there is no photograph, a setting is out of range, or memory runs out.
    pub fn new(compute: &Compute, lesson: Lesson) -> Result<Self> {
        let begin = Instant::now();
        if lesson.photographs.is_empty() {
            let expected = "name at least one photograph to learn on";
            return Err(Error::setting("photos", "none", expected));
        }
        let settings = settings(&lesson)?;
        let (mut engine, family) = compute.engine(Network::Vgg16, None)?;
        let mean = family.mean();
        let network = Transformer::embedded(Architecture::Ghiasi2017)?;
        let mut exercises = Vec::new();
        let start = compute.install(|| -> Result<Norms> {
            for photograph in &lesson.photographs {
                let planes = photograph.fitted(lesson.size_px);
                let style = StyleImage::new(Arc::clone(&lesson.style), 1.0);
                let job = Job::new(Arc::clone(photograph), vec![style], settings.clone());
                let images = images::of_level(&job, &settings, &planes, mean);
                let mut objective = Objective::new(images, setup::topology(&settings));
                let x = pixels::vgg_from_srgb(&planes, mean);
                let level = Level {
                    width: planes.width,
                    height: planes.height,
                    steps: lesson.steps,
                };
                let stage = Stage::at(&settings, &[level], 0, 0);
                objective.update(&settings, stage, engine.as_mut(), &x)?;
                exercises.push(Exercise { planes, objective });
            }
            Norms::of_picture(&lesson.style.planes)
        })?;
        let optimizer = (OptimizerKind::Adam.description().make)(OptimizerSettings {
            learning_rate: LEARNING_RATE,
            beta1: 0.9,
            beta2: 0.999,
            history: 0,
            clamp: None,
        });
        Ok(Self {
            lesson,
            engine,
            mean,
            network,
            exercises,
            values: start.values().to_vec(),
            optimizer,
            first_loss: None,
            last_loss: f64::NAN,
            step: 0,
            secs: begin.elapsed().as_secs_f64(),
        })
    }

    /// Whether all steps are done.
    pub fn finished(&self) -> bool {
        self.step >= self.lesson.steps
    }

    /// Takes a step, on the threads of `compute`.
    ///
    /// # Errors
    /// When the loss is no longer a number, or memory runs out; the brush is the last good one then.
    pub fn step(&mut self, compute: &Compute) -> Result<LessonReport> {
        let begin = Instant::now();
        let (evaluations, gradient) = compute.install(|| self.evaluate())?;
        let count = evaluations.len() as f64;
        let mean =
            |value: fn(&Evaluated) -> f64| evaluations.iter().map(value).sum::<f64>() / count;
        let loss = mean(|evaluated| evaluated.total);
        if !loss.is_finite() || gradient.iter().any(|value| !value.is_finite()) {
            return Err(Error::NotFinite {
                what: "loss",
                step: self.step + 1,
                advice: "learn from another style image, or with a lower --dial",
            });
        }
        let done = f64::from(self.step) / f64::from(self.lesson.steps);
        let rate = LEARNING_RATE * RATE_LEFT.powf(done);
        self.optimizer.set_learning_rate(rate);
        self.optimizer.step(&mut self.values, loss, &gradient);
        self.step += 1;
        self.secs += begin.elapsed().as_secs_f64();
        self.last_loss = mean(|evaluated| 1.0 - evaluated.style_reached);
        self.first_loss.get_or_insert(self.last_loss);
        Ok(LessonReport {
            step: self.step,
            steps: self.lesson.steps,
            style_loss: self.last_loss,
            content_kept: mean(|evaluated| evaluated.content_kept),
            secs: self.secs,
        })
    }

    /// The figures at every photograph, and the mean gradient of the brush's numbers.
    fn evaluate(&mut self) -> Result<(Vec<Evaluated>, Vec<f32>)> {
        let norms = self.norms()?;
        let mut sum = vec![0.0; self.values.len()];
        let mut evaluations = Vec::new();
        // Means over the photographs; pixels are 0..1 here and 0..255 there.
        let share = 255.0 / self.exercises.len() as f32;
        for exercise in &mut self.exercises {
            let (painted, tape) = self.network.paint_taped(&exercise.planes, &norms)?;
            let x = pixels::vgg_from_srgb(&painted, self.mean);
            let evaluated = exercise.objective.evaluate(&x, self.engine.as_mut())?;
            let gradients = self
                .network
                .reverse(&tape, &norms, &evaluated.gradient, false)?;
            for (sum, gradient) in sum.iter_mut().zip(gradients.norms) {
                *sum += share * gradient;
            }
            evaluations.push(evaluated);
        }
        Ok((evaluations, sum))
    }

    /// A photograph painted with the brush as it is.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn picture(&self, compute: &Compute) -> Result<Planes> {
        let norms = self.norms()?;
        let planes = self.lesson.photographs[0].fitted(PREVIEW_PX);
        compute.install(|| self.network.paint(&planes, &norms))
    }

    /// The brush as it is.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn brush(&self, compute: &Compute, name: &str) -> Result<Brush> {
        let preview = self.picture(compute)?;
        Ok(Brush {
            name: name.to_owned(),
            norms: self.norms()?,
            preview: encode_jpeg(&preview, PREVIEW_QUALITY)?,
            record: BrushRecord {
                program: concat!("impasto ", env!("CARGO_PKG_VERSION")).to_owned(),
                style: self.lesson.style.name.clone(),
                style_sha256: self.lesson.style.sha256.clone(),
                photographs: {
                    let photographs = self.lesson.photographs.iter();
                    photographs.map(|picture| picture.name.clone()).collect()
                },
                steps: self.step,
                secs: self.secs,
                style_loss: self.first_loss.map(|first| [first, self.last_loss]),
            },
        })
    }

    /// The brush's numbers as they are.
    ///
    /// # Errors
    /// Never: a step that gives no finite numbers is refused.
    pub fn norms(&self) -> Result<Norms> {
        Norms::new(Architecture::Ghiasi2017, self.values.clone())
    }
}

/// The objective of a lesson: Gram matrices for style, one layer of features for content.
fn settings(lesson: &Lesson) -> Result<TransferSettings> {
    let mut settings = TransferSettings {
        size_px: Some(lesson.size_px),
        schedule: Schedule::SingleLevel,
        ..preset("gram-classic")?.settings
    };
    settings.content_measures = [(ContentMeasure::Features, 1.0)].into_iter().collect();
    settings.set_style_measures([(StyleMeasure::Gram, 1.0)].into_iter().collect());
    settings.set_dial(lesson.dial);
    settings.validate()?;
    Ok(settings)
}

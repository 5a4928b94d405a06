//! What a run is made from, and what it tells after each step.

use std::{collections::BTreeMap, sync::Arc};

use super::{Checkpoint, Record};
use crate::{network::Layer, pixels::Picture, settings::TransferSettings};

/// A style image and its part in the blend.
#[derive(Clone, Debug)]
pub struct StyleImage {
    /// The picture.
    pub picture: Arc<Picture>,
    /// Strength relative to the other style images, above 0.
    pub strength: f64,
    /// Where in the content image it applies: white is inside, black outside, gray in between.
    /// Stretched to the content image's sides. Everywhere without one.
    pub region: Option<Arc<Picture>>,
    /// The part of the style image that counts, in the same way. All of it without one.
    pub style_region: Option<Arc<Picture>>,
}

impl StyleImage {
    /// A style image that counts as a whole and applies everywhere.
    pub fn new(picture: Arc<Picture>, strength: f64) -> Self {
        Self {
            picture,
            strength,
            region: None,
            style_region: None,
        }
    }

    /// Whether it has a region of either kind.
    pub fn is_guided(&self) -> bool {
        self.region.is_some() || self.style_region.is_some()
    }
}

/// Pictures and settings of a run.
#[derive(Clone, Debug)]
pub struct Job {
    /// The content image.
    pub content: Arc<Picture>,
    /// Style images, at least one when style has any weight.
    pub styles: Vec<StyleImage>,
    /// A picture to start from in place of what the settings say: to go on from a result.
    pub initial: Option<Arc<Picture>>,
    /// The moment of another run that `initial` was taken from, to go on from there.
    pub resume: Option<Resume>,
    /// A run as it stood between two steps, to go on exactly from there.
    pub checkpoint: Option<Arc<Checkpoint>>,
    /// The settings.
    pub settings: TransferSettings,
    /// Threads to compute with; all of the machine's by default.
    pub threads: Option<usize>,
    /// Whether to try a run that is estimated not to fit into memory.
    pub force: bool,
}

impl Job {
    /// A run from the start, on all threads, that has to fit into memory.
    pub fn new(content: Arc<Picture>, styles: Vec<StyleImage>, settings: TransferSettings) -> Self {
        Self {
            content,
            styles,
            initial: None,
            resume: None,
            checkpoint: None,
            settings,
            threads: None,
            force: false,
        }
    }

    /// The same with so many threads.
    #[must_use]
    pub fn on_threads(self, threads: usize) -> Self {
        Self {
            threads: Some(threads),
            ..self
        }
    }

    /// The same, starting from a picture in place of what the settings say.
    #[must_use]
    pub fn from_picture(self, initial: Option<Arc<Picture>>) -> Self {
        Self { initial, ..self }
    }

    /// The same, going on exactly from where another run stood: with its settings, from its next step
    /// on. It has to be of the same pictures.
    #[must_use]
    pub fn going_on(self, checkpoint: Arc<Checkpoint>) -> Self {
        Self {
            settings: checkpoint.record.settings.clone(),
            checkpoint: Some(checkpoint),
            ..self
        }
    }

    /// The same as a branch of another run: it goes on from `picture`, which that run showed at
    /// the moment `resume`.
    #[must_use]
    pub fn branch(self, picture: Arc<Picture>, resume: Resume) -> Self {
        Self {
            initial: Some(picture),
            resume: Some(resume),
            ..self
        }
    }
}

/// A moment of a run that another run goes on from, as a branch of it.
#[derive(Clone, Debug)]
pub struct Resume {
    /// Steps taken by then. A branch of a finished run takes its last level anew.
    pub step: u32,
    /// Seconds of computing by then.
    pub secs: f64,
    /// How the picture came about.
    pub record: Arc<Record>,
}

/// The figures of one evaluation. They are those of the picture that the step starts from, as
/// neural-style-pt prints them.
#[derive(Clone, Debug, PartialEq)]
pub struct StepReport {
    /// Number of the evaluation, from 1.
    pub step: u32,
    /// Sum of all weighted losses.
    pub total: f64,
    /// Weighted content loss by layer.
    pub content: BTreeMap<Layer, f64>,
    /// Weighted style loss by layer.
    pub style: BTreeMap<Layer, f64>,
    /// Weighted content loss of the pixels themselves (the Laplacian).
    pub pixels: f64,
    /// Weighted total variation.
    pub tv: f64,
    /// Seconds of computing since the start, pauses left out.
    pub secs: f64,
    /// Index of the level.
    pub level: usize,
    /// How much of the content is still there: `1 / (1 + d)` with the distance d to the content
    /// image relative to that of a flat gray picture. 1 is the content image itself, a half as far
    /// from it as gray; strong styles go further.
    pub content_kept: f64,
    /// How much of the style is reached: 0 is where the content image stands, 1 all of it.
    pub style_reached: f64,
}

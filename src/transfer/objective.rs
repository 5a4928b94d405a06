//! The objective: which measures at which layers, with what weight, in which scale.
//!
//! Holds the targets of one level. Terms are made when settings first ask for them and kept, so
//! that weights, layers and measures can change between two steps.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{
    neighbors::Neighbors,
    room::with_room,
    stage::Stage,
    steering::Steering,
    targets::{LevelImages, make_terms},
    term::{Term, TermKey, TermKind},
    term_weights::weights,
};
use crate::{
    error::{Error, Result},
    features::FeatureGradient,
    loss::{
        laplacian::LaplacianLoss,
        total_variation::{self, PixelEvaluation},
    },
    network::Layer,
    settings::{GradientBalance, LossScale, TransferSettings},
    vgg::{Engine, Topology},
};

/// Loss, gradient and figures at one picture.
pub(super) struct Evaluated {
    pub(super) total: f64,
    pub(super) content: BTreeMap<Layer, f64>,
    pub(super) style: BTreeMap<Layer, f64>,
    /// Weighted content loss of the pixels themselves.
    pub(super) pixels: f64,
    pub(super) tv: f64,
    pub(super) content_kept: f64,
    pub(super) style_reached: f64,
    pub(super) gradient: Vec<f32>,
}

impl Evaluated {
    /// Adds a loss of pixels; returns its weighted value.
    fn add_pixels(&mut self, evaluation: &PixelEvaluation, factor: f64) -> f64 {
        let value = factor * evaluation.value;
        self.total += value;
        let factor = factor as f32;
        let parts = self.gradient.par_iter_mut().zip(&evaluation.gradient);
        parts
            .with_min_len(16 * 1024)
            .for_each(|(sum, part)| *sum += factor * part);
        value
    }
}

/// All terms of one level and the weights in force.
pub(super) struct Objective {
    images: LevelImages,
    pub(super) terms: BTreeMap<TermKey, Term>,
    weights: BTreeMap<TermKey, f64>,
    /// The pixels' Laplacian as a measure of content, made when first asked for.
    laplacian: Option<LaplacianLoss>,
    laplacian_weight: f64,
    tv_weight: f64,
    /// How the style loss counts; as it is without.
    steering: Option<Steering>,
    scale: LossScale,
    balance: GradientBalance,
    topology: Topology,
    /// Nearest neighbors over all layers of style, made when first asked for.
    pub(super) neighbors: Option<Neighbors>,
    neighbors_weight: f64,
    /// What the content weights are multiplied with.
    content_hold: f64,
    /// Whether neighbors are found anew at each evaluation.
    pub(super) finishing: bool,
}

impl Objective {
    /// An objective without terms; [`Self::update`] gives it some.
    pub(super) fn new(images: LevelImages, topology: Topology) -> Self {
        Self {
            images,
            terms: BTreeMap::new(),
            weights: BTreeMap::new(),
            laplacian: None,
            laplacian_weight: 0.0,
            tv_weight: 0.0,
            steering: None,
            scale: LossScale::default(),
            balance: GradientBalance::default(),
            topology,
            neighbors: None,
            neighbors_weight: 0.0,
            content_hold: 1.0,
            finishing: false,
        }
    }

    /// Forgets all targets, because the images behind them are others now.
    pub(super) fn replace_images(&mut self, images: LevelImages) {
        self.images = images;
        self.terms.clear();
        self.laplacian = None;
        self.neighbors = None;
    }

    /// Puts the weights, layers and measures of `settings` in force; makes missing targets. `x` is
    /// the picture of the moment, `[3, H, W]`.
    pub(super) fn update(
        &mut self,
        settings: &TransferSettings,
        stage: Stage,
        engine: &mut dyn Engine,
        x: &[f32],
    ) -> Result<()> {
        let (height, width) = self.images.framed_sides();
        let settings = &*with_room(settings, height.min(width));
        let weights = weights(settings);
        self.weights = weights.terms;
        self.laplacian_weight = weights.laplacian;
        self.neighbors_weight = weights.neighbors;
        self.scale = settings.loss_scale;
        self.balance = settings.gradient_balance;
        self.tv_weight = settings.tv_weight;
        self.steering = self.steered();
        self.update_neighbors(settings, stage.freedom, engine, x)?;
        let missing: BTreeSet<TermKey> = self
            .weights
            .keys()
            .filter(|key| !self.terms.contains_key(key))
            .copied()
            .collect();
        if !missing.is_empty() {
            let made = make_terms(&missing, &self.images, self.topology, settings.seed, engine)?;
            self.terms.extend(made);
        }
        if self.laplacian_weight > 0.0 && self.laplacian.is_none() {
            let LevelImages {
                content,
                height,
                width,
                ..
            } = &self.images;
            let cell = LaplacianLoss::CELL_PX;
            self.laplacian = Some(LaplacianLoss::target(content, *height, *width, cell)?);
        }
        Ok(())
    }

    /// Makes the neighbors' targets where settings ask for others.
    fn update_neighbors(
        &mut self,
        settings: &TransferSettings,
        freedom: f64,
        engine: &mut dyn Engine,
        x: &[f32],
    ) -> Result<()> {
        if self.neighbors_weight <= 0.0 {
            return Ok(());
        }
        let layers: Vec<_> = settings.style_layers.active().collect();
        let (images, topology) = (&self.images, self.topology);
        let neighbors = match self.neighbors.take().filter(|made| made.sees(&layers)) {
            Some(made) => made,
            None => Neighbors::new(layers, images, topology, settings.seed, engine)?,
        };
        let neighbors = self.neighbors.insert(neighbors);
        neighbors.aim(images, x, freedom, topology, engine)
    }

    /// Where the run stands. Returns whether that makes it another function of the picture.
    pub(super) fn set_stage(&mut self, stage: Stage) -> bool {
        let other = self.neighbors.is_some() && stage.finishing != self.finishing;
        self.content_hold = stage.content_hold;
        self.finishing = stage.finishing;
        other
    }

    /// How the style loss counts with the weights in force. Losses that are not relative to a
    /// reference, and gradients of equal norms, say nothing of how much is left.
    fn steered(&self) -> Option<Steering> {
        let plain = self.scale != LossScale::Relative || self.balance != GradientBalance::Off;
        // What neighbors usually leave is not known; they count as they are.
        if plain || self.neighbors_weight > 0.0 {
            return None;
        }
        let mut content = self.laplacian_weight;
        let mut style = Vec::new();
        for (key, &weight) in &self.weights {
            match key.kind {
                TermKind::Content(_) => content += weight,
                TermKind::Style(measure) => style.push((measure, weight)),
            }
        }
        Steering::new(content, style)
    }

    /// Whether measures with random draws or correspondences keep those they have, so that the
    /// objective is one fixed function.
    pub(super) fn hold(&mut self, held: bool) {
        for term in self.terms.values_mut() {
            term.measure.hold(held);
        }
        if let Some(neighbors) = &mut self.neighbors {
            neighbors.hold(held);
        }
    }

    /// Loss and gradient at `x` `[3, H, W]`.
    pub(super) fn evaluate(&mut self, x: &[f32], engine: &mut dyn Engine) -> Result<Evaluated> {
        let framed = self.images.framed(x);
        let image = self.images.as_vgg(&framed);
        let mut out = Evaluated {
            total: 0.0,
            content: BTreeMap::new(),
            style: BTreeMap::new(),
            pixels: 0.0,
            tv: 0.0,
            content_kept: 1.0,
            style_reached: 0.0,
            gradient: vec![0.0; x.len()],
        };
        let mut taps: BTreeSet<Layer> = self.weights.keys().map(|key| key.layer).collect();
        let mut neighbors = self
            .neighbors
            .as_mut()
            .filter(|_| self.neighbors_weight > 0.0);
        if let Some(neighbors) = &neighbors {
            taps.extend(neighbors.taps());
        }
        let taps: Vec<Layer> = taps.into_iter().collect();
        let mut gradients: BTreeMap<Layer, FeatureGradient> = BTreeMap::new();
        let mut style_gradients: BTreeMap<Layer, FeatureGradient> = BTreeMap::new();
        let mut relative = Relative::default();
        if !taps.is_empty() {
            engine.forward(image, &taps, self.topology)?;
        }
        for (key, &weight) in &self.weights {
            let term = self
                .terms
                .get_mut(key)
                .ok_or_else(|| Error::Internal(format!("no target at {}", key.layer)))?;
            let features = engine.tap(key.layer)?;
            let mut evaluation = term.measure.evaluate(features.as_ref())?;
            relative.add(key.kind, evaluation.value / term.reference, weight);
            let unit = term.unit(self.scale, self.balance, &evaluation, features.as_ref())?;
            let factor = match key.kind {
                TermKind::Content(_) => weight * unit * self.content_hold,
                TermKind::Style(_) => weight * unit,
            };
            let (losses, gradients) = match key.kind {
                TermKind::Content(_) => (&mut out.content, &mut gradients),
                TermKind::Style(_) => (&mut out.style, &mut style_gradients),
            };
            *losses.entry(key.layer).or_default() += factor * evaluation.value;
            evaluation.gradient.scale(factor)?;
            gradients
                .entry(key.layer)
                .or_default()
                .add(evaluation.gradient)?;
        }
        let steered = self.steering.map_or((1.0, 1.0), |s| relative.steered(s));
        out.style.values_mut().for_each(|loss| *loss *= steered.0);
        out.total = out.content.values().chain(out.style.values()).sum();
        for (layer, mut gradient) in style_gradients {
            gradient.scale(steered.1)?;
            gradients.entry(layer).or_default().add(gradient)?;
        }
        if let Some(neighbors) = &mut neighbors {
            let (value, parts) = neighbors.evaluate(engine, self.finishing)?;
            relative.style.0 += self.neighbors_weight * value / neighbors.reference();
            relative.style.1 += self.neighbors_weight;
            let factor = match self.scale {
                LossScale::Absolute => self.neighbors_weight,
                LossScale::Relative => self.neighbors_weight / neighbors.reference(),
            };
            out.total += factor * value;
            let share = factor * value / parts.len() as f64;
            for (layer, mut gradient) in parts {
                *out.style.entry(layer).or_default() += share;
                gradient.scale(factor)?;
                gradients.entry(layer).or_default().add(gradient)?;
            }
        }
        if !gradients.is_empty() {
            let gradients: Vec<_> = gradients.into_iter().collect();
            let sides = (self.images.height, self.images.width);
            out.gradient = self.images.frame.inside(engine.reverse(&gradients)?, sides);
        }
        if let (Some(laplacian), true) = (&self.laplacian, self.laplacian_weight > 0.0) {
            let evaluation = laplacian.evaluate(x)?;
            let factor = match self.scale {
                LossScale::Absolute => self.laplacian_weight,
                LossScale::Relative => self.laplacian_weight / laplacian.scale().max(1.0),
            } * self.content_hold;
            out.pixels = out.add_pixels(&evaluation, factor);
        }
        if self.tv_weight > 0.0 {
            let (evaluation, factor) = self.variation(x);
            out.tv = out.add_pixels(&evaluation, factor);
        }
        out.content_kept = 1.0 / (1.0 + relative.content());
        out.style_reached = (1.0 - relative.style()).clamp(0.0, 1.0);
        Ok(out)
    }

    /// Total variation at `x` and the factor it counts with.
    fn variation(&self, x: &[f32]) -> (PixelEvaluation, f64) {
        let (h, w) = (self.images.height, self.images.width);
        match self.scale {
            LossScale::Absolute => (total_variation::absolute(x, h, w), self.tv_weight),
            LossScale::Relative => {
                let factor = self.tv_weight / self.images.content_variation;
                (total_variation::squared(x, h, w), factor)
            }
        }
    }
}

/// Weighted means of values relative to their references.
#[derive(Default)]
struct Relative {
    content: (f64, f64),
    style: (f64, f64),
}

impl Relative {
    fn add(&mut self, kind: TermKind, value: f64, weight: f64) {
        let sums = match kind {
            TermKind::Content(_) => &mut self.content,
            TermKind::Style(_) => &mut self.style,
        };
        sums.0 += weight * value;
        sums.1 += weight;
    }

    /// 0 without content terms: nothing of it can be lost.
    fn content(&self) -> f64 {
        if self.content.1 > 0.0 {
            self.content.0 / self.content.1
        } else {
            0.0
        }
    }

    /// What the style losses and their gradients are multiplied with.
    fn steered(&self, steering: Steering) -> (f64, f64) {
        let style = self.style();
        let pull = steering.pull(style);
        let loss = if style > 0.0 {
            steering.loss(style) / style
        } else {
            pull
        };
        (loss, pull)
    }

    /// 1 without style terms: nothing of it can be reached.
    fn style(&self) -> f64 {
        if self.style.1 > 0.0 {
            self.style.0 / self.style.1
        } else {
            1.0
        }
    }
}

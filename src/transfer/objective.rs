//! The objective: which measures at which layers, with what weight, in which scale.
//!
//! Holds the targets of one level. Terms are made when settings first ask for them and kept, so
//! that weights, layers and measures can change between two steps.

use std::collections::{BTreeMap, BTreeSet};

use super::targets::{LevelImages, TermKind, make_terms};
use crate::{
    error::{Error, Result},
    features::FeatureGradient,
    loss::{
        Measure,
        total_variation::{self, PixelEvaluation},
    },
    network::Layer,
    settings::{LossScale, TransferSettings},
    vgg::{Engine, Topology},
};

/// A measure at a layer with its target.
pub(super) struct Term {
    pub(super) measure: Box<dyn Measure>,
    /// The measure's value at its reference picture: content at flat grey, style at the content
    /// image, with a floor. Above 0.
    pub(super) reference: f64,
}

/// Where a term stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TermKey {
    pub(super) layer: Layer,
    pub(super) kind: TermKind,
}

/// Loss, gradient and figures at one picture.
pub(super) struct Evaluated {
    pub(super) total: f64,
    pub(super) content: BTreeMap<Layer, f64>,
    pub(super) style: BTreeMap<Layer, f64>,
    pub(super) tv: f64,
    pub(super) content_kept: f64,
    pub(super) style_reached: f64,
    pub(super) gradient: Vec<f32>,
}

/// All terms of one level and the weights in force.
pub(super) struct Objective {
    images: LevelImages,
    terms: BTreeMap<TermKey, Term>,
    weights: BTreeMap<TermKey, f64>,
    tv_weight: f64,
    scale: LossScale,
    topology: Topology,
}

impl Objective {
    /// An objective without terms; [`Self::update`] gives it some.
    pub(super) fn new(images: LevelImages, topology: Topology) -> Self {
        Self {
            images,
            terms: BTreeMap::new(),
            weights: BTreeMap::new(),
            tv_weight: 0.0,
            scale: LossScale::default(),
            topology,
        }
    }

    /// Forgets all targets, because the images behind them are others now.
    pub(super) fn replace_images(&mut self, images: LevelImages) {
        self.images = images;
        self.terms.clear();
    }

    /// Puts the weights, layers and measures of `settings` in force; makes missing targets.
    pub(super) fn update(
        &mut self,
        settings: &TransferSettings,
        engine: &mut dyn Engine,
    ) -> Result<()> {
        self.weights = weights(settings);
        self.scale = settings.loss_scale;
        self.tv_weight = settings.tv_weight;
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
        Ok(())
    }

    /// Loss and gradient at `x` `[3, H, W]`.
    pub(super) fn evaluate(&mut self, x: &[f32], engine: &mut dyn Engine) -> Result<Evaluated> {
        let image = self.images.as_vgg(x);
        let mut out = Evaluated {
            total: 0.0,
            content: BTreeMap::new(),
            style: BTreeMap::new(),
            tv: 0.0,
            content_kept: 1.0,
            style_reached: 0.0,
            gradient: vec![0.0; x.len()],
        };
        let taps: BTreeSet<Layer> = self.weights.keys().map(|key| key.layer).collect();
        let taps: Vec<Layer> = taps.into_iter().collect();
        let mut gradients: BTreeMap<Layer, FeatureGradient> = BTreeMap::new();
        let mut relative = Relative::default();
        if !taps.is_empty() {
            engine.forward(image, &taps, self.topology)?;
        }
        for (key, &weight) in &self.weights {
            let term = self
                .terms
                .get_mut(key)
                .ok_or_else(|| Error::Internal(format!("no target at {}", key.layer)))?;
            let mut evaluation = term.measure.evaluate(engine.tap(key.layer)?.as_ref())?;
            relative.add(key.kind, evaluation.value / term.reference, weight);
            let factor = match self.scale {
                LossScale::Absolute => weight,
                LossScale::Balanced => weight / term.reference,
            };
            let value = factor * evaluation.value;
            out.total += value;
            let by_layer = match key.kind {
                TermKind::Content(_) => &mut out.content,
                TermKind::Style(_) => &mut out.style,
            };
            *by_layer.entry(key.layer).or_default() += value;
            evaluation.gradient.scale(factor)?;
            gradients
                .entry(key.layer)
                .or_default()
                .add(evaluation.gradient)?;
        }
        if !gradients.is_empty() {
            let gradients: Vec<_> = gradients.into_iter().collect();
            out.gradient = engine.reverse(&gradients)?;
        }
        if self.tv_weight > 0.0 {
            let (evaluation, factor) = self.variation(x);
            out.tv = factor * evaluation.value;
            out.total += out.tv;
            let factor = factor as f32;
            for (sum, part) in out.gradient.iter_mut().zip(&evaluation.gradient) {
                *sum += factor * part;
            }
        }
        out.content_kept = (1.0 - relative.content()).clamp(0.0, 1.0);
        out.style_reached = (1.0 - relative.style()).clamp(0.0, 1.0);
        Ok(out)
    }

    /// Total variation at `x` and the factor it counts with.
    fn variation(&self, x: &[f32]) -> (PixelEvaluation, f64) {
        let (h, w) = (self.images.height, self.images.width);
        match self.scale {
            LossScale::Absolute => (total_variation::absolute(x, h, w), self.tv_weight),
            LossScale::Balanced => {
                let factor = self.tv_weight / self.images.content_variation;
                (total_variation::squared(x, h, w), factor)
            }
        }
    }
}

/// The weight of every term that `settings` ask for. In the balanced scale layers and measures
/// share a weight of 1, so that more of them do not mean more style.
fn weights(settings: &TransferSettings) -> BTreeMap<TermKey, f64> {
    let mut out = BTreeMap::new();
    let mut add = |total: f64, layers: Vec<(Layer, f64)>, kinds: Vec<(TermKind, f64)>| {
        let sum = |weights: &mut dyn Iterator<Item = f64>| match settings.loss_scale {
            LossScale::Absolute => 1.0,
            LossScale::Balanced => weights.sum::<f64>(),
        };
        let layer_sum = sum(&mut layers.iter().map(|&(_, weight)| weight));
        let kind_sum = sum(&mut kinds.iter().map(|&(_, weight)| weight));
        for &(kind, share) in &kinds {
            for &(layer, weight) in &layers {
                let weight = total * share * weight / (layer_sum * kind_sum);
                if weight > 0.0 {
                    out.insert(TermKey { layer, kind }, weight);
                }
            }
        }
    };
    let kinds = settings.content_measures.iter();
    add(
        settings.content_weight,
        settings.content_layers.active().collect(),
        kinds
            .map(|(&kind, &weight)| (TermKind::Content(kind), weight))
            .collect(),
    );
    let kinds = settings.style_measures.iter();
    add(
        settings.style_weight,
        settings.style_layers.active().collect(),
        kinds
            .map(|(&kind, &weight)| (TermKind::Style(kind), weight))
            .collect(),
    );
    out
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

    /// 1 without style terms: nothing of it can be reached.
    fn style(&self) -> f64 {
        if self.style.1 > 0.0 {
            self.style.0 / self.style.1
        } else {
            1.0
        }
    }
}

//! A term of the objective: a measure at a layer, by what it is called and with its target.

use crate::{
    error::Result,
    features::Features,
    loss::{Evaluation, Measure},
    network::Layer,
    settings::{ContentMeasure, GradientBalance, LossScale, StyleMeasure},
};

/// What a term compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TermKind {
    Content(ContentMeasure),
    Style(StyleMeasure),
}

impl TermKind {
    /// Whether it reads a target's feature map itself, or only its moments.
    pub(super) fn reads_map(self) -> bool {
        !matches!(self, Self::Style(measure) if measure.description().moments_only)
    }
}

/// A measure at a layer with its target.
pub(super) struct Term {
    pub(super) measure: Box<dyn Measure>,
    /// The measure's value at its reference picture: content at flat gray, style at the content
    /// image, with a floor. Above 0.
    pub(super) reference: f64,
    /// Norm of the gradient at the first evaluation.
    pub(super) first_norm: Option<f64>,
}

impl Term {
    pub(super) fn new(measure: Box<dyn Measure>, reference: f64) -> Self {
        Self {
            measure,
            reference,
            first_norm: None,
        }
    }

    /// What value and gradient are multiplied with before the weight.
    pub(super) fn unit(
        &mut self,
        scale: LossScale,
        balance: GradientBalance,
        evaluation: &Evaluation,
        features: &dyn Features,
    ) -> Result<f64> {
        let norm = match balance {
            GradientBalance::Off => {
                return Ok(match scale {
                    LossScale::Absolute => 1.0,
                    LossScale::Relative => 1.0 / self.reference,
                });
            }
            GradientBalance::Running => evaluation.gradient.norm(features)?,
            GradientBalance::Frozen => match self.first_norm {
                Some(norm) => norm,
                None => evaluation.gradient.norm(features)?,
            },
        };
        // A term that stands at its target pulls nowhere; it is measured when it first pulls.
        if norm > 0.0 && norm.is_finite() {
            self.first_norm.get_or_insert(norm);
            Ok(1.0 / norm)
        } else {
            Ok(0.0)
        }
    }
}

/// Where a term stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TermKey {
    pub(super) layer: Layer,
    pub(super) kind: TermKind,
}

//! What a measure is: value and gradient at a feature map, with a target.

use candle_core::Tensor;

use super::styles::Styles;
use crate::{
    error::Result,
    features::{FeatureGradient, Features},
    state::State,
};

/// Value and gradient of a measure at one feature map.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The loss, 0 or more, unweighted.
    pub value: f64,
    /// Its derivative with respect to the feature map.
    pub gradient: FeatureGradient,
}

impl Evaluation {
    /// A value with a gradient that is a map of its own, `[C, H, W]`.
    pub fn of_map(value: f64, gradient: Tensor) -> Self {
        Self {
            value,
            gradient: FeatureGradient::of_map(gradient),
        }
    }

    /// A value with a gradient through the mean `[C]`, the second moment `[C, C]`, or both.
    pub fn of_moments(value: f64, mean: Option<Tensor>, second: Option<Tensor>) -> Self {
        Self {
            value,
            gradient: FeatureGradient::of_moments(mean, second),
        }
    }

    /// A value with a gradient through mean and mean square of each channel, `[C]` each.
    pub fn of_channels(value: f64, mean: Tensor, energy: Tensor) -> Self {
        Self {
            value,
            gradient: FeatureGradient::of_channels(mean, energy),
        }
    }
}

/// A measure at a single layer, with its target.
pub trait Measure: Send {
    /// Compares the generated image's feature map with the target.
    ///
    /// # Errors
    /// When the device fails.
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation>;

    /// How large a value of this measure is to be called large: about what a feature map of
    /// zeros would have. Never negative; 0 only for a target of zeros. It depends on the target
    /// alone, and so serves as the floor under references.
    fn scale(&self) -> f64;

    /// While held, evaluations repeat the latest random draws and correspondences, so that the
    /// measure is one fixed function: for line searches. Measures without any ignore it.
    fn hold(&mut self, held: bool) {
        let _ = held;
    }

    /// Puts down what earlier evaluations have left behind (counted draws, correspondences), so that
    /// later ones are the same after [`Self::restore`]. Nothing where nothing is left behind.
    fn keep(&self, state: &mut State) {
        let _ = state;
    }

    /// Takes back what [`Self::keep`] has put down.
    ///
    /// # Errors
    /// When something is missing or does not fit the target.
    fn restore(&mut self, state: &mut State) -> Result<()> {
        let _ = state;
        Ok(())
    }
}

/// Value and gradients of a measure that sees several layers together.
#[derive(Clone, Debug)]
pub struct JointEvaluation {
    /// The loss, 0 or more, unweighted.
    pub value: f64,
    /// Its derivative with respect to each feature map, in the order they were given.
    pub gradients: Vec<FeatureGradient>,
}

/// A measure over several layers together, with its target. With a single layer it is a
/// [`Measure`].
pub trait JointMeasure: Send {
    /// Compares the generated image's feature maps, one a layer in the order of the target's, with
    /// the target. The first decides where the picture is looked at: give the finest first.
    ///
    /// # Errors
    /// When shapes do not match the target's, or the device fails.
    fn evaluate_joint(&mut self, generated: &[&dyn Features]) -> Result<JointEvaluation>;

    /// As [`Measure::scale`].
    fn joint_scale(&self) -> f64;

    /// As [`Measure::hold`].
    fn hold_joint(&mut self, held: bool);

    /// As [`Measure::keep`].
    fn keep_joint(&self, state: &mut State);

    /// As [`Measure::restore`].
    ///
    /// # Errors
    /// When something is missing or does not fit the target.
    fn restore_joint(&mut self, state: &mut State) -> Result<()>;
}

impl<M: JointMeasure> Measure for M {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let JointEvaluation { value, gradients } = self.evaluate_joint(&[generated])?;
        Ok(Evaluation {
            value,
            gradient: gradients.into_iter().next().unwrap_or_default(),
        })
    }

    fn scale(&self) -> f64 {
        self.joint_scale()
    }

    fn hold(&mut self, held: bool) {
        self.hold_joint(held);
    }

    fn keep(&self, state: &mut State) {
        self.keep_joint(state);
    }

    fn restore(&mut self, state: &mut State) -> Result<()> {
        self.restore_joint(state)
    }
}

/// What there is to know about a measure of style at a single layer, and how to make one.
pub struct StyleDescription {
    /// Name for people.
    pub title: &'static str,
    /// What it does to the picture, in one sentence.
    pub effect: &'static str,
    /// The paper it comes from.
    pub source: &'static str,
    /// Whether its value depends on random draws or on correspondences found under way.
    pub draws: bool,
    /// Whether it sees nothing of a feature map but its first and second moments. Only such a
    /// measure works with regions.
    pub moments_only: bool,
    /// Block of the shallowest layer that it is compared at, if a run has any so deep.
    pub shallowest_block: u8,
    /// The style loss that the default settings end with where this measure is the only one,
    /// relative to the content image's: what is usually left of the style.
    pub usually_left: f64,
    /// The style weight in the middle of the dial, at a content weight of 1 on the relative scale.
    /// Laid by eye: with it the painting's brush is plain to see and its layout is not copied.
    pub dial_middle: f64,
    /// Makes one with its target, from the style images' feature maps at one layer and a seed
    /// for its random draws.
    pub target: fn(&Styles<'_>, u64) -> Result<Box<dyn Measure>>,
}

//! Measures of style and content: value and gradient with respect to a feature map, by formula.
//!
//! One file per measure. A measure holds its target and sees only feature maps, never layers,
//! networks or weights; `transfer` multiplies by weights and sums. Gradients go back explicitly,
//! never through automatic differentiation; every file tests its own against finite differences.

pub mod content;
pub mod gram;
pub mod total_variation;

#[cfg(test)]
mod finite_differences;

use candle_core::Tensor;

use crate::{
    error::Result,
    features::{FeatureGradient, Features},
};

/// Value and gradient of a measure at one feature map.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The loss, 0 or more, unweighted.
    pub value: f64,
    /// Its derivative with respect to the feature map.
    pub gradient: FeatureGradient,
}

/// A measure at a single layer, with its target.
pub trait Measure: Send {
    /// Compares the generated image's feature map with the target.
    ///
    /// # Errors
    /// When the device fails.
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation>;

    /// The natural size of a value: the mean square of what is compared. Differences are large or
    /// small against it. Above 0 for any target that is not blank.
    fn scale(&self) -> f64;
}

/// Mean of squares of a matrix: summed row by row in f32 and over rows in f64, because f32 sums
/// over a whole map lose digits.
pub(crate) fn mean_square(matrix: &Tensor) -> Result<f64> {
    let rows = matrix.sqr()?.mean(1)?.to_vec1::<f32>()?;
    Ok(rows.iter().copied().map(f64::from).sum::<f64>() / rows.len() as f64)
}

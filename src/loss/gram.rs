//! Gram loss: mean squared difference of Gram matrices (Gatys et al. 2015, equations 3 to 5).
//!
//! `G = F Fᵀ / (C N)`, `L = mean over C·C of (G - A)^2`. With the second moment `S = F Fᵀ / N`,
//! `G = S / C` and `dL/dS = 2 (G - A) / C^3`.
//!
//! Differs from Gatys et al., who divide by `4 C^2 N^2` and leave G unscaled: dividing by N lets
//! style image and generated image have different sizes; the constant belongs to the weight.

use candle_core::Tensor;

use super::{Evaluation, Measure};
use crate::{
    error::Result,
    features::{FeatureGradient, Features, MomentGradient},
};

/// Mean squared distance to the style image's Gram matrix.
#[derive(Debug)]
pub struct GramLoss {
    target: Tensor,
}

impl GramLoss {
    /// A loss with the target `A = S / C`, from the style's second moment S `[C, C]`.
    ///
    /// # Errors
    /// When the device fails.
    pub fn new(second_moment: &Tensor) -> Result<Self> {
        let channels = second_moment.dim(0)? as f64;
        Ok(Self {
            target: second_moment.affine(1.0 / channels, 0.0)?,
        })
    }

    /// Mean square of the target's entries: the size a distance is to be compared with.
    ///
    /// # Errors
    /// When the device fails.
    pub fn target_mean_square(&self) -> Result<f64> {
        mean_square(&self.target)
    }
}

/// Mean of squares, summed row by row in f32 and over rows in f64.
pub(super) fn mean_square(matrix: &Tensor) -> Result<f64> {
    let rows = matrix.sqr()?.mean(1)?.to_vec1::<f32>()?;
    Ok(rows.iter().copied().map(f64::from).sum::<f64>() / rows.len() as f64)
}

impl Measure for GramLoss {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let channels = generated.shape().0 as f64;
        let gram = generated.moments()?.second.affine(1.0 / channels, 0.0)?;
        let difference = (gram - &self.target)?;
        let value = mean_square(&difference)?;
        let second = difference.affine(2.0 / channels.powi(3), 0.0)?;
        Ok(Evaluation {
            value,
            gradient: FeatureGradient {
                map: None,
                moments: Some(MomentGradient {
                    mean: None,
                    second: Some(second),
                }),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        features::TensorFeatures,
        loss::finite_differences::{check_measure, noise_map},
    };

    fn loss(seed: u64) -> GramLoss {
        let style = TensorFeatures::new(noise_map(4, 5, 7, seed)).unwrap();
        GramLoss::new(&style.moments().unwrap().second).unwrap()
    }

    #[test]
    fn zero_on_itself_and_on_any_order_of_positions() {
        let map = noise_map(4, 5, 7, 1);
        let itself = TensorFeatures::new(map.clone()).unwrap();
        assert!(loss(1).evaluate(&itself).unwrap().value < 1e-12);
        let order: Vec<u32> = (0..35).rev().collect();
        let order = Tensor::new(order, map.device()).unwrap();
        let flat = map.reshape((4, 35)).unwrap();
        let shuffled = flat
            .index_select(&order, 1)
            .unwrap()
            .reshape((4, 5, 7))
            .unwrap();
        let shuffled = TensorFeatures::new(shuffled).unwrap();
        assert!(loss(1).evaluate(&shuffled).unwrap().value < 1e-12);
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        check_measure(&mut loss(1), &noise_map(4, 6, 3, 2));
    }
}

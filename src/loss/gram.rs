//! Gram loss: mean squared difference of Gram matrices (Gatys et al. 2015, equations 3 to 5).
//!
//! `G = F Fᵀ / (C N)`, `L = mean over C·C of (G - A)^2`. With the second moment `S = F Fᵀ / N`,
//! `G = S / C` and `dL/dS = 2 (G - A) / C^3`.
//!
//! Differs from Gatys et al., who divide by `4 C^2 N^2` and leave G unscaled: dividing by N lets
//! style image and generated image have different sizes; the constant belongs to the weight.

use candle_core::Tensor;

use super::{Evaluation, Measure, mean_square};
use crate::{
    error::{Error, Result},
    features::{FeatureGradient, Features, MomentGradient},
};

/// Mean squared distance to the style image's Gram matrix.
#[derive(Debug)]
pub struct GramLoss {
    target: Tensor,
    scale: f64,
}

impl GramLoss {
    /// A loss whose target is the mean of the style images' Gram matrices, weighted by strength
    /// (strengths sum to 1).
    ///
    /// # Errors
    /// When there is no style image, or the device fails.
    pub fn new(styles: &[(&dyn Features, f64)]) -> Result<Self> {
        let mut target: Option<Tensor> = None;
        for (style, strength) in styles {
            let share = strength / style.shape().0 as f64;
            let gram = style.moments()?.second.affine(share, 0.0)?;
            target = Some(match target {
                Some(sum) => (sum + gram)?,
                None => gram,
            });
        }
        let target = target.ok_or_else(|| Error::Internal("a loss without a style".to_owned()))?;
        let scale = mean_square(&target)?;
        Ok(Self { target, scale })
    }
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

    fn scale(&self) -> f64 {
        self.scale
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
        GramLoss::new(&[(&style, 1.0)]).unwrap()
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

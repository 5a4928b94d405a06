//! Covariance loss: centered second moments and means, apart.
//!
//! `Σ = S - μ μᵀ`, `L = (‖Σ - Σ_s‖² + 2 t ‖μ - μ_s‖²) / C⁴` with `t = tr S_s`. With
//! `D = 2 (Σ - Σ_s) / C⁴`: `dL/dS = D`, `dL/dμ = -2 D μ + 4 t (μ - μ_s) / C⁴`.
//!
//! A Gram matrix mixes mean and variance: N(3, 1) and N(0, 10) have the same raw second moment,
//! so a Gram loss lets contrast drift. This loss does not.
//!
//! Differs from Novak and Nikulin (2016), who subtract 1 from all features: the mean is the shift
//! that makes channels uncorrelated, whatever network and weights. The factor 2 t is what the
//! Gram matrix itself holds against a small change of the mean.

use candle_core::Tensor;

use super::{
    Evaluation, Measure, StyleDescription,
    matrices::{covariance, sum_of_squares, times, trace},
    styles::{Styles, blend_moments},
};
use crate::{error::Result, features::Features};

/// Its entry among the measures of style.
pub(super) const STYLE: StyleDescription = StyleDescription {
    title: "Covariance and mean",
    effect: "Like Gram matrices, but keeps brightness and contrast of the style apart, \
             so that flat areas stay calm.",
    source: "Novak and Nikulin 2016",
    draws: false,
    moments_only: true,
    shallowest_block: 1,
    usually_left: 0.034,
    dial_middle: 4.0,
    keeps: |channels, _| 4 * channels * channels,
    target: |styles, _| Ok(Box::new(CovarianceLoss::target(styles)?)),
};

/// Distance to the style image's covariance and mean.
#[derive(Clone, Debug)]
pub struct CovarianceLoss {
    mean: Tensor,
    covariance: Tensor,
    mean_weight: f64,
    scale: f64,
}

impl CovarianceLoss {
    /// A loss with the blended moments of the style images as its target.
    ///
    /// # Errors
    /// When there is no style image with a strength above 0, or the device fails.
    pub fn target(styles: &Styles<'_>) -> Result<Self> {
        let moments = blend_moments(styles)?;
        let mean_weight = 2.0 * trace(&moments.second)?;
        let covariance = covariance(&moments)?;
        let fourth = (moments.mean.dim(0)? as f64).powi(4);
        let scale =
            (sum_of_squares(&covariance)? + mean_weight * sum_of_squares(&moments.mean)?) / fourth;
        Ok(Self {
            mean: moments.mean,
            covariance,
            mean_weight,
            scale,
        })
    }
}

impl Measure for CovarianceLoss {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let moments = generated.moments()?;
        let fourth = (generated.shape().0 as f64).powi(4);
        let difference = (covariance(&moments)? - &self.covariance)?;
        let shift = (&moments.mean - &self.mean)?;
        let value =
            (sum_of_squares(&difference)? + self.mean_weight * sum_of_squares(&shift)?) / fourth;
        let second = difference.affine(2.0 / fourth, 0.0)?;
        let mean = (shift.affine(2.0 * self.mean_weight / fourth, 0.0)?
            - times(&second, &moments.mean)?.affine(2.0, 0.0)?)?;
        Ok(Evaluation::of_moments(value, Some(mean), Some(second)))
    }

    fn scale(&self) -> f64 {
        self.scale
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;
    use crate::{
        features::TensorFeatures,
        loss::{
            finite_differences::{check_measure, noise_map},
            gram::GramLoss,
        },
    };

    #[test]
    fn tells_apart_what_gram_confuses() {
        // Both have the raw second moment 10: mean 3 and variance 1, mean 0 and variance 10.
        let far = 10_f32.sqrt();
        let map = |values: &[f32; 2]| {
            let map = Tensor::from_slice(values, (1, 1, 2), &Device::Cpu).unwrap();
            TensorFeatures::new(map).unwrap()
        };
        let (shifted, spread) = (map(&[2.0, 4.0]), map(&[-far, far]));
        let mut gram = GramLoss::target(&[(&shifted, 1.0)]).unwrap();
        assert!(gram.evaluate(&spread).unwrap().value < 1e-9);
        let mut covariance = CovarianceLoss::target(&[(&shifted, 1.0)]).unwrap();
        let value = covariance.evaluate(&spread).unwrap().value;
        assert!((value - (81.0 + 2.0 * 10.0 * 9.0)).abs() < 1e-3, "{value}");
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let style = TensorFeatures::new(noise_map(4, 5, 7, 1)).unwrap();
        let mut loss = CovarianceLoss::target(&[(&style, 1.0)]).unwrap();
        check_measure(&mut loss, &noise_map(4, 6, 3, 2));
    }
}

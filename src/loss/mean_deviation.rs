//! Mean and deviation of each channel (Li et al. 2017, "Demystifying neural style transfer",
//! section 4.2, "BN statistics").
//!
//! `L = mean over C of (μ - μ_s)² + (σ - σ_s)²` with `σ = sqrt(S_cc - μ² + ε)`.
//! `dL/dS_cc = (σ - σ_s) / (C σ)`, `dL/dμ = 2 (μ - μ_s) / C - 2 μ dL/dS_cc`.
//!
//! Differs from Li et al., who have no ε and divide by a deviation that may be 0: ε is 1e-5 of the
//! style's mean energy per channel, on both sides.

use candle_core::Tensor;

use super::{
    Evaluation, Measure, StyleDescription,
    matrices::to_f64,
    styles::{Styles, blend_channel_moments},
};
use crate::{error::Result, features::Features};

/// Its entry among the measures of style.
pub(super) const STYLE: StyleDescription = StyleDescription {
    title: "Mean and deviation",
    effect: "Matches each feature by itself: softer and freer than Gram matrices.",
    source: "Li, Wang, Liu and Hou 2017",
    draws: false,
    moments_only: true,
    shallowest_block: 1,
    usually_left: 0.026,
    dial_middle: 4.0,
    keeps: |channels, _| 8 * channels,
    target: |styles, _| Ok(Box::new(MeanDeviationLoss::target(styles)?)),
};

/// Part of the style's mean energy that keeps deviations away from 0.
const EPSILON: f64 = 1e-5;

/// Distance of the channels' means and deviations.
#[derive(Clone, Debug)]
pub struct MeanDeviationLoss {
    mean: Vec<f64>,
    deviation: Vec<f64>,
    epsilon: f64,
}

impl MeanDeviationLoss {
    /// A loss with the blended moments of the style images as its target.
    ///
    /// # Errors
    /// When there is no style image with a strength above 0, or the device fails.
    pub fn target(styles: &Styles<'_>) -> Result<Self> {
        let moments = blend_channel_moments(styles)?;
        let (mean, energy) = (to_f64(&moments.mean)?, to_f64(&moments.energy)?);
        let mean_energy = energy.iter().sum::<f64>() / energy.len() as f64;
        let epsilon = (EPSILON * mean_energy).max(f64::from(f32::MIN_POSITIVE));
        let deviation = deviations(&mean, &energy, epsilon);
        Ok(Self {
            mean,
            deviation,
            epsilon,
        })
    }
}

fn deviations(mean: &[f64], energy: &[f64], epsilon: f64) -> Vec<f64> {
    let both = mean.iter().zip(energy);
    both.map(|(mean, energy)| ((energy - mean * mean).max(0.0) + epsilon).sqrt())
        .collect()
}

impl Measure for MeanDeviationLoss {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let moments = generated.channel_moments()?;
        let (mean, energy) = (to_f64(&moments.mean)?, to_f64(&moments.energy)?);
        let deviation = deviations(&mean, &energy, self.epsilon);
        let channels = mean.len();
        let scale = 1.0 / channels as f64;
        let mut value = 0.0;
        let mut by_mean = vec![0.0_f32; channels];
        let mut by_energy = vec![0.0_f32; channels];
        for c in 0..channels {
            let shift = mean[c] - self.mean[c];
            let spread = deviation[c] - self.deviation[c];
            value += scale * (shift * shift + spread * spread);
            let slope = scale * spread / deviation[c];
            by_energy[c] = slope as f32;
            by_mean[c] = (2.0 * scale * shift - 2.0 * mean[c] * slope) as f32;
        }
        let device = moments.mean.device();
        Ok(Evaluation::of_channels(
            value,
            Tensor::from_vec(by_mean, channels, device)?,
            Tensor::from_vec(by_energy, channels, device)?,
        ))
    }

    fn scale(&self) -> f64 {
        let squares = self.mean.iter().chain(&self.deviation).map(|v| v * v);
        squares.sum::<f64>() / self.mean.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;
    use crate::{
        features::TensorFeatures,
        loss::finite_differences::{check_measure, noise_map},
    };

    #[test]
    fn value_is_that_of_the_definition() {
        let map = |values: &[f32; 2]| {
            let map = Tensor::from_slice(values, (1, 1, 2), &Device::Cpu).unwrap();
            TensorFeatures::new(map).unwrap()
        };
        let (style, generated) = (map(&[2.0, 4.0]), map(&[-3.0, 3.0]));
        let mut loss = MeanDeviationLoss::target(&[(&style, 1.0)]).unwrap();
        let value = loss.evaluate(&generated).unwrap().value;
        assert!((value - (9.0 + 4.0)).abs() < 1e-3, "{value}");
    }

    #[test]
    fn knows_nothing_of_correlations() {
        let device = Device::Cpu;
        let together = Tensor::new(&[[[1.0_f32, -1.0]], [[1.0, -1.0]]], &device).unwrap();
        let against = Tensor::new(&[[[1.0_f32, -1.0]], [[-1.0, 1.0]]], &device).unwrap();
        let together = TensorFeatures::new(together).unwrap();
        let against = TensorFeatures::new(against).unwrap();
        let mut loss = MeanDeviationLoss::target(&[(&together, 1.0)]).unwrap();
        assert_eq!(loss.evaluate(&against).unwrap().value, 0.0);
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let style = TensorFeatures::new(noise_map(4, 5, 7, 1)).unwrap();
        let mut loss = MeanDeviationLoss::target(&[(&style, 1.0)]).unwrap();
        check_measure(&mut loss, &noise_map(4, 6, 3, 2));
    }
}

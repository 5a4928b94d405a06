//! Gram loss: mean squared difference of Gram matrices (Gatys et al. 2015, equations 3 to 5).
//!
//! `G = F Fᵀ / (C N)`, `L = mean over C·C of (G - A)^2`. With the second moment `S = F Fᵀ / N`,
//! `G = S / C` and `dL/dS = 2 (G - A) / C^3`.
//!
//! Differs from Gatys et al., who divide by `4 C^2 N^2` and leave G unscaled: dividing by N lets
//! style image and generated image have different sizes; the constant belongs to the weight.

use candle_core::Tensor;

use super::{
    Evaluation, Measure, StyleDescription,
    difference::mean_squared,
    styles::{Styles, blend_moments},
};
use crate::{error::Result, features::Features};

/// Its entry among the measures of style.
pub(super) const STYLE: StyleDescription = StyleDescription {
    title: "Gram matrices",
    effect: "Takes over palette and texture of the style image; contrast may drift.",
    source: "Gatys, Ecker and Bethge 2015",
    draws: false,
    moments_only: true,
    shallowest_block: 1,
    usually_left: 0.05,
    dial_middle: 4.0,
    keeps: |channels, _| 4 * channels * channels,
    target: |styles, _| Ok(Box::new(GramLoss::target(styles)?)),
};

/// Mean squared distance to the style image's Gram matrix.
#[derive(Clone, Debug)]
pub struct GramLoss {
    target: Vec<f32>,
    scale: f64,
}

impl GramLoss {
    /// A loss with the target `A = S / C`, from the style's second moment S `[C, C]`.
    ///
    /// # Errors
    /// When the device fails.
    pub fn new(second_moment: &Tensor) -> Result<Self> {
        let channels = second_moment.dim(0)? as f64;
        let target = second_moment.affine(1.0 / channels, 0.0)?;
        let scale = mean_square(&target)?;
        Ok(Self {
            target: target.flatten_all()?.to_vec1()?,
            scale,
        })
    }

    /// A loss with the blended Gram matrix of the style images as its target.
    ///
    /// # Errors
    /// When there is no style image with a strength above 0, or the device fails.
    pub fn target(styles: &Styles<'_>) -> Result<Self> {
        Self::new(&blend_moments(styles)?.second)
    }
}

/// Mean of squares of a matrix, summed row by row in f32 and over rows in f64.
pub(super) fn mean_square(matrix: &Tensor) -> Result<f64> {
    let rows = matrix.sqr()?.mean(1)?.to_vec1::<f32>()?;
    Ok(rows.iter().copied().map(f64::from).sum::<f64>() / rows.len() as f64)
}

impl Measure for GramLoss {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let channels = generated.shape().0 as f32;
        let moment = generated.moments()?.second;
        let factor = 2.0 / channels.powi(3);
        let (value, second) = mean_squared(&moment, 1.0 / channels, &self.target, factor)?;
        Ok(Evaluation::of_moments(value, None, Some(second)))
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

    #[test]
    fn value_is_that_of_the_definition() {
        let device = candle_core::Device::Cpu;
        let style = Tensor::new(&[[[1.0_f32, 2.0]], [[0.0, -1.0]]], &device).unwrap();
        let other = Tensor::new(&[[[3.0_f32]], [[1.0]]], &device).unwrap();
        let style = TensorFeatures::new(style).unwrap();
        let other = TensorFeatures::new(other).unwrap();
        let value = GramLoss::target(&[(&style, 1.0)])
            .unwrap()
            .evaluate(&other)
            .unwrap()
            .value;
        // A = [[5, -2], [-2, 1]] / 4, G = [[9, 3], [3, 1]] / 2
        let differences = [4.5 - 1.25, 1.5 + 0.5, 1.5 + 0.5, 0.5 - 0.25_f64];
        let expected = differences.iter().map(|d| d * d).sum::<f64>() / 4.0;
        assert!((value - expected).abs() < 1e-6, "{value} {expected}");
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let style = TensorFeatures::new(noise_map(4, 5, 7, 1)).unwrap();
        let mut loss = GramLoss::target(&[(&style, 1.0)]).unwrap();
        check_measure(&mut loss, &noise_map(4, 6, 3, 2));
    }
}

//! Maximum mean discrepancy with a polynomial kernel of degree 2 (Li et al. 2017, "Demystifying
//! neural style transfer", section 4).
//!
//! `k(a, b) = (aᵀb / C + c)²`, `L = (mean k(f, f') + mean k(s, s') - 2 mean k(f, s)) / C²`. The
//! square of the sum falls apart into moments: `L = (‖S - S_s‖² + 2 c C ‖μ - μ_s‖²) / C⁴`, so no
//! pair of positions is ever formed. `dL/dS = 2 (S - S_s) / C⁴`, `dL/dμ = 4 c (μ - μ_s) / C³`.
//! At c = 0 it is the Gram loss.
//!
//! Differs from Li et al., who leave c a constant: here it is the mean energy of a channel,
//! `tr S_s / C`, so that both parts pull alike with every network and set of weights.

use candle_core::Tensor;

use super::{
    Evaluation, Measure, StyleDescription,
    matrices::{sum_of_squares, trace},
    styles::{Styles, blend_moments},
};
use crate::{
    error::Result,
    features::{Features, Moments},
};

/// Its entry among the measures of style.
pub(super) const STYLE: StyleDescription = StyleDescription {
    title: "Polynomial MMD",
    effect: "Gram matrices with a firmer hold on the mean colors and tones.",
    source: "Li, Wang, Liu and Hou 2017",
    draws: false,
    moments_only: true,
    shallowest_block: 1,
    usually_left: 0.03,
    dial_middle: 3.0,
    keeps: |channels, _| 4 * channels * channels,
    target: |styles, _| Ok(Box::new(PolynomialMmd::target(styles)?)),
};

/// Discrepancy between the distributions of features under a polynomial kernel.
#[derive(Clone, Debug)]
pub struct PolynomialMmd {
    target: Moments,
    offset: f64,
    scale: f64,
}

impl PolynomialMmd {
    /// A loss with the blended moments of the style images as its target.
    ///
    /// # Errors
    /// When there is no style image with a strength above 0, or the device fails.
    pub fn target(styles: &Styles<'_>) -> Result<Self> {
        let target = blend_moments(styles)?;
        let offset = trace(&target.second)? / target.mean.dim(0)? as f64;
        Self::with_offset(target, offset)
    }

    /// A loss with this target and the kernel's offset c.
    ///
    /// # Errors
    /// When the device fails.
    pub fn with_offset(target: Moments, offset: f64) -> Result<Self> {
        let scale = distance(&target.second, &target.mean, offset)?;
        Ok(Self {
            target,
            offset,
            scale,
        })
    }
}

fn distance(second: &Tensor, mean: &Tensor, offset: f64) -> Result<f64> {
    let channels = mean.dim(0)? as f64;
    let squares = sum_of_squares(second)? + 2.0 * offset * channels * sum_of_squares(mean)?;
    Ok(squares / channels.powi(4))
}

impl Measure for PolynomialMmd {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let moments = generated.moments()?;
        let channels = generated.shape().0 as f64;
        let second = (&moments.second - &self.target.second)?;
        let mean = (&moments.mean - &self.target.mean)?;
        let value = distance(&second, &mean, self.offset)?;
        let mean = mean.affine(4.0 * self.offset / channels.powi(3), 0.0)?;
        let second = second.affine(2.0 / channels.powi(4), 0.0)?;
        Ok(Evaluation::of_moments(value, Some(mean), Some(second)))
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
        loss::{
            finite_differences::{check_measure, noise_map},
            gram::GramLoss,
        },
    };

    fn features(h: usize, w: usize, seed: u64) -> TensorFeatures {
        TensorFeatures::new(noise_map(4, h, w, seed)).unwrap()
    }

    #[test]
    fn equals_the_mean_of_the_kernel_over_all_pairs() {
        let columns = |features: &TensorFeatures| {
            let flat = features.map().unwrap().flatten_from(1).unwrap();
            flat.t().unwrap().to_vec2::<f32>().unwrap()
        };
        let (style, generated) = (features(3, 5, 1), features(4, 2, 2));
        let offset = 0.7;
        let mean_kernel = |a: &[Vec<f32>], b: &[Vec<f32>]| {
            let kernel = |a: &[f32], b: &[f32]| {
                let product: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
                (f64::from(product) / 4.0 + offset).powi(2)
            };
            let pairs = a.iter().flat_map(|a| b.iter().map(move |b| kernel(a, b)));
            pairs.sum::<f64>() / (a.len() * b.len()) as f64
        };
        let (f, s) = (columns(&generated), columns(&style));
        let expected =
            (mean_kernel(&f, &f) + mean_kernel(&s, &s) - 2.0 * mean_kernel(&f, &s)) / 16.0;
        let mut loss = PolynomialMmd::with_offset(style.moments().unwrap(), offset).unwrap();
        let value = loss.evaluate(&generated).unwrap().value;
        assert!((value - expected).abs() < 1e-6 * expected, "{value}");
    }

    #[test]
    fn is_the_gram_loss_without_an_offset() {
        let (style, generated) = (features(3, 5, 1), features(4, 2, 2));
        let gram = GramLoss::target(&[(&style, 1.0)])
            .unwrap()
            .evaluate(&generated)
            .unwrap();
        let mmd = PolynomialMmd::with_offset(style.moments().unwrap(), 0.0)
            .unwrap()
            .evaluate(&generated)
            .unwrap();
        assert!((gram.value - mmd.value).abs() < 1e-6 * gram.value);
        let map = generated.map().unwrap();
        let a = gram.gradient.dense(&map).unwrap();
        let b = mmd.gradient.dense(&map).unwrap();
        let apart = sum_of_squares(&(&a - b).unwrap()).unwrap();
        assert!(apart < 1e-10 * sum_of_squares(&a).unwrap());
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let mut loss = PolynomialMmd::target(&[(&features(5, 7, 1), 1.0)]).unwrap();
        check_measure(&mut loss, &noise_map(4, 6, 3, 2));
    }
}

//! Maximum mean discrepancy with a Gaussian kernel (Li et al. 2017, "Demystifying neural style
//! transfer", section 4).
//!
//! `k(a, b) = exp(-|a - b|² / (2 σ²))`, `MMD² = mean k(f, f') + mean k(s, s') - 2 mean k(f, s)`.
//! Evaluated by random frequencies (Rahimi and Recht 2007): with ω drawn from N(0, I / σ²),
//! `L = mean over ω of |mean exp(i ωᵀf) - mean exp(i ωᵀs)|²`, whose expectation is MMD². With the
//! differences A of the cosines and B of the sines, and `p = ωᵀf`,
//! `dL/dF = 2 / (K N) sum_ω ω (B cos p - A sin p)ᵀ`. New frequencies at each evaluation.
//!
//! Differs from Li et al.: they draw disjoint pairs of positions, an estimate that may be negative
//! and uses little of the map; here every position counts and the value is 0 on the style itself.
//! They have one σ², the style's mean squared distance of a pair; here a third of the frequencies
//! each has σ, σ/2 and 2σ, so that a picture far from the style still feels a pull.

use candle_core::Tensor;
use rayon::prelude::*;

use super::{
    Evaluation, Measure, StyleDescription,
    draws::{Draws, affordable_rows, normal_rows},
    matrices::{covariance, trace},
    styles::{Styles, blend_moments, pool},
};
use crate::{error::Result, features::Features, state::State};

/// Its entry among the measures of style.
pub(super) const STYLE: StyleDescription = StyleDescription {
    title: "Gaussian MMD",
    effect: "Compares whole distributions softly: even, mild textures.",
    source: "Li, Wang, Liu and Hou 2017",
    draws: true,
    moments_only: false,
    shallowest_block: 1,
    usually_left: 0.055,
    dial_middle: 6.0,
    target: |styles, seed| Ok(Box::new(GaussianMmd::target(styles, seed)?)),
};

/// Frequencies at one evaluation.
const FREQUENCIES: usize = 48;
/// Style positions: only their mean over cosines and sines is needed, which 2^13 give to 1 %.
const STYLE_POSITIONS: usize = 1 << 13;
/// Bandwidths of the kernels, as parts of σ.
const BANDWIDTHS: [f64; 3] = [0.5, 1.0, 2.0];

/// Discrepancy between the distributions of features under Gaussian kernels.
#[derive(Clone, Debug)]
pub struct GaussianMmd {
    /// Style positions, `[C, P]`.
    pool: Tensor,
    /// σ of the middle kernel.
    bandwidth: f64,
    scale: f64,
    draws: Draws,
}

impl GaussianMmd {
    /// A loss with the pooled positions of the style images as its target.
    ///
    /// # Errors
    /// When there is no style image with a strength above 0, or the device fails.
    pub fn target(styles: &Styles<'_>, seed: u64) -> Result<Self> {
        let draws = Draws::new(seed);
        let mut rng = draws.for_target();
        let pool = pool(styles, STYLE_POSITIONS, &mut rng)?;
        let moments = blend_moments(styles)?;
        // Mean |s - s'|² = 2 tr Σ. A flat style has none: then a part of its energy stands in.
        let energy = trace(&moments.second)?;
        let variance = trace(&covariance(&moments)?)?.max(1e-4 * energy);
        // A style of zeros has no size: any will do.
        let bandwidth = if variance > 0.0 {
            (2.0 * variance).sqrt()
        } else {
            1.0
        };
        let mut measure = Self {
            pool,
            bandwidth,
            scale: 0.0,
            draws,
        };
        let frequencies = measure.frequencies(FREQUENCIES, &mut rng)?;
        let style = measure.style_waves(&frequencies)?;
        // At a map of zeros all cosines are 1 and all sines 0.
        let apart = style
            .iter()
            .map(|(cos, sin)| (1.0 - cos).powi(2) + sin.powi(2));
        measure.scale = apart.sum::<f64>() / FREQUENCIES as f64;
        Ok(measure)
    }

    /// `[count, C]`.
    fn frequencies(&self, count: usize, rng: &mut impl rand::Rng) -> Result<Tensor> {
        let channels = self.pool.dim(0)?;
        let mut rows = normal_rows(count, channels, rng);
        for (row, part) in rows
            .chunks_exact_mut(channels)
            .zip(BANDWIDTHS.iter().cycle())
        {
            for value in row {
                *value *= (1.0 / (part * self.bandwidth)) as f32;
            }
        }
        let shape = (count, channels);
        Ok(Tensor::from_vec(rows, shape, self.pool.device())?)
    }

    /// Mean cosine and mean sine of the style for each frequency.
    fn style_waves(&self, frequencies: &Tensor) -> Result<Vec<(f64, f64)>> {
        let length = self.pool.dim(1)?;
        let phases: Vec<f32> = frequencies.matmul(&self.pool)?.flatten_all()?.to_vec1()?;
        Ok(phases.par_chunks_exact(length).map(mean_wave).collect())
    }
}

/// Sine and cosine to 1e-6 for phases of moderate size, in operations that the compiler can put
/// into vector registers: the library's are calls, and here are 50 million of them.
#[inline]
fn sin_cos(phase: f32) -> (f32, f32) {
    use std::f32::consts::FRAC_2_PI;
    /// Added and taken away again, it rounds to whole numbers.
    const ROUND: f32 = 12_582_912.0;
    /// pi/2 in two parts, the first with few digits, so that its multiples are exact.
    const HIGH: f32 = 1.570_312_5;
    const LOW: f32 = 4.838_268e-4;
    let shifted = phase * FRAC_2_PI + ROUND;
    let quadrant = shifted.to_bits();
    let turns = shifted - ROUND;
    let rest = (phase - turns * HIGH) - turns * LOW;
    let square = rest * rest;
    let sin = rest + rest * square * (-1.0 / 6.0 + square * (1.0 / 120.0 - square / 5040.0));
    let cos =
        1.0 - square * (0.5 - square * (1.0 / 24.0 - square * (1.0 / 720.0 - square / 40_320.0)));
    let (a, b) = if quadrant & 1 == 0 {
        (sin, cos)
    } else {
        (cos, sin)
    };
    // The sign bit: sine is negative in quadrants 2 and 3, cosine in 1 and 2.
    let negative_sin = (quadrant & 2) << 30;
    let negative_cos = (quadrant.wrapping_add(1) & 2) << 30;
    (
        f32::from_bits(a.to_bits() ^ negative_sin),
        f32::from_bits(b.to_bits() ^ negative_cos),
    )
}

fn mean_wave(phases: &[f32]) -> (f64, f64) {
    let (mut cosines, mut sines) = (0.0, 0.0);
    for piece in phases.chunks(256) {
        // Short sums in eight lanes of f32, their sum in f64.
        let (mut by_cos, mut by_sin) = ([0.0_f32; 8], [0.0_f32; 8]);
        for lanes in piece.chunks(8) {
            for (lane, &phase) in lanes.iter().enumerate() {
                let (sin, cos) = sin_cos(phase);
                by_cos[lane] += cos;
                by_sin[lane] += sin;
            }
        }
        cosines += f64::from(by_cos.iter().sum::<f32>());
        sines += f64::from(by_sin.iter().sum::<f32>());
    }
    (cosines / phases.len() as f64, sines / phases.len() as f64)
}

impl Measure for GaussianMmd {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let (c, h, w) = generated.shape();
        let n = h * w;
        let map = generated.map()?;
        let mut rng = self.draws.generator();
        let count = affordable_rows(FREQUENCIES, n);
        let frequencies = self.frequencies(count, &mut rng)?;
        let style = self.style_waves(&frequencies)?;
        let phases = frequencies.matmul(&map.reshape((c, n))?)?;
        let mut phases: Vec<f32> = phases.flatten_all()?.to_vec1()?;
        let slope = 2.0 / (count * n) as f64;
        let sum: f64 = phases
            .par_chunks_exact_mut(n)
            .zip_eq(&style)
            .map(|(phases, style)| {
                let (cosines, sines) = mean_wave(phases);
                let (a, b) = (cosines - style.0, sines - style.1);
                let (by_sin, by_cos) = ((-slope * a) as f32, (slope * b) as f32);
                for phase in phases {
                    let (sin, cos) = sin_cos(*phase);
                    *phase = by_sin * sin + by_cos * cos;
                }
                a * a + b * b
            })
            .sum();
        let slopes = Tensor::from_vec(phases, (count, n), map.device())?;
        let gradient = frequencies.t()?.matmul(&slopes)?.reshape((c, h, w))?;
        Ok(Evaluation::of_map(sum / count as f64, gradient))
    }

    fn scale(&self) -> f64 {
        self.scale
    }

    fn hold(&mut self, held: bool) {
        self.draws.hold(held);
    }

    fn keep(&self, state: &mut State) {
        self.draws.keep(state);
    }

    fn restore(&mut self, state: &mut State) -> Result<()> {
        self.draws.restore(state)
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
    fn approaches_the_mean_of_the_kernels_over_all_pairs() {
        let columns = |features: &TensorFeatures| {
            let flat = features.map().unwrap().flatten_from(1).unwrap();
            flat.t().unwrap().to_vec2::<f32>().unwrap()
        };
        let style = TensorFeatures::new(noise_map(3, 3, 4, 1)).unwrap();
        let other = noise_map(3, 2, 5, 2).affine(0.5, 1.0).unwrap();
        let other = TensorFeatures::new(other).unwrap();
        let mut loss = GaussianMmd::target(&[(&style, 1.0)], 1).unwrap();
        let bandwidth = loss.bandwidth;
        let kernel = |a: &[f32], b: &[f32]| {
            let square: f64 = a.iter().zip(b).map(|(x, y)| f64::from(x - y).powi(2)).sum();
            let by_width = |part: &f64| (-square / (2.0 * (part * bandwidth).powi(2))).exp();
            BANDWIDTHS.iter().map(by_width).sum::<f64>() / 3.0
        };
        let mean = |a: &[Vec<f32>], b: &[Vec<f32>]| {
            let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
            let sum: f64 = pairs.map(|(a, b)| kernel(a, b)).sum();
            sum / (a.len() * b.len()) as f64
        };
        let (f, s) = (columns(&other), columns(&style));
        let expected = mean(&f, &f) + mean(&s, &s) - 2.0 * mean(&f, &s);
        let values = (0..100).map(|_| loss.evaluate(&other).unwrap().value);
        let found = values.sum::<f64>() / 100.0;
        assert!(
            (found - expected).abs() < 0.05 * expected,
            "{found} {expected}"
        );
    }

    #[test]
    fn sines_and_cosines_are_those_of_the_library() {
        for step in -40_000..40_000 {
            let phase = step as f32 * 0.005;
            let ((sin, cos), expected) = (sin_cos(phase), f64::from(phase).sin_cos());
            let apart = (f64::from(sin) - expected.0).abs() + (f64::from(cos) - expected.1).abs();
            assert!(apart < 2e-6, "{phase}: {sin} {cos} {expected:?}");
        }
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let style = TensorFeatures::new(noise_map(4, 5, 7, 1)).unwrap();
        let mut loss = GaussianMmd::target(&[(&style, 1.0)], 1).unwrap();
        loss.hold(true);
        check_measure(&mut loss, &noise_map(4, 6, 3, 2));
    }
}

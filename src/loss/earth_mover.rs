//! Relaxed earth mover's distance with moments (Kolkin et al. 2019, equations 4 to 7), at one
//! layer or over the hypercolumns of several.
//!
//! With `C_ij = 1 - cos(x_i, s_j)` between points of the picture and of the style,
//! `R = max(mean_i min_j C_ij, mean_j min_i C_ij)`: every point has a like in the style, and every
//! style point one in the picture. Cosines know nothing of magnitudes, so moments stand beside:
//! `M = mean |μ - μ_s| / r + mean |Σ - Σ_s| / r²`, r² the style's mean energy of a channel.
//! `L = R + M`; the gradient of R flows through the pairs of the larger side.
//!
//! Differs from Kolkin et al.: moments are those of all positions, not of the points, and
//! covariances stay within a layer; features are divided by r, so both parts weigh the same
//! with every network; layers have equal shares in the cosine (see `hypercolumns`); there
//! is no separate term for the palette.

use candle_core::Tensor;
use rayon::prelude::*;

use super::{
    JointEvaluation, JointMeasure, JointStyles, StyleDescription,
    draws::Draws,
    hypercolumns::{Points, back_to_layers, columns, equal_share},
    matrices::{covariance, times, to_f64, trace},
    styles::{blend_moments, shares},
};
use crate::{
    error::Result,
    features::{FeatureGradient, Features, MomentGradient, Moments},
    state::State,
};

/// Its entry among the measures of style.
pub(super) const STYLE: StyleDescription = StyleDescription {
    title: "Relaxed earth mover",
    effect: "Finds for each place of the picture its like in the style and the other way \
             round: content stays readable under strong styles.",
    source: "Kolkin, Salavon and Shakhnarovich 2019",
    draws: true,
    moments_only: false,
    shallowest_block: 1,
    // Distances to the nearest of a finite number of others stay away from 0.
    usually_left: 0.27,
    dial_middle: 2.0,
    target: |styles, seed| {
        let styles: Vec<_> = styles.iter().map(|(f, s)| (vec![*f], *s)).collect();
        Ok(Box::new(EarthMover::target(&styles, seed)?))
    },
};

/// Points of the picture at one evaluation, new ones each time. With 1024, as in the paper, a step at
/// ten layers cost 2.2 times one of Gram matrices.
const POINTS: usize = 640;
/// Points of the style images, at most; the same throughout.
const STYLE_POINTS: usize = 2048;
/// Columns of the matrix of cosines that are searched together.
const COLUMNS: usize = 128;

/// Relaxed earth mover's distance to the style's hypercolumns.
#[derive(Clone, Debug)]
pub struct EarthMover {
    /// Unit vectors of the style, `[P, C]`.
    style: Tensor,
    layers: Vec<LayerTarget>,
    scale: f64,
    draws: Draws,
}

#[derive(Clone, Debug)]
struct LayerTarget {
    mean: Tensor,
    covariance: Tensor,
    /// r², or 1 for a style of zeros.
    energy: f64,
    /// Factor of the layer in hypercolumns.
    share: f64,
}

impl EarthMover {
    /// A loss with points of the style images as its target.
    ///
    /// # Errors
    /// When there is no style image with a strength above 0, or the device fails.
    pub fn target(styles: &JointStyles<'_>, seed: u64) -> Result<Self> {
        let draws = Draws::new(seed);
        let parts = shares(styles.iter().map(|s| s.1))?;
        let count = styles.iter().map(|(layers, _)| layers.len()).min();
        let count = count.unwrap_or(0);
        let mut layers = Vec::with_capacity(count);
        for index in 0..count {
            let of_layer: Vec<_> = styles.iter().map(|(all, s)| (all[index], *s)).collect();
            layers.push(LayerTarget::new(&blend_moments(&of_layer)?, count)?);
        }
        let scales: Vec<f64> = layers.iter().map(|layer| layer.share).collect();
        let positions = styles.iter().map(|(all, _)| {
            let (_, h, w) = all[0].shape();
            h * w
        });
        let total = positions.sum::<usize>().min(STYLE_POINTS);
        let mut rng = draws.for_target();
        let mut rows = Vec::new();
        for ((all, _), part) in styles.iter().zip(parts) {
            let (_, h, w) = all[0].shape();
            let amount = (part * total as f64).round() as usize;
            let points = Points::of_positions(h, w, amount, &mut rng);
            if points.len() > 0 {
                rows.push(columns(all, &scales, &points)?.unit);
            }
        }
        // At a map of zeros every cosine is 0 and all moments are missing.
        let mut scale = 1.0;
        for layer in &layers {
            let empty = Moments {
                mean: layer.mean.zeros_like()?,
                second: layer.covariance.zeros_like()?,
                positions: 1,
            };
            scale += layer.compare(&empty)?.0 / count as f64;
        }
        Ok(Self {
            style: Tensor::cat(&rows, 0)?,
            layers,
            scale,
            draws,
        })
    }
}

impl LayerTarget {
    fn new(moments: &Moments, layers: usize) -> Result<Self> {
        let channels = moments.mean.dim(0)?;
        let energy = trace(&moments.second)? / channels as f64;
        Ok(Self {
            mean: moments.mean.clone(),
            covariance: covariance(moments)?,
            energy: if energy > 0.0 { energy } else { 1.0 },
            share: equal_share(energy, channels, layers),
        })
    }

    /// M and its derivative.
    fn compare(&self, moments: &Moments) -> Result<(f64, MomentGradient)> {
        let channels = moments.mean.dim(0)? as f64;
        let (by_mean, by_covariance) = (
            1.0 / (self.energy.sqrt() * channels),
            1.0 / (self.energy * channels * channels),
        );
        let shift = (&moments.mean - &self.mean)?;
        let difference = (covariance(moments)? - &self.covariance)?;
        let total = |sums: &Tensor| -> Result<f64> { Ok(to_f64(sums)?.iter().sum()) };
        let value =
            by_mean * total(&shift.abs()?)? + by_covariance * total(&difference.abs()?.sum(1)?)?;
        let second = difference.sign()?.affine(by_covariance, 0.0)?;
        let mean = (shift.sign()?.affine(by_mean, 0.0)?
            - times(&second, &moments.mean)?.affine(2.0, 0.0)?)?;
        let gradient = MomentGradient {
            mean: Some(mean),
            second: Some(second),
            energy: None,
        };
        Ok((value, gradient))
    }
}

/// R and its derivative with respect to the picture's unit vectors.
fn relaxed_distance(unit: &Tensor, style: &Tensor) -> Result<(f64, Tensor)> {
    let ((n, channels), m) = (unit.dims2()?, style.dim(0)?);
    let cosines: Vec<f32> = unit.matmul(&style.t()?)?.flatten_all()?.to_vec1()?;
    let nearest_of_style: Vec<usize> = cosines.par_chunks_exact(m).map(largest).collect();
    // Row by row over some columns at a time: a column by itself touches a line of memory for
    // every value.
    let mut nearest_of_picture = vec![0; m];
    nearest_of_picture
        .par_chunks_mut(COLUMNS)
        .enumerate()
        .for_each(|(part, nearest)| {
            let mut best = [f32::NEG_INFINITY; COLUMNS];
            for (i, row) in cosines.chunks_exact(m).enumerate() {
                let row = &row[part * COLUMNS..][..nearest.len()];
                for ((best, nearest), &cos) in best.iter_mut().zip(&mut *nearest).zip(row) {
                    if cos > *best {
                        (*best, *nearest) = (cos, i);
                    }
                }
            }
        });
    let mean = |pairs: &[(usize, usize)]| {
        let distances = pairs
            .iter()
            .map(|&(i, j)| 1.0 - f64::from(cosines[i * m + j]));
        (distances.sum::<f64>() / pairs.len() as f64).max(0.0)
    };
    let of_picture: Vec<_> = nearest_of_style.into_iter().enumerate().collect();
    let of_style: Vec<_> = nearest_of_picture.into_iter().zip(0..).collect();
    let (a, b) = (mean(&of_picture), mean(&of_style));
    let (value, pairs) = if a >= b {
        (a, of_picture)
    } else {
        (b, of_style)
    };
    let rows: Vec<f32> = style.flatten_all()?.to_vec1()?;
    let slope = -1.0 / pairs.len() as f32;
    let mut gradient = vec![0.0; n * channels];
    for (i, j) in pairs {
        let row = &rows[j * channels..][..channels];
        for (sum, value) in gradient[i * channels..][..channels].iter_mut().zip(row) {
            *sum += slope * value;
        }
    }
    Ok((
        value,
        Tensor::from_vec(gradient, (n, channels), unit.device())?,
    ))
}

/// Index of the largest value, the first of equals.
fn largest(row: &[f32]) -> usize {
    let mut best = 0;
    for (index, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = index;
        }
    }
    best
}

impl JointMeasure for EarthMover {
    fn evaluate_joint(&mut self, generated: &[&dyn Features]) -> Result<JointEvaluation> {
        let scales: Vec<f64> = self.layers.iter().map(|layer| layer.share).collect();
        let (_, h, w) = generated[0].shape();
        let mut rng = self.draws.generator();
        let points = Points::of_positions(h, w, POINTS.min(h * w), &mut rng);
        let columns = columns(generated, &scales, &points)?;
        let (mut value, by_unit) = relaxed_distance(&columns.unit, &self.style)?;
        let maps = back_to_layers(&by_unit, &columns, generated, &scales, &points)?;
        let mut gradients = Vec::with_capacity(maps.len());
        let part = 1.0 / self.layers.len() as f64;
        for ((layer, features), map) in self.layers.iter().zip(generated).zip(maps) {
            let (moments, gradient) = layer.compare(&features.moments()?)?;
            value += part * moments;
            let mut gradient = FeatureGradient::of_moments(gradient.mean, gradient.second);
            gradient.scale(part)?;
            gradient.map = Some(map);
            gradients.push(gradient);
        }
        Ok(JointEvaluation { value, gradients })
    }

    fn joint_scale(&self) -> f64 {
        self.scale
    }

    fn hold_joint(&mut self, held: bool) {
        self.draws.hold(held);
    }

    fn keep_joint(&self, state: &mut State) {
        self.draws.keep(state);
    }

    fn restore_joint(&mut self, state: &mut State) -> Result<()> {
        self.draws.restore(state)
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;
    use crate::{
        features::TensorFeatures,
        loss::{
            Measure as _,
            finite_differences::{check_measure_with_step, noise_map},
        },
    };

    fn features(map: Tensor) -> TensorFeatures {
        TensorFeatures::new(map).unwrap()
    }

    #[test]
    fn relaxed_distance_is_the_larger_of_both_sides() {
        let unit = Tensor::new(&[[1.0_f32, 0.0], [1.0, 0.0]], &Device::Cpu).unwrap();
        let style = Tensor::new(&[[1.0_f32, 0.0], [0.0, 1.0]], &Device::Cpu).unwrap();
        // Every picture point is in the style; one of two style points is missing: (0 + 1) / 2.
        let (value, gradient) = relaxed_distance(&unit, &style).unwrap();
        assert_eq!(value, 0.5);
        // The missing one pulls the first of its equals; the other holds it.
        let gradient = gradient.to_vec2::<f32>().unwrap();
        assert_eq!(gradient, [[-0.5, -0.5], [0.0, 0.0]]);
        assert_eq!(relaxed_distance(&style, &unit).unwrap().0, 0.5);
    }

    #[test]
    fn joint_layers_are_zero_on_themselves_and_pull_each_layer() {
        let style = [
            features(noise_map(3, 8, 6, 1)),
            features(noise_map(5, 4, 3, 2)),
        ];
        let style: Vec<&dyn Features> = style.iter().map(|f| f as &dyn Features).collect();
        let mut loss = EarthMover::target(&[(style.clone(), 1.0)], 1).unwrap();
        assert!(loss.evaluate_joint(&style).unwrap().value < 1e-5);
        let other = [
            features(noise_map(3, 6, 6, 3)),
            features(noise_map(5, 3, 3, 4)),
        ];
        let other: Vec<&dyn Features> = other.iter().map(|f| f as &dyn Features).collect();
        let evaluation = loss.evaluate_joint(&other).unwrap();
        assert!(evaluation.value > 0.01);
        for (gradient, layer) in evaluation.gradients.iter().zip(other) {
            assert!(gradient.norm(layer).unwrap() > 0.0);
        }
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let style = features(noise_map(4, 5, 7, 1));
        let mut loss = EarthMover::target(&[(vec![&style as &dyn Features], 1.0)], 1).unwrap();
        loss.hold(true);
        check_measure_with_step(&mut loss, &noise_map(4, 6, 3, 2), 1e-3);
    }
}

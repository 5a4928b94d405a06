//! Self-similarity as content (Kolkin et al. 2019, equation 8): how like each point of the picture
//! is to every other, whatever either looks like.
//!
//! `D_ij = 1 - cos(x_i, x_j)` between points of one picture, each row divided by its sum;
//! `L = (1/n) sum_ij |D_ij - D'_ij|` against the content image at the same points, 0 to 2.
//! Unchanged when all features are scaled; the style may replace every color and texture as
//! long as what was alike stays alike.
//!
//! With g the signs over n, s the row sums: `dL/dD_ij = g_ij / s_i - sum_k g_ik D_ik / s_i²`, and
//! with G this matrix and X̂ the unit vectors as rows, `dL/dX̂ = -(G + Gᵀ) X̂`.
//!
//! Differs from Kolkin et al.: layers have equal shares in the cosine (see
//! `hypercolumns`).

use candle_core::Tensor;
use rayon::prelude::*;

use super::{
    JointEvaluation, JointMeasure,
    draws::Draws,
    gram::mean_square,
    hypercolumns::{Points, back_to_layers, columns, equal_share},
};
use crate::{
    error::{Error, Result},
    features::{FeatureGradient, Features, TensorFeatures},
    state::State,
};

/// Points at one evaluation, new ones each time.
const POINTS: usize = 1024;
/// Mean distance under which the points of a picture count as all alike.
const LEAST_DISTANCE: f64 = 1e-4;

/// Distance of the self-similarity to that of the content image.
#[derive(Clone, Debug)]
pub struct SelfSimilarity {
    content: Vec<TensorFeatures>,
    shares: Vec<f64>,
    scale: f64,
    draws: Draws,
}

impl SelfSimilarity {
    /// A loss with the content image's feature maps at one or more layers as its target.
    ///
    /// # Errors
    /// When there is no layer, or the device fails.
    pub fn target(content: &[&dyn Features], seed: u64) -> Result<Self> {
        if content.is_empty() {
            return Err(Error::Internal("self-similarity of no layer".to_owned()));
        }
        let mut layers = Vec::with_capacity(content.len());
        let mut shares = Vec::with_capacity(content.len());
        for features in content {
            let map = features.map()?;
            let energy = mean_square(&map.flatten_from(1)?)?;
            shares.push(equal_share(energy, map.dim(0)?, content.len()));
            layers.push(TensorFeatures::new(map)?);
        }
        let draws = Draws::new(seed);
        let mut measure = Self {
            content: layers,
            shares,
            scale: 0.0,
            draws,
        };
        // A map of zeros is as far from each of its points as from any other.
        let points = measure.points(&mut measure.draws.for_target());
        let mut target = measure.distances_of_content(&points)?;
        let count = points.len();
        let even = 1.0 / count as f64;
        for row in target.chunks_exact_mut(count) {
            let sum = row_sum(row);
            let apart = row.iter().map(|&d| (f64::from(d) / sum - even).abs());
            measure.scale += even * apart.sum::<f64>();
        }
        Ok(measure)
    }

    fn points(&self, rng: &mut impl rand::Rng) -> Points {
        let (_, h, w) = self.content[0].shape();
        Points::of_positions(h, w, POINTS.min(h * w), rng)
    }

    fn distances_of_content(&self, points: &Points) -> Result<Vec<f32>> {
        let layers: Vec<&dyn Features> = self.content.iter().map(|f| f as _).collect();
        distances(&columns(&layers, &self.shares, points)?.unit)
    }
}

/// `1 - X̂ X̂ᵀ`, row by row.
fn distances(unit: &Tensor) -> Result<Vec<f32>> {
    let cosines = unit.matmul(&unit.t()?)?;
    Ok(cosines.affine(-1.0, 1.0)?.flatten_all()?.to_vec1()?)
}

/// What a row of distances is divided by.
fn row_sum(row: &[f32]) -> f64 {
    let sum: f64 = row.iter().copied().map(f64::from).sum();
    sum.max(LEAST_DISTANCE * row.len() as f64)
}

/// L for one row, times n; the derivative is written over the row.
fn compare_row(row: &mut [f32], target: &[f32]) -> f64 {
    let count = row.len() as f64;
    let (sum, target_sum) = (row_sum(row), row_sum(target));
    let mut value = 0.0;
    // sum_k sign_k D_k, of the part through the row's own sum.
    let mut through_sum = 0.0;
    for (own, other) in row.iter_mut().zip(target) {
        let distance = f64::from(*own);
        let difference = distance / sum - f64::from(*other) / target_sum;
        value += difference.abs();
        let sign = if difference == 0.0 {
            0.0
        } else {
            difference.signum()
        };
        through_sum += sign * distance;
        *own = (sign / (sum * count)) as f32;
    }
    if sum > LEAST_DISTANCE * count {
        let shift = (through_sum / (sum * sum * count)) as f32;
        for own in row {
            *own -= shift;
        }
    }
    value
}

impl JointMeasure for SelfSimilarity {
    fn evaluate_joint(&mut self, generated: &[&dyn Features]) -> Result<JointEvaluation> {
        let mut rng = self.draws.generator();
        let points = self.points(&mut rng);
        let count = points.len();
        let target = self.distances_of_content(&points)?;
        let columns = columns(generated, &self.shares, &points)?;
        let mut rows = distances(&columns.unit)?;
        let sum: f64 = rows
            .par_chunks_exact_mut(count)
            .zip(target.par_chunks_exact(count))
            .map(|(row, target)| compare_row(row, target))
            .sum();
        let slopes = Tensor::from_vec(rows, (count, count), columns.unit.device())?;
        let slopes = (&slopes + slopes.t()?)?;
        let by_unit = slopes.matmul(&columns.unit)?.affine(-1.0, 0.0)?;
        let maps = back_to_layers(&by_unit, &columns, generated, &self.shares, &points)?;
        let gradients = maps.into_iter().map(FeatureGradient::of_map);
        Ok(JointEvaluation {
            value: sum / count as f64,
            gradients: gradients.collect(),
        })
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
    use super::*;
    use crate::loss::{
        Measure,
        finite_differences::{check_measure_with_step, noise_map},
    };

    fn loss(map: &Tensor) -> SelfSimilarity {
        let features = TensorFeatures::new(map.clone()).unwrap();
        SelfSimilarity::target(&[&features], 1).unwrap()
    }

    fn value(loss: &mut SelfSimilarity, map: &Tensor) -> f64 {
        let features = TensorFeatures::new(map.clone()).unwrap();
        loss.evaluate(&features).unwrap().value
    }

    #[test]
    fn zero_on_itself_scaled_or_turned_and_at_most_two() {
        let map = noise_map(3, 5, 6, 1);
        let mut loss = loss(&map);
        assert!(value(&mut loss, &map) < 1e-5);
        assert!(value(&mut loss, &map.affine(7.0, 0.0).unwrap()) < 1e-4);
        // Channels in another order: other features, the same likenesses.
        let order = Tensor::new(&[2_u32, 0, 1], map.device()).unwrap();
        assert!(value(&mut loss, &map.index_select(&order, 0).unwrap()) < 1e-4);
        let other = value(&mut loss, &noise_map(3, 5, 6, 2));
        assert!(other > 0.1 && other <= 2.0, "{other}");
    }

    #[test]
    fn scale_is_the_value_at_zeros() {
        let map = noise_map(3, 5, 6, 1);
        let mut loss = loss(&map);
        let zeros = value(&mut loss, &map.zeros_like().unwrap());
        assert!((loss.scale() - zeros).abs() < 1e-3 * zeros);
    }

    #[test]
    fn strange_maps_stay_finite() {
        for (map, other) in [
            (noise_map(3, 1, 1, 1), noise_map(3, 1, 1, 2)),
            (
                noise_map(3, 4, 4, 1),
                noise_map(3, 4, 4, 1).zeros_like().unwrap(),
            ),
            (
                noise_map(3, 4, 4, 1).ones_like().unwrap(),
                noise_map(3, 4, 4, 1),
            ),
            (
                noise_map(3, 4, 4, 1).zeros_like().unwrap(),
                noise_map(3, 4, 4, 1),
            ),
        ] {
            let mut loss = loss(&map);
            let features = TensorFeatures::new(other.clone()).unwrap();
            let evaluation = loss.evaluate(&features).unwrap();
            let norm = evaluation.gradient.norm(&features).unwrap();
            assert!(evaluation.value.is_finite() && norm.is_finite());
        }
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let mut loss = loss(&noise_map(3, 5, 6, 1));
        loss.hold(true);
        check_measure_with_step(&mut loss, &noise_map(3, 5, 6, 2), 1e-3);
    }
}

//! Sliced Wasserstein distance of the distributions of features (Heitz et al. 2021, equation 2).
//!
//! For K random unit directions d: project both maps on d, sort both, and take the mean squared
//! difference rank by rank; `L` is the mean over directions. With Δ the differences brought back
//! to their positions, `dL/dF = 2 / (K N) sum_d d Δᵀ`. New directions at each evaluation.
//!
//! Differs from Heitz et al.: directions are orthogonal to each other (less variance for the same
//! number), at most 128 of them and fewer on large maps; the style is resampled as a curve of quantiles, so any two sizes
//! go together.

use candle_core::Tensor;
use rayon::prelude::*;

use super::{
    Evaluation, Measure, StyleDescription,
    draws::{Draws, affordable_rows, directions},
    gram::mean_square,
    sorting::{Quantiles, Sorter},
    styles::{POOL_POSITIONS, Styles, pool},
};
use crate::{error::Result, features::Features, state::State};

/// Its entry among the measures of style.
pub(super) const STYLE: StyleDescription = StyleDescription {
    title: "Sliced Wasserstein",
    effect: "Takes over the full distribution of features: faithful palette and textures, \
             strong on graphic styles.",
    source: "Heitz, Vanhoey, Chambon and Belcour 2021",
    draws: true,
    moments_only: false,
    shallowest_block: 1,
    usually_left: 0.055,
    dial_middle: 2.5,
    target: |styles, seed| Ok(Box::new(SlicedWasserstein::target(styles, seed)?)),
};

/// Directions at one evaluation, at most; beyond, each more costs as much and tells less.
const DIRECTIONS: usize = 128;

/// Distance of the distributions of features, by random projections.
#[derive(Clone, Debug)]
pub struct SlicedWasserstein {
    /// Style positions, `[C, P]`.
    pool: Tensor,
    scale: f64,
    draws: Draws,
}

impl SlicedWasserstein {
    /// A loss with the pooled positions of the style images as its target.
    ///
    /// # Errors
    /// When there is no style image with a strength above 0, or the device fails.
    pub fn target(styles: &Styles<'_>, seed: u64) -> Result<Self> {
        let draws = Draws::new(seed);
        let pool = pool(styles, POOL_POSITIONS, &mut draws.for_target())?;
        let scale = mean_square(&pool)?;
        Ok(Self { pool, scale, draws })
    }
}

/// For each pair of rows: the mean squared difference of their sorted values, and its derivative
/// with respect to the first, written over it. Rows have `n` and `p` values.
///
/// Returns the mean over rows; derivatives are of that mean.
pub(super) fn compare_rows(generated: &mut [f32], n: usize, style: &mut [f32], p: usize) -> f64 {
    let rows = generated.len() / n;
    let slope = (2.0 / (rows * n) as f64) as f32;
    let pairs = generated
        .par_chunks_exact_mut(n)
        .zip_eq(style.par_chunks_exact_mut(p));
    let sum: f64 = pairs
        .map_init(Sorter::default, |sorter, (generated, style)| {
            sorter.sort(style);
            let quantiles = Quantiles::new(style, n);
            let mut sum = 0.0;
            for (rank, (value, index)) in sorter.ranked(generated).enumerate() {
                let difference = value - quantiles.at(rank);
                sum += f64::from(difference) * f64::from(difference);
                generated[index] = slope * difference;
            }
            sum
        })
        .sum();
    sum / (rows * n) as f64
}

impl Measure for SlicedWasserstein {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let (c, h, w) = generated.shape();
        let (n, p) = (h * w, self.pool.dim(1)?);
        let count = affordable_rows(c.min(DIRECTIONS), n);
        let map = generated.map()?;
        let device = map.device();
        let directions = directions(count, c, &mut self.draws.generator(), device)?;
        let project = |flat: &Tensor| -> Result<Vec<f32>> {
            Ok(directions.matmul(flat)?.flatten_all()?.to_vec1()?)
        };
        let mut rows = project(&map.reshape((c, n))?)?;
        let value = compare_rows(&mut rows, n, &mut project(&self.pool)?, p);
        let slopes = Tensor::from_vec(rows, (count, n), device)?;
        let gradient = directions.t()?.matmul(&slopes)?.reshape((c, h, w))?;
        Ok(Evaluation::of_map(value, gradient))
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
    use candle_core::Device;

    use super::*;
    use crate::{
        features::TensorFeatures,
        loss::finite_differences::{check_measure_with_step, noise_map},
    };

    #[test]
    fn in_one_dimension_it_is_the_difference_of_sorted_values() {
        let map = |values: &[f32]| {
            let map = Tensor::from_slice(values, (1, 1, values.len()), &Device::Cpu).unwrap();
            TensorFeatures::new(map).unwrap()
        };
        let style = map(&[5.0, 1.0, 3.0]);
        let mut loss = SlicedWasserstein::target(&[(&style, 1.0)], 1).unwrap();
        let value = loss.evaluate(&map(&[2.0, 9.0, 3.0])).unwrap().value;
        assert!((value - (1.0 + 0.0 + 16.0) / 3.0).abs() < 1e-6, "{value}");
    }

    #[test]
    fn other_directions_each_time_and_the_same_while_held() {
        let style = TensorFeatures::new(noise_map(8, 5, 7, 1)).unwrap();
        let other = TensorFeatures::new(noise_map(8, 6, 6, 2)).unwrap();
        let mut loss = SlicedWasserstein::target(&[(&style, 1.0)], 5).unwrap();
        // All eight directions are an orthonormal basis in turn: alike, but not equal.
        let mut value = || loss.evaluate(&other).unwrap().value;
        let (first, second) = (value(), value());
        assert_ne!(first, second);
        loss.hold(true);
        let mut value = || loss.evaluate(&other).unwrap().value;
        assert_eq!(second, value());
        assert_eq!(second, value());
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        for (h, w) in [(6, 3), (5, 7)] {
            let style = TensorFeatures::new(noise_map(4, 5, 7, 1)).unwrap();
            let mut loss = SlicedWasserstein::target(&[(&style, 1.0)], 1).unwrap();
            loss.hold(true);
            check_measure_with_step(&mut loss, &noise_map(4, h, w, 2), 1e-3);
        }
    }
}

//! Histogram loss (Risser et al. 2017, section 4.2).
//!
//! `L = mean((F - R(F))²)`, where R gives each channel the style's histogram by matching ranks;
//! R is taken as constant, so `dL/dF = 2 (F - R) / (C N)`. That is no approximation: for sorted
//! values without ties it is the gradient of the Wasserstein-2 distance of the two histograms.
//!
//! Differs from Risser et al., who match 256 bins: about half of a channel after a rectifier is 0 and
//! would fill one bin. Here ranks are matched, and equal values (all those zeros) get one common
//! target, the mean of the style's values over their ranks. On large maps an evaluation takes some
//! of the channels, drawn anew each time.

use candle_core::Tensor;
use rayon::prelude::*;

use super::{
    Evaluation, Measure, StyleDescription,
    draws::{Draws, affordable_rows, distinct},
    gram::mean_square,
    sorting::{Quantiles, Sorter},
    styles::{POOL_POSITIONS, Styles, pool},
};
use crate::{error::Result, features::Features, state::State};

/// Its entry among the measures of style.
pub(super) const STYLE: StyleDescription = StyleDescription {
    title: "Histograms",
    effect: "Holds contrast steady and flat colors flat; best along with Gram matrices.",
    source: "Risser, Wilmot and Barnes 2017",
    draws: true,
    moments_only: false,
    shallowest_block: 1,
    usually_left: 0.042,
    dial_middle: 3.0,
    target: |styles, seed| Ok(Box::new(HistogramLoss::target(styles, seed)?)),
};

/// Distance of each channel to its values under the style's histogram.
#[derive(Clone, Debug)]
pub struct HistogramLoss {
    /// The style's values, channel by channel, ascending.
    sorted: Vec<f32>,
    /// Values in a channel.
    length: usize,
    scale: f64,
    draws: Draws,
}

impl HistogramLoss {
    /// A loss with the pooled histograms of the style images as its target. The seed chooses
    /// positions of large style images, and channels at each evaluation.
    ///
    /// # Errors
    /// When there is no style image with a strength above 0, or the device fails.
    pub fn target(styles: &Styles<'_>, seed: u64) -> Result<Self> {
        let draws = Draws::new(seed);
        let pool = pool(styles, POOL_POSITIONS, &mut draws.for_target())?;
        let length = pool.dim(1)?;
        let mut sorted: Vec<f32> = pool.flatten_all()?.to_vec1()?;
        sorted
            .par_chunks_exact_mut(length)
            .for_each_init(Sorter::default, Sorter::sort);
        Ok(Self {
            sorted,
            length,
            scale: mean_square(&pool)?,
            draws,
        })
    }
}

/// Replaces values by their difference to what the style has at their ranks; returns the sum of
/// squares of the differences.
fn subtract_matched(row: &mut [f32], quantiles: Quantiles<'_>, sorter: &mut Sorter) -> f64 {
    let mut sum = 0.0;
    let mut ranked = sorter.ranked(row).enumerate();
    while let Some((rank, (value, _))) = ranked.clone().next() {
        let ties = ranked
            .clone()
            .take_while(|(_, (other, _))| other.total_cmp(&value).is_eq());
        let ties = ties.count().max(1);
        let targets = (rank..rank + ties).map(|rank| f64::from(quantiles.at(rank)));
        let target = (targets.sum::<f64>() / ties as f64) as f32;
        let difference = value - target;
        sum += ties as f64 * f64::from(difference) * f64::from(difference);
        for (_, (_, index)) in ranked.by_ref().take(ties) {
            row[index] = difference;
        }
    }
    sum
}

impl Measure for HistogramLoss {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let (c, h, w) = generated.shape();
        let n = h * w;
        let count = affordable_rows(c, n);
        let drawn = distinct(c, count, &mut self.draws.generator());
        let map = generated.map()?;
        let mut rows: Vec<f32> = map.flatten_all()?.to_vec1()?;
        let slope = (2.0 / (count * n) as f64) as f32;
        let style = self.sorted.par_chunks_exact(self.length);
        let sum: f64 = rows
            .par_chunks_exact_mut(n)
            .zip_eq(style)
            .enumerate()
            .map_init(Sorter::default, |sorter, (channel, (row, style))| {
                if drawn.binary_search(&(channel as u32)).is_err() {
                    row.fill(0.0);
                    return 0.0;
                }
                let sum = subtract_matched(row, Quantiles::new(style, n), sorter);
                for value in row {
                    *value *= slope;
                }
                sum
            })
            .sum();
        Ok(Evaluation::of_map(
            sum / (count * n) as f64,
            Tensor::from_vec(rows, (c, h, w), map.device())?,
        ))
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

    fn row(values: &[f32]) -> TensorFeatures {
        let map = Tensor::from_slice(values, (1, 1, values.len()), &Device::Cpu).unwrap();
        TensorFeatures::new(map).unwrap()
    }

    fn matched(style: &[f32], generated: &[f32]) -> Vec<f32> {
        let mut loss = HistogramLoss::target(&[(&row(style), 1.0)], 1).unwrap();
        let gradient = loss.evaluate(&row(generated)).unwrap().gradient;
        let gradient = gradient.map.unwrap().flatten_all().unwrap();
        let differences = gradient.to_vec1::<f32>().unwrap();
        // R = F - gradient · C N / 2
        let back = generated.len() as f32 / 2.0;
        let pairs = generated.iter().zip(differences);
        pairs.map(|(value, slope)| value - slope * back).collect()
    }

    fn assert_near(result: &[f32], expected: &[f32]) {
        let mut pairs = result.iter().zip(expected);
        assert!(pairs.all(|(a, b)| (a - b).abs() < 1e-4), "{result:?}");
    }

    #[test]
    fn ranks_take_the_values_of_the_style() {
        let result = matched(&[8.0, 2.0, 4.0], &[1.0, -3.0, 70.0]);
        assert_near(&result, &[4.0, 2.0, 8.0]);
    }

    #[test]
    fn equal_values_share_one_target() {
        let result = matched(&[0.0, 0.0, 2.0, 6.0], &[0.0, 5.0, 0.0, 0.0]);
        let third = 2.0 / 3.0;
        assert_near(&result, &[third, 6.0, third, third]);
        // The style's own zeros stay where they are.
        let style = [0.0, 3.0, 0.0, 1.0, 0.0];
        assert_eq!(matched(&style, &style), style);
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        for (h, w) in [(6, 3), (5, 7)] {
            let style = TensorFeatures::new(noise_map(4, 5, 7, 1)).unwrap();
            let mut loss = HistogramLoss::target(&[(&style, 1.0)], 1).unwrap();
            check_measure_with_step(&mut loss, &noise_map(4, h, w, 2), 1e-3);
        }
    }
}

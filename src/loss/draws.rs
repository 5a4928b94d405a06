//! Random draws of measures: reproducible from a seed, new at each evaluation, the same while held.

use candle_core::{Device, Tensor};
use rand::{Rng, RngExt as _, SeedableRng as _};
use rand_distr::StandardNormal;
use rand_pcg::Pcg64Mcg;

use crate::{error::Result, state::State};

/// Values at one evaluation, as rows of a map's positions. An evaluation at 512 px then costs at
/// most twice that of Gram matrices; with four times as many values the shallow layers alone took
/// longer than the network.
const VALUES: usize = 3 << 19;
/// Rows that an evaluation has at least.
const LEAST_ROWS: usize = 8;

/// How many of `wanted` random rows one evaluation takes on a map of so many positions. Each
/// evaluation draws others, so that what one leaves out the next ones see.
pub(super) fn affordable_rows(wanted: usize, positions: usize) -> usize {
    wanted.min((VALUES / positions.max(1)).max(LEAST_ROWS))
}

/// The stream of draws of one measure.
#[derive(Clone, Debug)]
pub(super) struct Draws {
    seed: u64,
    count: u64,
    held: bool,
}

impl Draws {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            count: 0,
            held: false,
        }
    }

    /// While held, [`Self::generator`] repeats the latest draw.
    pub(super) fn hold(&mut self, held: bool) {
        self.held = held;
    }

    /// The generator of an evaluation: that of the one before when held, a new one otherwise.
    pub(super) fn generator(&mut self) -> Pcg64Mcg {
        if !self.held || self.count == 0 {
            self.count += 1;
        }
        // An odd multiplier keeps neighboring seeds and neighboring counts apart.
        let spread = self.count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Pcg64Mcg::seed_from_u64(self.seed.wrapping_add(spread))
    }

    /// Puts down how many draws there were.
    pub(super) fn keep(&self, state: &mut State) {
        state.put_whole("draws", self.count);
    }

    /// Goes on where [`Self::keep`] was called.
    pub(super) fn restore(&mut self, state: &mut State) -> Result<()> {
        self.count = state.take_whole("draws")?;
        Ok(())
    }

    /// A generator for the making of the target, apart from those of the evaluations.
    pub(super) fn for_target(&self) -> Pcg64Mcg {
        Pcg64Mcg::seed_from_u64(!self.seed)
    }
}

/// `amount` different numbers out of 0..`length`, in order; all of them when there are fewer.
pub(super) fn distinct(length: usize, amount: usize, rng: &mut impl Rng) -> Vec<u32> {
    if amount >= length {
        return (0..length as u32).collect();
    }
    let chosen = rand::seq::index::sample(rng, length, amount);
    let mut chosen: Vec<u32> = chosen.iter().map(|index| index as u32).collect();
    chosen.sort_unstable();
    chosen
}

/// `count` independent standard normal rows of length `channels`, row by row.
pub(super) fn normal_rows(count: usize, channels: usize, rng: &mut impl Rng) -> Vec<f32> {
    (0..count * channels)
        .map(|_| rng.sample::<f32, _>(StandardNormal))
        .collect()
}

/// `count` random unit directions, orthogonal to each other, `[count, channels]`; `count` is at
/// most `channels`. Orthogonal ones cover the space more evenly than independent ones.
pub(super) fn directions(
    count: usize,
    channels: usize,
    rng: &mut impl Rng,
    device: &Device,
) -> Result<Tensor> {
    let mut rows = normal_rows(count, channels, rng);
    for current in 0..count {
        let (before, rest) = rows.split_at_mut(current * channels);
        let row = &mut rest[..channels];
        // Twice: one pass of Gram-Schmidt in f32 leaves an error that grows with the rows before.
        for _ in 0..2 {
            for other in before.chunks_exact(channels) {
                let along: f32 = other.iter().zip(&*row).map(|(a, b)| a * b).sum();
                for (value, part) in row.iter_mut().zip(other) {
                    *value -= along * part;
                }
            }
        }
        let norm = row.iter().map(|v| v * v).sum::<f32>().sqrt();
        for value in row {
            *value /= norm.max(f32::MIN_POSITIVE);
        }
    }
    Ok(Tensor::from_vec(rows, (count, channels), device)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_move_on_unless_held() {
        let mut draws = Draws::new(7);
        let first: u64 = draws.generator().random();
        draws.hold(true);
        assert_eq!(draws.generator().random::<u64>(), first);
        draws.hold(false);
        assert_ne!(draws.generator().random::<u64>(), first);
        assert_eq!(Draws::new(7).generator().random::<u64>(), first);
        assert_ne!(Draws::new(8).generator().random::<u64>(), first);
    }

    #[test]
    fn directions_are_orthonormal() {
        let mut rng = Draws::new(1).generator();
        let rows = directions(6, 6, &mut rng, &Device::Cpu).unwrap();
        let products = rows.matmul(&rows.t().unwrap()).unwrap();
        for (i, row) in products.to_vec2::<f32>().unwrap().iter().enumerate() {
            for (j, &product) in row.iter().enumerate() {
                let expected = f32::from(u8::from(i == j));
                assert!((product - expected).abs() < 1e-5, "{i} {j} {product}");
            }
        }
    }

    #[test]
    fn large_maps_get_fewer_rows_at_an_evaluation() {
        assert_eq!(affordable_rows(128, 64 * 64), 128);
        assert_eq!(affordable_rows(128, 256 * 256), 24);
        assert_eq!(affordable_rows(128, 4096 * 4096), 8);
        assert_eq!(affordable_rows(3, 4096 * 4096), 3);
    }

    #[test]
    fn distinct_numbers_are_distinct() {
        let mut rng = Draws::new(1).generator();
        let mut chosen = distinct(1000, 300, &mut rng);
        assert_eq!(chosen.len(), 300);
        chosen.dedup();
        assert_eq!(chosen.len(), 300);
        assert_eq!(distinct(3, 9, &mut rng), [0, 1, 2]);
    }
}

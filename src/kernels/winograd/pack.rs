//! Weights in the Winograd domain, once for each direction.

use rayon::prelude::*;

use super::{
    Tile,
    variant::{Four, MAX_SIDE, Six, Variant},
};
use crate::{
    error::Result,
    kernels::{
        isa::{Isa, Kernel},
        memory::{Buffer, Shared, with_scratch},
        simd::{BLOCK, Simd},
    },
};

/// Which way a convolution runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From a layer's input to its output.
    Forward,
    /// From the gradient at the output to the gradient at the input: weights flipped in space
    /// and swapped in channels.
    Reverse,
}

/// The weights of one convolution in one direction: `U = G g Gᵀ` for every pair of channels,
/// as `[frequency][to / 16][from][16]`.
pub struct Packed {
    pub(super) tile: Tile,
    /// Channels that the convolution reads.
    pub(super) from: usize,
    /// Channels that it writes.
    pub(super) to: usize,
    pub(super) values: Buffer,
}

impl Packed {
    /// Transforms `weight`, `[outputs, inputs, 3, 3]`, on rayon's current pool.
    ///
    /// # Errors
    /// When memory runs out.
    ///
    /// # Panics
    /// When the length of `weight` does not match, or channels are not multiples of 32.
    pub fn new(
        weight: &[f32],
        (outputs, inputs): (usize, usize),
        tile: Tile,
        direction: Direction,
        isa: Isa,
    ) -> Result<Self> {
        assert_eq!(weight.len(), outputs * inputs * 9, "[out, in, 3, 3]");
        assert!(
            inputs.is_multiple_of(32) && outputs.is_multiple_of(32) && inputs * outputs > 0,
            "{inputs} to {outputs} channels: not multiples of 32"
        );
        let (from, to) = match direction {
            Direction::Forward => (inputs, outputs),
            Direction::Reverse => (outputs, inputs),
        };
        let mut values = Buffer::zeroed(tile.frequencies() * from * to)?;
        let packed = Shared::new(&mut values);
        (0..to / BLOCK).into_par_iter().try_for_each(|panel| {
            with_scratch(9 * BLOCK, |scratch| {
                let job = Job {
                    weight,
                    from,
                    to,
                    panel,
                    direction,
                    tile,
                    packed,
                    scratch,
                };
                isa.run(job);
            })
        })?;
        Ok(Self {
            tile,
            from,
            to,
            values,
        })
    }

    /// The tile size that the weights were transformed for.
    pub fn tile(&self) -> Tile {
        self.tile
    }

    /// Bytes that the weights of such a convolution take in one direction.
    pub fn bytes(inputs: usize, outputs: usize, tile: Tile) -> usize {
        tile.frequencies() * inputs * outputs * size_of::<f32>()
    }
}

/// Transforms one panel of 16 written channels.
struct Job<'a> {
    weight: &'a [f32],
    from: usize,
    to: usize,
    panel: usize,
    direction: Direction,
    tile: Tile,
    packed: Shared<'a, f32>,
    /// 9 taps of 16 filters.
    scratch: &'a mut [f32],
}

impl Kernel for Job<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        match self.tile {
            Tile::Four => self.transform::<S, Four>(),
            Tile::Six => self.transform::<S, Six>(),
        }
    }
}

impl Job<'_> {
    #[inline(always)]
    fn transform<S: Simd, V: Variant>(mut self) {
        let frequency_stride = self.from * self.to;
        for from in 0..self.from {
            self.gather(from);
            for part in 0..S::PARTS {
                let mut filter = [[S::splat(0.0); 3]; 3];
                for tap in 0..9 {
                    // SAFETY: the scratch holds 9 blocks.
                    filter[tap / 3][tap % 3] =
                        unsafe { S::load(self.scratch[tap * BLOCK + part * S::LANES..].as_ptr()) };
                }
                let mut columns = [[S::splat(0.0); 3]; MAX_SIDE];
                for i in 0..V::SIDE {
                    for x in 0..3 {
                        columns[i][x] =
                            combine::<S>(V::FILTER[i], [filter[0][x], filter[1][x], filter[2][x]]);
                    }
                }
                for i in 0..V::SIDE {
                    for j in 0..V::SIDE {
                        let value = combine::<S>(V::FILTER[j], columns[i]);
                        let place = (i * V::SIDE + j) * frequency_stride
                            + (self.panel * self.from + from) * BLOCK
                            + part * S::LANES;
                        // SAFETY: inside [frequency][to / 16][from][16]; the panel is this task's.
                        unsafe { value.store(self.packed.at(place, S::LANES)) }
                    }
                }
            }
        }
    }

    /// Collects the taps of the 16 filters that lead from channel `from` to this panel.
    #[inline(always)]
    fn gather(&mut self, from: usize) {
        for lane in 0..BLOCK {
            let to = self.panel * BLOCK + lane;
            let filter = match self.direction {
                Direction::Forward => to * self.from + from,
                Direction::Reverse => from * self.to + to,
            };
            let taps = &self.weight[filter * 9..filter * 9 + 9];
            for tap in 0..9 {
                self.scratch[tap * BLOCK + lane] = match self.direction {
                    Direction::Forward => taps[tap],
                    Direction::Reverse => taps[8 - tap],
                };
            }
        }
    }
}

#[inline(always)]
fn combine<S: Simd>(factors: [f32; 3], values: [S; 3]) -> S {
    let last = S::splat(factors[2]).mul(values[2]);
    let two = S::splat(factors[1]).mul_add(values[1], last);
    S::splat(factors[0]).mul_add(values[0], two)
}

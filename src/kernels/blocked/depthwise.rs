//! A 3x3 convolution of each channel by itself.

use rayon::prelude::*;

use super::{Blocked, activate, padded};
use crate::{
    error::Result,
    kernels::{
        isa::{Isa, Kernel},
        memory::{Buffer, at},
        simd::{BLOCK, MAX_PARTS, Simd},
    },
};

/// Side of the kernel.
const SIDE: usize = 3;

/// The weights of a 3x3 convolution of each channel, followed by `ReLU6`.
pub struct Depthwise {
    channels: usize,
    stride: usize,
    /// Zeros above and to the left.
    before: usize,
    /// Zeros below and to the right.
    after: usize,
    /// `[channels / 16][9][16]`.
    taps: Vec<f32>,
    bias: Vec<f32>,
}

impl Depthwise {
    /// Packs `weight` `[channels, 3, 3]` and `bias` `[channels]`, with (before, after) pixels of zeros
    /// around square maps.
    ///
    /// # Panics
    /// When lengths do not match.
    pub fn new(
        weight: &[f32],
        bias: &[f32],
        stride: usize,
        (before, after): (usize, usize),
    ) -> Self {
        let channels = bias.len();
        assert_eq!(weight.len(), channels * SIDE * SIDE, "[channels, 3, 3]");
        let mut taps = vec![0.0; padded(channels) * SIDE * SIDE];
        for (channel, kernel) in weight.chunks_exact(SIDE * SIDE).enumerate() {
            let block = &mut taps[channel / BLOCK * SIDE * SIDE * BLOCK..];
            for (tap, value) in kernel.iter().enumerate() {
                block[tap * BLOCK + channel % BLOCK] = *value;
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(padded(channels), 0.0);
        Self {
            channels,
            stride,
            before,
            after,
            taps,
            bias,
        }
    }

    /// The side that a square map of `side` becomes.
    pub fn output_side(&self, side: usize) -> usize {
        (side + self.before + self.after - SIDE) / self.stride + 1
    }

    /// Convolves a square map of `side` into `memory`, whatever is in it.
    ///
    /// # Errors
    /// When memory runs out.
    ///
    /// # Panics
    /// When shapes do not match.
    pub fn convolve(
        &self,
        map: &Blocked,
        side: usize,
        memory: Buffer,
        isa: Isa,
    ) -> Result<Blocked> {
        assert_eq!(map.channels, self.channels, "channels");
        assert_eq!(map.positions, side * side, "a square map");
        let to = self.output_side(side);
        let mut out = Blocked::within(memory, self.channels, to * to)?;
        let sources = map.data.par_chunks_exact(side * side * BLOCK);
        let targets = out.data.par_chunks_exact_mut(to * to * BLOCK);
        targets
            .zip(sources)
            .enumerate()
            .for_each(|(block, (out, map))| {
                isa.run(OneBlock {
                    map,
                    out,
                    sides: (side, to),
                    stride: self.stride,
                    before: self.before,
                    taps: &self.taps[block * SIDE * SIDE * BLOCK..][..SIDE * SIDE * BLOCK],
                    bias: &self.bias[block * BLOCK..][..BLOCK],
                });
            });
        Ok(out)
    }
}

/// Sixteen channels.
struct OneBlock<'a> {
    map: &'a [f32],
    out: &'a mut [f32],
    /// Of the map and of the result.
    sides: (usize, usize),
    stride: usize,
    before: usize,
    taps: &'a [f32],
    bias: &'a [f32],
}

impl Kernel for OneBlock<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let (side, to) = self.sides;
        // Which of the three rows or columns lie on the map.
        let inside = |place: usize| {
            let first = self.before.saturating_sub(place * self.stride);
            let last = (side + self.before - place * self.stride).min(SIDE);
            (first, last, (place * self.stride + first) - self.before)
        };
        for y in 0..to {
            let (top, bottom, row) = inside(y);
            for x in 0..to {
                let (left, right, column) = inside(x);
                let mut sums = [S::splat(0.0); MAX_PARTS];
                // SAFETY: every place is on the map, a tap, or in the result; all are whole blocks.
                unsafe {
                    for part in 0..S::PARTS {
                        sums[part] = S::load(at(self.bias, part * S::LANES, S::LANES));
                    }
                    for ky in top..bottom {
                        let line = (row + ky - top) * side + column;
                        for kx in left..right {
                            let tap = (ky * SIDE + kx) * BLOCK;
                            let place = (line + kx - left) * BLOCK;
                            for part in 0..S::PARTS {
                                let lane = part * S::LANES;
                                let weight = S::load(at(self.taps, tap + lane, S::LANES));
                                let value = S::load(at(self.map, place + lane, S::LANES));
                                sums[part] = value.mul_add(weight, sums[part]);
                            }
                        }
                    }
                    for part in 0..S::PARTS {
                        let place = (y * to + x) * BLOCK + part * S::LANES;
                        sums[part].store(self.out[place..][..S::LANES].as_mut_ptr());
                    }
                }
            }
        }
        activate(self.out, true);
    }
}

//! A 3x3 convolution of each channel by itself.

use super::padded;
use crate::kernels::{
    memory::at,
    simd::{BLOCK, Simd},
};

/// Side of the kernel.
pub(super) const SIDE: usize = 3;

/// Places of the kernel.
const TAPS: usize = SIDE * SIDE;

/// The weights of a 3x3 convolution of each channel, followed by `ReLU6`.
pub struct Depthwise {
    pub(super) channels: usize,
    pub(super) stride: usize,
    /// Zeros above and to the left.
    pub(super) before: usize,
    /// Zeros below and to the right.
    pub(super) after: usize,
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
        assert_eq!(weight.len(), channels * TAPS, "[channels, 3, 3]");
        let mut taps = vec![0.0; padded(channels) * TAPS];
        for (channel, kernel) in weight.chunks_exact(TAPS).enumerate() {
            let block = &mut taps[channel / BLOCK * TAPS * BLOCK..];
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

    /// Filters block `block` of a map that has its zeros around it, `[rows][width][16]`, into `out`,
    /// `[rows of the result][to][16]`.
    #[inline(always)]
    pub(super) fn filter<S: Simd>(
        &self,
        block: usize,
        (map, width): (&[f32], usize),
        (out, to): (&mut [f32], usize),
    ) {
        let taps = &self.taps[block * TAPS * BLOCK..][..TAPS * BLOCK];
        let bias = &self.bias[block * BLOCK..][..BLOCK];
        let rows = out.len() / (to * BLOCK);
        assert!(map.len() >= ((rows - 1) * self.stride + SIDE) * width * BLOCK);
        assert!(width >= (to - 1) * self.stride + SIDE);
        // Part by part: so the nine weights of a part stay in registers.
        for lane in (0..BLOCK).step_by(S::LANES) {
            let mut weights = [S::splat(0.0); TAPS];
            // SAFETY: taps and bias are whole blocks; every place is on the map by what was asserted
            // above, or in the result.
            unsafe {
                for tap in 0..TAPS {
                    weights[tap] = S::load(at(taps, tap * BLOCK + lane, S::LANES));
                }
                let bias = S::load(at(bias, lane, S::LANES));
                for y in 0..rows {
                    for x in 0..to {
                        let corner = (y * width + x) * self.stride;
                        let mut sum = bias;
                        for ky in 0..SIDE {
                            for kx in 0..SIDE {
                                let place = (corner + ky * width + kx) * BLOCK + lane;
                                let value = S::load(at(map, place, S::LANES));
                                sum = value.mul_add(weights[ky * SIDE + kx], sum);
                            }
                        }
                        let value = sum.max(S::splat(0.0)).min(S::splat(6.0));
                        value.store(out[(y * to + x) * BLOCK + lane..][..S::LANES].as_mut_ptr());
                    }
                }
            }
        }
    }
}

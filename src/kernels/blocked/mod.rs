//! Layers of many channels at few positions, as classification networks have them: 1x1 convolutions
//! and 3x3 convolutions of each channel by itself.
//!
//! Maps are `[C / 16][P][16]` with positions row by row. A vector is one position's block of channels:
//! a 1x1 convolution is the matrix kernel itself, and one channel by itself is one lane, whatever
//! stride and padding do to the positions. The number of blocks is even, so that the matrix kernel
//! finds two panels everywhere; lanes beyond C hold zeros.

mod bottleneck;
mod depthwise;
mod pointwise;

pub use self::{bottleneck::Bottleneck, depthwise::Depthwise, pointwise::Pointwise};

use super::{memory::Buffer, simd::BLOCK, simd::MAX_PANELS};
use crate::error::Result;

/// Channels of a map in memory: C and what is filled up with zeros.
fn padded(channels: usize) -> usize {
    channels.next_multiple_of(MAX_PANELS * BLOCK)
}

/// A map in blocks.
pub struct Blocked {
    channels: usize,
    positions: usize,
    data: Buffer,
}

impl Blocked {
    /// A map in the memory of another one, with any values in it. Fresh memory for each layer would
    /// have to be cleared by the system: a third of the time of a small network.
    fn within(mut data: Buffer, channels: usize, positions: usize) -> Result<Self> {
        data.resize(padded(channels) * positions)?;
        Ok(Self {
            channels,
            positions,
            data,
        })
    }

    /// Its memory, for another map.
    pub fn into_memory(self) -> Buffer {
        self.data
    }

    /// A map with values to be written.
    fn new(channels: usize, positions: usize) -> Result<Self> {
        Self::within(Buffer::empty(), channels, positions)
    }

    /// The values under a 3x3 kernel that moves by two over square `planes` `[C][side][side]`, with a row
    /// and a column of zeros at the end: channel 9·c + 3·y + x is place (y, x) of the kernel on plane c.
    /// A convolution with such a kernel is then a matrix at each position.
    ///
    /// # Errors
    /// When memory runs out.
    ///
    /// # Panics
    /// When the length is not C · side · side, or the side is odd.
    pub fn unfolded(planes: &[f32], channels: usize, side: usize) -> Result<Self> {
        assert_eq!(planes.len(), channels * side * side, "[C][side][side]");
        assert_eq!(side % 2, 0, "an even side");
        let to = side / 2;
        let mut map = Self::new(channels * 9, to * to)?;
        for (block, values) in map.data.chunks_exact_mut(to * to * BLOCK).enumerate() {
            for lane in 0..BLOCK {
                let (plane, ky, kx) = {
                    let channel = block * BLOCK + lane;
                    (channel / 9, channel % 9 / 3, channel % 3)
                };
                for (y, row) in values.chunks_exact_mut(to * BLOCK).enumerate() {
                    let source = 2 * y + ky;
                    let lanes = row.iter_mut().skip(lane).step_by(BLOCK);
                    if plane < channels && source < side {
                        let from = &planes[(plane * side + source) * side..][..side];
                        let places = from[kx..].iter().step_by(2).chain(&[0.0]);
                        lanes.zip(places).for_each(|(to, from)| *to = *from);
                    } else {
                        lanes.for_each(|to| *to = 0.0);
                    }
                }
            }
        }
        Ok(map)
    }

    /// The mean of each channel.
    pub fn means(&self) -> Vec<f32> {
        let mut means = Vec::with_capacity(padded(self.channels));
        for block in self.data.chunks_exact(self.positions * BLOCK) {
            let mut sums = [0.0_f32; BLOCK];
            for position in block.as_chunks::<BLOCK>().0 {
                sums.iter_mut().zip(position).for_each(|(sum, v)| *sum += v);
            }
            means.extend(sums.map(|sum| sum / self.positions as f32));
        }
        means.truncate(self.channels);
        means
    }
}

#[cfg(test)]
mod tests;

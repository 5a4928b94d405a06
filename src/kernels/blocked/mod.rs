//! Layers of many channels at few positions, as classification networks have them: 1x1 convolutions
//! and 3x3 convolutions of each channel by itself.
//!
//! Maps are `[C / 16][P][16]` with positions row by row. A vector is one position's block of channels:
//! a 1x1 convolution is the matrix kernel itself, and one channel by itself is one lane, whatever
//! stride and padding do to the positions. The number of blocks is even, so that the matrix kernel
//! finds two panels everywhere; lanes beyond C hold zeros.

mod depthwise;
mod pointwise;

pub use self::{depthwise::Depthwise, pointwise::Pointwise};

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

    /// The map of `planes` `[C][P]`.
    ///
    /// # Errors
    /// When memory runs out.
    ///
    /// # Panics
    /// When the length is not C · P.
    pub fn from_planes(planes: &[f32], channels: usize, positions: usize) -> Result<Self> {
        assert_eq!(planes.len(), channels * positions, "[C][P]");
        let mut map = Self::within(Buffer::empty(), channels, positions)?;
        map.data.fill(0.0);
        let blocks = map.data.chunks_exact_mut(positions * BLOCK);
        for (block, planes) in blocks.zip(planes.chunks(BLOCK * positions)) {
            for (lane, plane) in planes.chunks_exact(positions).enumerate() {
                let lanes = block.iter_mut().skip(lane).step_by(BLOCK);
                lanes.zip(plane).for_each(|(to, from)| *to = *from);
            }
        }
        Ok(map)
    }

    /// Positions of a channel.
    pub fn positions(&self) -> usize {
        self.positions
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

/// The activation behind a convolution: `ReLU6`, or none.
#[inline(always)]
fn activate(values: &mut [f32], clipped: bool) {
    if clipped {
        for value in values {
            *value = value.clamp(0.0, 6.0);
        }
    }
}

#[cfg(test)]
mod tests;

//! Feature maps turned over, all channels of a position side by side, and the patches in them: for
//! measures that read neighborhoods.

use rayon::prelude::*;

use crate::{error::Result, features::Features};

/// Side of a patch.
pub(super) const SIDE: usize = 3;
/// Channels written at a time: one cache line of f32, so each line is read once.
const LINE: usize = 16;
/// Positions in one parallel piece.
const PIECE: usize = 256;

/// `[C, N]` to `[N, C]`.
pub(super) fn position_major(map: &[f32], channels: usize) -> Vec<f32> {
    let count = map.len() / channels;
    let mut turned = vec![0.0; map.len()];
    let pieces = turned.par_chunks_mut(PIECE * channels).enumerate();
    pieces.for_each(|(piece, out)| {
        let first = piece * PIECE;
        for channel in 0..channels {
            let row = &map[channel * count + first..];
            for (position, value) in out.chunks_exact_mut(channels).zip(row) {
                position[channel] = *value;
            }
        }
    });
    turned
}

/// `[N, C]` to `[C, N]`.
pub(super) fn channel_major(turned: &[f32], channels: usize) -> Vec<f32> {
    let count = turned.len() / channels;
    let mut map = vec![0.0; turned.len()];
    let groups = map.par_chunks_mut(LINE * count).enumerate();
    groups.for_each(|(group, out)| {
        let first = group * LINE;
        for (index, position) in turned.chunks_exact(channels).enumerate() {
            for (row, value) in out.chunks_exact_mut(count).zip(&position[first..]) {
                row[index] = *value;
            }
        }
    });
    map
}

/// A map with channels innermost, repeated at its end to at least 3x3.
pub(super) struct PatchMap {
    pub(super) values: Vec<f32>,
    pub(super) channels: usize,
    pub(super) height: usize,
    pub(super) width: usize,
}

impl PatchMap {
    pub(super) fn new(features: &dyn Features) -> Result<Self> {
        let (channels, h, w) = features.shape();
        let (height, width) = (h.max(SIDE), w.max(SIDE));
        let map = features.map()?;
        let map = map
            .pad_with_same(1, 0, height - h)?
            .pad_with_same(2, 0, width - w)?;
        let values: Vec<f32> = map.flatten_all()?.to_vec1()?;
        Ok(Self {
            values: position_major(&values, channels),
            channels,
            height,
            width,
        })
    }

    /// Appends the patch at `(top, left)`.
    pub(super) fn read(&self, top: usize, left: usize, patch: &mut Vec<f32>) {
        for row in top..top + SIDE {
            let start = (row * self.width + left) * self.channels;
            patch.extend_from_slice(&self.values[start..start + SIDE * self.channels]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_there_and_back() {
        for (channels, count) in [(1, 1), (3, 5), (17, 600), (40, 257)] {
            let map: Vec<f32> = (0..channels * count).map(|i| i as f32).collect();
            let turned = position_major(&map, channels);
            let (position, channel) = (count - 1, channels / 2);
            let expected = map[channel * count + position];
            assert_eq!(turned[position * channels + channel], expected);
            assert_eq!(channel_major(&turned, channels), map);
        }
    }
}

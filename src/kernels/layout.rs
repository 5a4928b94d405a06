//! The blocked layout of feature maps: `[C / 16][H · W][16]`.
//!
//! Sixteen channels of one pixel share a cache line, so every kernel works on whole vectors
//! whatever the width of the picture.

use rayon::prelude::*;

use super::simd::BLOCK;

/// Pixels that one task converts.
const CHUNK: usize = 1024;

/// `[C, N]` from `[C / 16][N][16]`.
///
/// # Panics
/// When the lengths differ or are not `channels · positions`.
pub fn planar_from_blocked(blocked: &[f32], channels: usize, positions: usize) -> Vec<f32> {
    check(blocked, channels, positions);
    let mut planar = vec![0.0; channels * positions];
    let planes = planar.par_chunks_mut(BLOCK * positions);
    planes
        .zip(blocked.par_chunks(BLOCK * positions))
        .for_each(|(planes, block)| {
            for start in (0..positions).step_by(CHUNK) {
                let end = positions.min(start + CHUNK);
                for c in 0..BLOCK {
                    let plane = &mut planes[c * positions..][start..end];
                    let block = &block[start * BLOCK..end * BLOCK];
                    for (value, pixel) in plane.iter_mut().zip(block.chunks_exact(BLOCK)) {
                        *value = pixel[c];
                    }
                }
            }
        });
    planar
}

fn check(blocked: &[f32], channels: usize, positions: usize) {
    assert!(
        channels.is_multiple_of(BLOCK) && blocked.len() == channels * positions,
        "a blocked map of {} values is not {channels} x {positions}",
        blocked.len()
    );
}

//! The gradient of 2x2 pooling as a pass of its own, for layers that are pooled and tapped.
//!
//! Everywhere else it is fused into the convolution that reads it
//! ([`Source::Unpooled`](super::winograd::Source)).

use rayon::prelude::*;

use super::simd::BLOCK;

/// `map += scale · pooled` where the mask is set; `map` is `[C / 16][H · W][16]`, `pooled`
/// `[C / 16][(H / 2) · (W / 2)][16]`, `mask` one bit per channel, `[C / 16][H · W]`.
///
/// # Panics
/// When the lengths do not match.
pub fn add_unpooled(
    map: &mut [f32],
    (height, width): (usize, usize),
    pooled: &[f32],
    mask: &[u16],
    scale: f32,
) {
    let channels = map.len() / (height * width);
    assert_eq!(map.len(), channels * height * width, "[C, H, W]");
    assert_eq!(mask.len(), channels / BLOCK * height * width, "[C, H, W]");
    assert_eq!(
        pooled.len(),
        channels * (height / 2) * (width / 2),
        "[C, H / 2, W / 2]"
    );
    if pooled.is_empty() {
        return;
    }
    let rows = map.par_chunks_exact_mut(width * BLOCK).enumerate();
    rows.zip(mask.par_chunks_exact(width))
        .for_each(|((row, map), mask)| {
            let (block, y) = (row / height, row % height);
            if y / 2 >= height / 2 {
                return;
            }
            let from = (block * (height / 2) + y / 2) * (width / 2);
            let pixels = map.chunks_exact_mut(BLOCK).zip(mask);
            for (x, (pixel, bits)) in pixels.take(width / 2 * 2).enumerate() {
                let pooled = &pooled[(from + x / 2) * BLOCK..][..BLOCK];
                for (lane, (value, more)) in pixel.iter_mut().zip(pooled).enumerate() {
                    if bits >> lane & 1 == 1 {
                        *value += scale * more;
                    }
                }
            }
        });
}

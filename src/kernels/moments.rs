//! First and second moments of a feature map, and the gradient through them.
//!
//! `second = F Fᵀ / N` is symmetric: only blocks on and above the diagonal are computed. Pixels
//! are cut into parts of fixed length, each summed by itself in f32 over chunks that fit into the
//! first level cache, and the parts in f64: the result depends neither on the number of threads
//! nor on luck.
//!
//! The gradient, `(2 second F + mean 1ᵀ) / N + map`, takes the feature map's place, already cut
//! off where the `ReLU` was: the reverse pass needs nothing else of the map, and a second buffer of
//! this size would double the memory of the step.

use rayon::prelude::*;

use super::{
    isa::{Isa, Kernel},
    matrix::{Next, Product, multiply},
    memory::{Shared, at, with_scratch},
    rows::RowPart,
    simd::{BLOCK, MAX_PANELS, Simd},
};
use crate::error::Result;

/// Pixels that are summed in f32. A power of two times `CHUNK`.
const PART: usize = 8192;

/// Pixels that stay in the first level cache: 16 KiB for each block of channels.
const CHUNK: usize = 256;

/// Pixels of the gradient that go through together.
const PIXELS: usize = 48;

/// Entries of a block of 16 x 16 products.
const SQUARE: usize = BLOCK * BLOCK;

/// Mean `[C]` and second moments `[C][C]` of `[C / 16][N][16]`.
///
/// # Panics
/// When `channels` is not a multiple of 32 or the length does not match.
pub fn moments(map: &[f32], channels: usize, isa: Isa) -> (Vec<f32>, Vec<f32>) {
    let positions = checked_positions(map.len(), channels);
    let blocks = channels / BLOCK;
    let parts = positions.div_ceil(PART);
    // [part][pair of blocks][2][blocks] squares and then 2 x 16 sums.
    let pair_length = MAX_PANELS * (blocks * SQUARE + BLOCK);
    // Each part has sums of its own: tasks that added to common ones would wait for each other, and
    // the result would depend on their order.
    let mut partial = vec![0.0; parts * blocks / MAX_PANELS * pair_length];
    partial
        .par_chunks_mut(pair_length)
        .enumerate()
        .for_each(|(index, out)| {
            let pairs = blocks / MAX_PANELS;
            let (part, pair) = (index / pairs, index % pairs);
            isa.run(PartialMoments {
                map,
                positions,
                start: part * PART,
                end: positions.min((part + 1) * PART),
                first: pair * MAX_PANELS,
                blocks,
                out,
            });
        });
    let scale = 1.0 / positions as f64;
    // The same place of every part, from `place` on, summed in f64.
    let totals = |pair: usize, place: usize, totals: &mut [f64]| {
        totals.fill(0.0);
        for part in partial.chunks_exact(blocks / MAX_PANELS * pair_length) {
            let values = &part[pair * pair_length + place..];
            for (total, value) in totals.iter_mut().zip(values) {
                *total += f64::from(*value);
            }
        }
    };
    let mut mean = vec![0.0; channels];
    let mut second = vec![0.0; channels * channels];
    let mut square = [0.0; SQUARE];
    for high in 0..blocks {
        let (pair, panel) = (high / MAX_PANELS, high % MAX_PANELS);
        let sums = &mut square[..BLOCK];
        totals(pair, (MAX_PANELS * blocks * BLOCK + panel) * BLOCK, sums);
        for (mean, sum) in mean[high * BLOCK..].iter_mut().zip(sums) {
            *mean = (*sum * scale) as f32;
        }
        for low in 0..=high {
            totals(pair, (panel * blocks + low) * SQUARE, &mut square);
            for (place, total) in square.iter().enumerate() {
                let row = low * BLOCK + place / BLOCK;
                let column = high * BLOCK + place % BLOCK;
                // Squares on the diagonal are computed whole; their lower half is not used.
                if row <= column {
                    let value = (total * scale) as f32;
                    second[row * channels + column] = value;
                    second[column * channels + row] = value;
                }
            }
        }
    }
    (mean, second)
}

fn checked_positions(length: usize, channels: usize) -> usize {
    assert!(
        channels > 0 && channels.is_multiple_of(32) && length.is_multiple_of(channels),
        "a map of {length} values has not {channels} channels, or they are no multiple of 32"
    );
    length / channels
}

/// Sums of products of two blocks of channels with all blocks up to theirs, over some pixels.
struct PartialMoments<'a> {
    map: &'a [f32],
    positions: usize,
    start: usize,
    end: usize,
    /// The first of the two blocks.
    first: usize,
    blocks: usize,
    /// `[2][blocks][16][16]`, then `[2][16]`; zero.
    out: &'a mut [f32],
}

impl Kernel for PartialMoments<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let (squares, sums) = self.out.split_at_mut(MAX_PANELS * self.blocks * SQUARE);
        let stride = self.positions * BLOCK;
        for start in (self.start..self.end).step_by(CHUNK) {
            let depth = CHUNK.min(self.end - start);
            let address = |block: usize| block * stride + start * BLOCK;
            for low in 0..self.first + MAX_PANELS {
                for panel in (0..MAX_PANELS).step_by(S::PANELS) {
                    // The matrix is symmetric: what lies below the diagonal is copied at the end.
                    if low > self.first + panel + S::PANELS - 1 {
                        continue;
                    }
                    // SAFETY: `depth` pixels of each block from `start` on; the squares are this
                    // task's.
                    unsafe {
                        let high = self.first + panel;
                        let squares = &mut squares[(panel * self.blocks + low) * SQUARE..];
                        multiply::<S, 1, BLOCK>(Product {
                            panel: at(self.map, address(high), depth * BLOCK),
                            panel_stride: stride,
                            rows: at(self.map, address(low), depth * BLOCK),
                            block_stride: SQUARE,
                            depth,
                            out: squares.as_mut_ptr(),
                            out_stride: self.blocks * SQUARE,
                            count: BLOCK,
                            accumulate: true,
                            next: Next::NOTHING,
                        });
                    }
                }
            }
            for panel in 0..MAX_PANELS {
                for part in 0..S::PARTS {
                    let lane = part * S::LANES;
                    // Four sums, so that additions need not wait for each other.
                    let mut four = [S::splat(0.0); 4];
                    // SAFETY: as above.
                    unsafe {
                        let from = address(self.first + panel);
                        let pixels = at(self.map, from, depth * BLOCK).add(lane);
                        for pixel in 0..depth / 4 {
                            for i in 0..4 {
                                let value = S::load(pixels.add((pixel * 4 + i) * BLOCK));
                                four[i] = four[i].add(value);
                            }
                        }
                        for pixel in depth / 4 * 4..depth {
                            four[0] = four[0].add(S::load(pixels.add(pixel * BLOCK)));
                        }
                        let sum = four[0].add(four[1]).add(four[2].add(four[3]));
                        let total = sums[panel * BLOCK + lane..][..S::LANES].as_mut_ptr();
                        S::load(total).add(sum).store(total);
                    }
                }
            }
        }
    }
}

/// A gradient with respect to a feature map, in parts that may be missing.
#[derive(Clone, Copy)]
pub struct TapGradient<'a> {
    /// dL/d second moments, `[C][C]`, symmetric.
    pub second: Option<&'a [f32]>,
    /// dL/d mean square of each channel, `[C]`.
    pub energy: Option<&'a [f32]>,
    /// dL/d mean, `[C]`.
    pub mean: Option<&'a [f32]>,
    /// dL/d map, `[C][N]`.
    pub map: Option<&'a [f32]>,
    /// Through readings of positions and cells.
    pub rows: &'a [RowPart<'a>],
}

/// Replaces a feature map F after its `ReLU`, `[C / 16][N][16]`, by the gradient
/// `(2 (second + diag energy) F + mean 1ᵀ) / N + map + rows` where F is positive, and by 0 elsewhere.
///
/// # Errors
/// When memory runs out.
///
/// # Panics
/// When lengths do not match.
pub fn replace_by_gradient(
    features: &mut [f32],
    channels: usize,
    gradient: TapGradient<'_>,
    isa: Isa,
) -> Result<()> {
    let positions = checked_positions(features.len(), channels);
    let scale = 1.0 / positions as f32;
    let fits = |part: Option<&[f32]>, length: usize| {
        assert!(
            part.is_none_or(|part| part.len() == length),
            "a gradient of {channels} channels has the wrong length"
        );
    };
    fits(gradient.second, channels * channels);
    fits(gradient.mean, channels);
    fits(gradient.energy, channels);
    fits(gradient.map, channels * positions);
    // [C / 16][C][16], a symmetric matrix like any weights. The factor goes into it once instead of
    // into every pixel.
    let panels = gradient.second.map(|second| {
        let mut panels = vec![0.0; second.len()];
        for (panel, out) in panels.chunks_exact_mut(channels * BLOCK).enumerate() {
            for (row, out) in second
                .chunks_exact(channels)
                .zip(out.chunks_exact_mut(BLOCK))
            {
                for (out, value) in out.iter_mut().zip(&row[panel * BLOCK..]) {
                    *out = 2.0 * scale * value;
                }
            }
        }
        panels
    });
    let scaled = |part: Option<&[f32]>, factor: f32| {
        part.map(|part| part.iter().map(|value| value * factor).collect::<Vec<_>>())
    };
    let mean = scaled(gradient.mean, scale);
    let energy = scaled(gradient.energy, 2.0 * scale);
    let features = Shared::new(features);
    (0..positions.div_ceil(PIXELS))
        .into_par_iter()
        .try_for_each(|index| {
            with_scratch(channels * PIXELS, |scratch| {
                isa.run(Replace {
                    features,
                    positions,
                    channels,
                    start: index * PIXELS,
                    panels: panels.as_deref(),
                    mean: mean.as_deref(),
                    energy: energy.as_deref(),
                    map: gradient.map,
                    rows: gradient.rows,
                    scratch,
                });
            })
        })
}

/// [`replace_by_gradient`] for at most [`PIXELS`] pixels.
struct Replace<'a> {
    features: Shared<'a, f32>,
    positions: usize,
    channels: usize,
    start: usize,
    panels: Option<&'a [f32]>,
    mean: Option<&'a [f32]>,
    energy: Option<&'a [f32]>,
    map: Option<&'a [f32]>,
    rows: &'a [RowPart<'a>],
    /// `[C / 16][PIXELS][16]`.
    scratch: &'a mut [f32],
}

impl Kernel for Replace<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let count = PIXELS.min(self.positions - self.start);
        let block_stride = self.positions * BLOCK;
        let sums = self.scratch;
        if let Some(panels) = self.panels {
            for panel in (0..self.channels / BLOCK).step_by(S::PANELS) {
                let weights = panel * self.channels * BLOCK;
                // SAFETY: `count` pixels from `start` on, in every block, are this task's; sums
                // are [C / 16][PIXELS][16].
                unsafe {
                    multiply::<S, BLOCK, 1>(Product {
                        panel: at(panels, weights, S::PANELS * self.channels * BLOCK),
                        panel_stride: self.channels * BLOCK,
                        rows: self.features.at(self.start * BLOCK, count * BLOCK),
                        block_stride,
                        depth: self.channels,
                        out: sums[panel * PIXELS * BLOCK..].as_mut_ptr(),
                        out_stride: PIXELS * BLOCK,
                        count,
                        accumulate: false,
                        next: Next::NOTHING,
                    });
                }
            }
        } else {
            sums.fill(0.0);
        }
        for rows in self.rows {
            let pixels = self.start..self.start + count;
            rows.add(sums, PIXELS, self.channels, pixels);
        }
        let zero = S::splat(0.0);
        for block in 0..self.channels / BLOCK {
            // A direct gradient comes plane by plane: it is turned here, for the pixels at hand, so that
            // no blocked copy of the whole is needed.
            if let Some(map) = self.map {
                for lane in 0..BLOCK {
                    let plane = (block * BLOCK + lane) * self.positions + self.start;
                    for (pixel, value) in map[plane..plane + count].iter().enumerate() {
                        sums[(block * PIXELS + pixel) * BLOCK + lane] += *value;
                    }
                }
            }
            for part in 0..S::PARTS {
                let lane = part * S::LANES;
                // SAFETY: as above; `mean` and `energy` have C entries.
                unsafe {
                    let [mean, energy] = [self.mean, self.energy].map(|part| match part {
                        Some(values) => S::load(at(values, block * BLOCK + lane, S::LANES)),
                        None => zero,
                    });
                    let from = at(sums, block * PIXELS * BLOCK, count * BLOCK).add(lane);
                    let place = block * block_stride + self.start * BLOCK;
                    let place = self.features.at(place, count * BLOCK).add(lane);
                    for pixel in 0..count {
                        let place = place.add(pixel * BLOCK);
                        let value = S::load(place);
                        let sum = S::load(from.add(pixel * BLOCK)).add(mean);
                        let sum = value.mul_add(energy, sum);
                        sum.keep(value.greater(zero)).store(place);
                    }
                }
            }
        }
    }
}

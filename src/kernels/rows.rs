//! Readings of a blocked feature map, one row of all channels a position or cell, and the
//! moments of single channels.
//!
//! Plain loops over 16 values: they run as fast as memory gives the map, on any instruction set.

use std::ops::Range;

use rayon::prelude::*;

use super::simd::BLOCK;
use crate::features::Cells;

/// Positions whose squares are summed in f32; their sums are added in f64.
const PART: usize = 1024;

/// `[cells][C]` means over cells of `[C / 16][H · W][16]`.
///
/// # Panics
/// When the length does not fit to the cells' map.
pub fn cell_means(map: &[f32], channels: usize, cells: Cells) -> Vec<f32> {
    let positions = cells.map_height * cells.map_width;
    assert_eq!(map.len(), channels * positions, "[C, H, W]");
    let mut means = vec![0.0; cells.count() * channels];
    means
        .par_chunks_exact_mut(cells.width * channels)
        .enumerate()
        .for_each(|(row, means)| {
            let lines = cells.rows(row);
            for block in 0..channels / BLOCK {
                let map = &map[block * positions * BLOCK..][..positions * BLOCK];
                for column in 0..cells.width {
                    let across = cells.columns(column);
                    let mut sum = [0.0; BLOCK];
                    for y in lines.clone() {
                        let start = (y * cells.map_width + across.start) * BLOCK;
                        for pixel in map[start..][..across.len() * BLOCK].chunks_exact(BLOCK) {
                            for (sum, value) in sum.iter_mut().zip(pixel) {
                                *sum += value;
                            }
                        }
                    }
                    let factor = 1.0 / (lines.len() * across.len()) as f32;
                    let mean = &mut means[column * channels + block * BLOCK..][..BLOCK];
                    for (mean, sum) in mean.iter_mut().zip(sum) {
                        *mean = factor * sum;
                    }
                }
            }
        });
    means
}

/// `[P][C]` rows of `[C / 16][N][16]` at some positions.
///
/// # Panics
/// When the map's length is no multiple of its channels, or a position lies outside.
pub fn rows_at(map: &[f32], channels: usize, positions: &[u32]) -> Vec<f32> {
    assert!(map.len().is_multiple_of(channels), "[C, N]");
    let length = map.len() / channels;
    let mut rows = vec![0.0; positions.len() * channels];
    rows.par_chunks_exact_mut(channels)
        .zip(positions)
        .for_each(|(row, &position)| {
            for (block, part) in row.chunks_exact_mut(BLOCK).enumerate() {
                let start = (block * length + position as usize) * BLOCK;
                part.copy_from_slice(&map[start..][..BLOCK]);
            }
        });
    rows
}

/// Mean and mean square of every channel of `[C / 16][N][16]`.
///
/// # Panics
/// When the map's length is no multiple of its channels.
pub fn channel_moments(map: &[f32], channels: usize) -> (Vec<f32>, Vec<f32>) {
    assert!(map.len().is_multiple_of(channels), "[C, N]");
    let positions = map.len() / channels;
    let blocks: Vec<_> = map
        .par_chunks_exact(positions * BLOCK)
        .map(|block| {
            let parts = block.par_chunks(PART * BLOCK).map(part_moments);
            // Added in order, so that the result does not depend on the number of threads.
            let parts: Vec<_> = parts.collect();
            let mut sums = [[0.0; 2]; BLOCK];
            for part in parts {
                for (sum, part) in sums.iter_mut().zip(part) {
                    sum[0] += f64::from(part[0]);
                    sum[1] += f64::from(part[1]);
                }
            }
            sums
        })
        .collect();
    let moment = |which: usize| {
        let sums = blocks.iter().flatten();
        sums.map(|sum: &[f64; 2]| (sum[which] / positions as f64) as f32)
            .collect()
    };
    (moment(0), moment(1))
}

fn part_moments(part: &[f32]) -> [[f32; 2]; BLOCK] {
    let (mut sum, mut square) = ([0.0; BLOCK], [0.0; BLOCK]);
    for pixel in part.chunks_exact(BLOCK) {
        for lane in 0..BLOCK {
            sum[lane] += pixel[lane];
            square[lane] += pixel[lane] * pixel[lane];
        }
    }
    std::array::from_fn(|lane| [sum[lane], square[lane]])
}

/// A gradient with respect to readings of a map: see
/// [`RowGradient`](crate::features::RowGradient).
#[derive(Clone, Copy)]
pub enum RowPart<'a> {
    /// `[cells][C]`.
    Cells(Cells, &'a [f32]),
    /// `[positions][C]` at positions that rise.
    Positions(&'a [u32], &'a [f32]),
}

impl RowPart<'_> {
    /// Adds the part at `pixels` to `sums`, `[C / 16][stride][16]`.
    #[inline(always)]
    pub(super) fn add(
        &self,
        sums: &mut [f32],
        stride: usize,
        channels: usize,
        pixels: Range<usize>,
    ) {
        match *self {
            Self::Cells(cells, values) => {
                for position in pixels.clone() {
                    let (cell, area) = cells.of(position);
                    let row = &values[cell * channels..][..channels];
                    let pixel = position - pixels.start;
                    add_row(sums, stride, pixel, row, 1.0 / area as f32);
                }
            }
            Self::Positions(list, values) => {
                let first = list.partition_point(|&at| (at as usize) < pixels.start);
                for (index, &position) in list.iter().enumerate().skip(first) {
                    if position as usize >= pixels.end {
                        break;
                    }
                    let row = &values[index * channels..][..channels];
                    add_row(sums, stride, position as usize - pixels.start, row, 1.0);
                }
            }
        }
    }
}

#[inline(always)]
fn add_row(sums: &mut [f32], stride: usize, pixel: usize, row: &[f32], factor: f32) {
    for (block, part) in row.chunks_exact(BLOCK).enumerate() {
        let sum = &mut sums[(block * stride + pixel) * BLOCK..][..BLOCK];
        for lane in 0..BLOCK {
            sum[lane] += factor * part[lane];
        }
    }
}

//! Copies a tile with its padding out of a map, normalized and rectified on the way.

use super::{
    packed::Packed,
    shapes::{Edge, Source},
};
use crate::kernels::simd::{BLOCK, Simd};

/// Vectors may read this far past the end of a row.
const SLACK: usize = 6 * BLOCK;

/// How a tile lies in scratch memory: `[inputs][rows][row]`. A row of a convolution with stride 2
/// has its even columns first, then the odd ones, so that neighbors in a vector are neighbors in
/// the result.
pub(super) struct Geometry {
    /// Rows of results.
    results: usize,
    /// Rows with padding.
    rows: usize,
    /// Columns with padding.
    columns: usize,
    /// Where the odd columns begin.
    half: usize,
    row: usize,
    stride: usize,
    inputs: usize,
    sums_width: usize,
}

impl Geometry {
    /// For results of `rows` x `columns` (before upsampling).
    pub(super) fn new(packed: &Packed, rows: usize, columns: usize) -> Self {
        let (kernel, stride) = (packed.kernel(), packed.stride());
        // A phase of an upsampled convolution begins one pixel further on.
        let more = packed.phases_along() - 1;
        let side = |length: usize| (length - 1) * stride + kernel + more;
        let half = side(columns).div_ceil(stride).next_multiple_of(BLOCK);
        Self {
            results: rows,
            rows: side(rows),
            columns: side(columns),
            half,
            row: stride * half,
            stride,
            inputs: packed.inputs(),
            sums_width: columns.next_multiple_of(BLOCK),
        }
    }

    /// Values of the tile.
    pub(super) fn input_length(&self) -> usize {
        self.inputs * self.rows * self.row + SLACK
    }

    /// Values of one row as it comes out of the map, or of one interleaved row of results.
    pub(super) fn temporary(&self) -> usize {
        self.row.max(2 * self.sums_width) + SLACK
    }

    /// Values of one row of results, of each phase that shares it.
    pub(super) fn sums_length(&self, packed: &Packed) -> usize {
        packed.phases_along() * packed.outputs() * self.sums_width
    }

    /// Values of one row of one channel of results.
    pub(super) fn sums_width(&self) -> usize {
        self.sums_width
    }

    /// From one row of results to the next.
    pub(super) fn row_step(&self) -> usize {
        self.stride * self.row
    }

    /// Where the terms of a sum lie, from the first row of its tile on; rising.
    pub(super) fn offsets(&self, packed: &Packed, phase: usize) -> Vec<u32> {
        let along = packed.phases_along();
        let (down, right) = (phase / along, phase % along);
        let mut offsets = Vec::with_capacity(packed.taps());
        for channel in 0..self.inputs {
            for y in 0..packed.kernel() {
                for x in 0..packed.kernel() {
                    let (row, column) = (y + down, x + right);
                    let column = (column % self.stride) * self.half + column / self.stride;
                    offsets.push(((channel * self.rows + row) * self.row + column) as u32);
                }
            }
        }
        offsets
    }
}

/// The copy of one tile.
pub(super) struct Fill<'a> {
    pub(super) packed: &'a Packed,
    pub(super) source: &'a Source<'a>,
    pub(super) geometry: &'a Geometry,
    /// First row and column of the results, before upsampling.
    pub(super) corner: (usize, usize),
    /// Rows of results, before upsampling.
    pub(super) rows: usize,
}

impl Fill<'_> {
    /// Fills `input`; `temporary` is scratch.
    #[inline(always)]
    pub(super) fn run<S: Simd>(&self, input: &mut [f32], temporary: &mut [f32]) {
        let (geometry, shape) = (self.geometry, self.source.shape);
        let (stride, before) = (geometry.stride as isize, self.packed.before() as isize);
        let top = self.corner.0 as isize * stride - before;
        let left = self.corner.1 as isize * stride - before;
        // The last tiles of a map have fewer rows than the others.
        let rows = geometry.rows - (geometry.results - self.rows) * geometry.stride;
        for channel in 0..geometry.inputs {
            for row in 0..rows {
                let start = (channel * geometry.rows + row) * geometry.row;
                let out = &mut input[start..][..geometry.row];
                let Some(y) = place(top + row as isize, shape.height, self.source.edge) else {
                    out.fill(0.0);
                    continue;
                };
                let from = (channel * shape.rows + y - shape.first) * shape.width;
                let from = &self.source.data[from..][..shape.width];
                if geometry.stride == 1 {
                    self.row::<S>(channel, from, left, out);
                } else {
                    self.row::<S>(channel, from, left, temporary);
                    for i in 0..geometry.half {
                        out[i] = temporary[2 * i];
                        out[geometry.half + i] = temporary[2 * i + 1];
                    }
                }
            }
        }
    }

    /// One row from column `left` on.
    #[inline(always)]
    fn row<S: Simd>(&self, channel: usize, from: &[f32], left: isize, out: &mut [f32]) {
        let (scale, shift) = match self.source.affine {
            Some((scale, shift)) => (scale[channel], shift[channel]),
            None => (1.0, 0.0),
        };
        let floor = if self.source.rectify {
            0.0
        } else {
            f32::NEG_INFINITY
        };
        let (width, columns) = (from.len() as isize, self.geometry.columns as isize);
        let (low, high) = (left.max(0), width.min(left + columns));
        let inside = &from[low as usize..high as usize];
        let begin = (low - left) as usize;
        let target = &mut out[begin..][..inside.len()];
        let whole = inside.len() / S::LANES * S::LANES;
        let plain = self.source.affine.is_none() && !self.source.rectify;
        if plain {
            target.copy_from_slice(inside);
        } else {
            let (scales, shifts) = (S::splat(scale), S::splat(shift));
            let floors = S::splat(floor);
            for i in (0..whole).step_by(S::LANES) {
                // SAFETY: a vector from `i` on ends at `whole`, which is at most the length of both.
                unsafe {
                    let value = S::load(inside.as_ptr().add(i)).mul_add(scales, shifts);
                    floors.max(value).store(target.as_mut_ptr().add(i));
                }
            }
            for i in whole..inside.len() {
                target[i] = floor.max(inside[i] * scale + shift);
            }
        }
        let outside = (left..low).chain(high..left + columns);
        for x in outside {
            out[(x - left) as usize] = match place(x, from.len(), self.source.edge) {
                Some(x) => floor.max(from[x] * scale + shift),
                None => 0.0,
            };
        }
    }
}

/// The row or column that is read at `at`; `None` stands for zeros.
#[inline(always)]
fn place(at: isize, length: usize, edge: Edge) -> Option<usize> {
    let last = length as isize - 1;
    if (0..=last).contains(&at) {
        return Some(at as usize);
    }
    match edge {
        Edge::Zero => None,
        Edge::Nearest => Some(at.clamp(0, last) as usize),
        // Tiles at the end reach further than their results do: what lies there is not used.
        Edge::Mirror => {
            let mirrored = if at < 0 { -at } else { 2 * last - at };
            Some(mirrored.clamp(0, last) as usize)
        }
    }
}

//! Convolutions of few channels, plane by plane: what feed-forward networks are made of.
//!
//! Maps are `[C][H][W]`. With 3 to 32 channels, blocks of 16 channels would leave most lanes empty,
//! so vectors run along the rows: a few outputs times a few vectors of pixels stay in registers, and
//! each weight is read into all lanes. Cross-correlation as in every deep-learning library; the
//! sum over input channels and taps is one list of distances into a padded tile, so that kernel
//! sizes, strides and the four phases of an upsampled convolution are the same inner loop.
//!
//! What stands before a convolution (instance normalization, `ReLU`, padding) is done while a tile
//! is copied out of the map, what follows it (bias, activation, moments) before it is written: a
//! map is read and written once. Moments are summed tile by tile in a fixed order, whatever the
//! number of threads.
//!
//! Maps may be present in part only, as a strip of rows: see [`Shape`].

mod fill;
mod packed;
mod pointwise;
mod shapes;
mod store;
mod sums;

use rayon::prelude::*;

use self::{
    fill::{Fill, Geometry},
    store::{Store, Sums},
    sums::RowSums,
};
use super::{
    isa::{Isa, Kernel},
    memory::{Shared, with_scratch},
    simd::{BLOCK, Simd},
};
use crate::error::Result;

pub use self::{
    packed::Packed,
    pointwise::{add_scaled, rectify_scaled, sigmoid},
    shapes::{Edge, Shape, Source, Target},
    store::Moments,
};

/// Columns of a tile: a few vectors of every instruction set, so that a tile of 32 channels stays
/// in a core's second level cache.
const COLUMNS: usize = 96;

/// Most rows of a tile.
const ROWS: usize = 8;

/// Convolves on rayon's current pool; answers the moments of each channel over the rows that
/// `target` asks for.
///
/// # Errors
/// When memory runs out.
///
/// # Panics
/// When lengths do not match, or rows that are needed are not at hand.
pub fn convolve(
    packed: &Packed,
    source: Source<'_>,
    target: Target<'_>,
    isa: Isa,
) -> Result<Vec<Moments>> {
    check(packed, &source, &target);
    let Target { shape, rows, .. } = target;
    // Upsampled convolutions go over the pixels of their source, four results each.
    let step = packed.phases_along();
    let (first, end) = (rows.start / step, rows.end.div_ceil(step));
    let (height, width) = (shape.height / step, shape.width / step);
    let high = (height / 32).clamp(4, ROWS).min(height);
    // Even shares: 128 columns go as 64 + 64, not as 96 + 32.
    let columns = width.div_ceil(width.div_ceil(COLUMNS));
    let columns = columns.next_multiple_of(BLOCK).min(width);
    let geometry = Geometry::new(packed, high, columns);
    let offsets: Vec<Vec<u32>> = (0..step * step)
        .map(|phase| geometry.offsets(packed, phase))
        .collect();
    let data = target.data.map(Shared::new);
    let tiles: Vec<(usize, usize)> = (first..end)
        .step_by(high)
        .flat_map(|y| (0..width).step_by(columns).map(move |x| (y, x)))
        .collect();
    let scratch = geometry.input_length() + geometry.temporary() + geometry.sums_length(packed);
    let sums = tiles.par_iter().map(|&(y, x)| {
        let mut sums = vec![Sums::default(); packed.outputs()];
        with_scratch(scratch, |scratch| {
            isa.run(Tile {
                packed,
                source,
                geometry: &geometry,
                offsets: &offsets,
                corner: (y, x),
                size: (high.min(end - y), columns.min(width - x)),
                end: rows.end,
                store: Store {
                    shape,
                    data,
                    bias: target.bias,
                    rectify: target.rectify,
                },
                sums: &mut sums,
                scratch,
            });
        })?;
        Ok(sums)
    });
    let sums: Vec<Vec<Sums>> = sums.collect::<Result<_>>()?;
    let channels = 0..packed.outputs();
    Ok(channels
        .map(|channel| Moments::merged(sums.iter().map(|tile| &tile[channel])))
        .collect())
}

fn check(packed: &Packed, source: &Source<'_>, target: &Target<'_>) {
    let (from, to) = (source.shape, target.shape);
    let fits = |what: &str, length: usize, expected: usize| {
        assert_eq!(length, expected, "{what} of {from:?} to {to:?}");
    };
    fits("the source", source.data.len(), from.len());
    fits("the source's channels", from.channels, packed.inputs());
    fits("the target's channels", to.channels, packed.outputs());
    if let Some(data) = &target.data {
        fits("the target", data.len(), to.len());
    }
    if let Some((scale, shift)) = source.affine {
        fits("scales", scale.len(), from.channels);
        fits("shifts", shift.len(), from.channels);
    }
    if let Some(bias) = target.bias {
        fits("biases", bias.len(), to.channels);
    }
    let step = packed.phases_along();
    let rows = &target.rows;
    assert!(
        to.first <= rows.start
            && rows.start < rows.end
            && rows.end <= to.first + to.rows
            && rows.start.is_multiple_of(step),
        "rows {rows:?} of {to:?}"
    );
    fits("rows", to.height, packed.output_side(from.height));
    fits("columns", to.width, packed.output_side(from.width));
    let (low, high) = packed.rows_read(rows.start, rows.end, from.height);
    assert!(
        from.first <= low && high <= from.first + from.rows,
        "rows {low}..{high} of {from:?} are not at hand"
    );
    let margin = packed.margin();
    assert!(
        source.edge != Edge::Mirror || margin < from.height.min(from.width),
        "{from:?} is too small to be mirrored"
    );
}

/// A part of the target with everything that happens to it.
struct Tile<'a, 'b> {
    packed: &'a Packed,
    source: Source<'a>,
    geometry: &'a Geometry,
    offsets: &'a [Vec<u32>],
    /// First row and column, before upsampling.
    corner: (usize, usize),
    /// Rows and columns, before upsampling.
    size: (usize, usize),
    /// The row behind the last one that is wanted.
    end: usize,
    store: Store<'a>,
    sums: &'b mut [Sums],
    scratch: &'b mut [f32],
}

impl Kernel for Tile<'_, '_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let (input, rest) = self.scratch.split_at_mut(self.geometry.input_length());
        let (temporary, out) = rest.split_at_mut(self.geometry.temporary());
        Fill {
            packed: self.packed,
            source: &self.source,
            geometry: self.geometry,
            corner: self.corner,
            rows: self.size.0,
        }
        .run::<S>(input, temporary);
        let step = self.packed.phases_along();
        let (rows, columns) = self.size;
        let width = self.geometry.sums_width();
        for y in 0..rows {
            for down in 0..step {
                let row = (self.corner.0 + y) * step + down;
                // What is wanted may end between the two rows that one row of the source gives.
                if row >= self.end {
                    continue;
                }
                for right in 0..step {
                    let phase = down * step + right;
                    RowSums {
                        packed: self.packed,
                        phase,
                        offsets: &self.offsets[phase],
                        input: &input[y * self.geometry.row_step()..],
                        vectors: columns.div_ceil(S::LANES),
                        out: &mut out[right * self.packed.outputs() * width..],
                        out_stride: width,
                    }
                    .run::<S>();
                }
                for channel in 0..self.packed.outputs() {
                    let place = (channel, row, self.corner.1 * step);
                    let sums = &mut self.sums[channel];
                    let line = &mut out[channel * width..];
                    if step == 1 {
                        self.store.row::<S>(place, line, columns, sums);
                    } else {
                        let right = &line[self.packed.outputs() * width..];
                        store::interleave(line, right, columns, temporary);
                        self.store.row::<S>(place, temporary, 2 * columns, sums);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

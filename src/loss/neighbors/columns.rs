//! Hypercolumns on a grid: the features of several layers at each point of a quarter of the
//! picture's sides, as one vector (Kolkin et al. 2022, section 3.2).
//!
//! Layers finer than the grid are averaged over its cells, coarser ones read linearly between
//! their positions. Each layer is divided by its number of channels, as in the paper, and
//! multiplied with its weight.
//!
//! Differs from Kolkin et al., who read finer layers at the grid's points only: positions
//! between the points then get no gradient of their own.

use std::ops::Range;

use half::{f16, slice::HalfFloatSliceExt as _};
use rayon::prelude::*;

use crate::{
    error::Result,
    features::{Cells, Features},
};

/// Sides of the grid, rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl Grid {
    /// The grid over a picture: a quarter of its sides, at least one point.
    pub fn over(height: usize, width: usize) -> Self {
        Self {
            height: (height / 4).max(1),
            width: (width / 4).max(1),
        }
    }

    /// Number of points.
    pub fn count(self) -> usize {
        self.height * self.width
    }

    /// The point that a position of a map over the same picture belongs to.
    pub(super) fn point_of(self, position: usize, map_height: usize, map_width: usize) -> usize {
        let (y, x) = (position / map_width, position % map_width);
        y * self.height / map_height * self.width + x * self.width / map_width
    }

    /// How a map of these sides is read: means over cells, or its own positions where it is as
    /// coarse as the grid or coarser.
    pub(super) fn cells(self, map_height: usize, map_width: usize) -> Cells {
        let side = (map_height / self.height).min(map_width / self.width);
        Cells::new(map_height, map_width, side.max(1))
    }
}

/// The values of a layer, `[height · width][C]`.
#[derive(Clone, Debug)]
enum Rows {
    /// As the network gave them.
    Full(Vec<f32>),
    /// In half the memory: divided by the largest, which the layer's scale takes up.
    Half(Vec<f16>),
}

/// One layer of the hypercolumns.
#[derive(Clone, Debug)]
pub(super) struct Part {
    rows: Rows,
    pub(super) channels: usize,
    pub(super) height: usize,
    pub(super) width: usize,
    /// What the rows are multiplied with in a hypercolumn.
    pub(super) scale: f32,
}

/// The hypercolumns of one picture, kept by layer.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    pub(super) grid: Grid,
    pub(super) parts: Vec<Part>,
}

/// The positions of a coarser layer that a grid point is read from, and their weights.
pub(super) type Corners = [(usize, f32); 4];

impl Part {
    /// Whether the layer has a row for each point of the grid.
    pub(super) fn on_grid(&self, grid: Grid) -> bool {
        (self.height, self.width) == (grid.height, grid.width)
    }

    /// Where a point of the grid lies among this layer's positions.
    pub(super) fn corners(&self, grid: Grid, point: usize) -> Corners {
        let along = |at: usize, points: usize, length: usize| {
            let place = (at as f32 + 0.5) * length as f32 / points as f32 - 0.5;
            let place = place.clamp(0.0, (length - 1) as f32);
            let below = place as usize;
            let above = (below + 1).min(length - 1);
            (below, above, place - below as f32)
        };
        let (y, x) = (point / grid.width, point % grid.width);
        let (top, bottom, down) = along(y, grid.height, self.height);
        let (left, right, across) = along(x, grid.width, self.width);
        [
            (top * self.width + left, (1.0 - down) * (1.0 - across)),
            (top * self.width + right, (1.0 - down) * across),
            (bottom * self.width + left, down * (1.0 - across)),
            (bottom * self.width + right, down * across),
        ]
    }

    /// Gives one row piece by piece, each with the channel that it begins at.
    fn row(&self, at: usize, mut take: impl FnMut(usize, &[f32])) {
        const PIECE: usize = 64;
        let row = at * self.channels..(at + 1) * self.channels;
        match &self.rows {
            Rows::Full(rows) => take(0, &rows[row]),
            Rows::Half(rows) => {
                let mut wide = [0.0; PIECE];
                for (piece, start) in rows[row].chunks(PIECE).zip((0..).step_by(PIECE)) {
                    let wide = &mut wide[..piece.len()];
                    piece.convert_to_f32_slice(wide);
                    take(start, wide);
                }
            }
        }
    }

    /// Writes this layer's part of the hypercolumn at a point.
    pub(super) fn read(&self, grid: Grid, point: usize, out: &mut [f32]) {
        if self.on_grid(grid) {
            self.row(point, |start, values| {
                for (out, value) in out[start..].iter_mut().zip(values) {
                    *out = self.scale * value;
                }
            });
            return;
        }
        out.fill(0.0);
        for (at, weight) in self.corners(grid, point) {
            let factor = self.scale * weight;
            if factor == 0.0 {
                continue;
            }
            self.row(at, |start, values| {
                for (out, value) in out[start..].iter_mut().zip(values) {
                    *out += factor * value;
                }
            });
        }
    }

    /// Number of values.
    pub(super) fn count(&self) -> usize {
        self.height * self.width * self.channels
    }

    /// Takes the values out, as the network gave them; none where they were made compact.
    pub(super) fn take(&mut self) -> Vec<f32> {
        match &mut self.rows {
            Rows::Full(rows) => std::mem::take(rows),
            Rows::Half(_) => Vec::new(),
        }
    }

    /// Keeps the values in half the memory, to 11 bits.
    fn compact(&mut self) {
        let Rows::Full(rows) = &self.rows else { return };
        let largest = rows
            .iter()
            .fold(0.0_f32, |most, value| most.max(value.abs()));
        let factor = if largest > 0.0 { 1.0 / largest } else { 0.0 };
        let half = rows.iter().map(|value| f16::from_f32(factor * value));
        self.rows = Rows::Half(half.collect());
        self.scale *= largest;
    }
}

impl Columns {
    /// Reads the layers of one picture; `weights` are relative to each other.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) fn read(layers: &[&dyn Features], weights: &[f64], grid: Grid) -> Result<Self> {
        let parts = layers.iter().zip(weights).map(|(layer, &weight)| {
            let (channels, height, width) = layer.shape();
            let cells = grid.cells(height, width);
            Ok(Part {
                rows: Rows::Full(layer.cell_means(cells)?),
                channels,
                height: cells.height,
                width: cells.width,
                scale: (weight / channels as f64) as f32,
            })
        });
        Ok(Self {
            grid,
            parts: parts.collect::<Result<_>>()?,
        })
    }

    /// The same in half the memory, for columns that are only read: a layer's rounding is 2^-11 of
    /// a value, and at least 2^-25 of the layer's largest.
    pub(super) fn compact(mut self) -> Self {
        self.parts.iter_mut().for_each(Part::compact);
        self
    }

    /// Length of a hypercolumn.
    pub(super) fn length(&self) -> usize {
        self.parts.iter().map(|part| part.channels).sum()
    }

    /// The hypercolumn at a point.
    pub(super) fn column(&self, point: usize, out: &mut [f32]) {
        let mut rest = out;
        for part in &self.parts {
            let (here, behind) = rest.split_at_mut(part.channels);
            part.read(self.grid, point, here);
            rest = behind;
        }
    }

    /// Mean of all hypercolumns.
    pub(super) fn mean(&self) -> Vec<f32> {
        let length = self.length();
        let add = |mut sum: Vec<f64>, column: &[f32]| {
            sum.iter_mut()
                .zip(column)
                .for_each(|(sum, value)| *sum += f64::from(*value));
            sum
        };
        let rows = (0..self.grid.height).into_par_iter().map(|row| {
            let mut column = vec![0.0; length];
            let mut sum = vec![0.0; length];
            for point in self.points(row..row + 1) {
                self.column(point, &mut column);
                sum = add(sum, &column);
            }
            sum
        });
        // In order: the result does not depend on the number of threads.
        let rows: Vec<_> = rows.collect();
        let mut mean = vec![0.0; length];
        for row in rows {
            mean.iter_mut()
                .zip(row)
                .for_each(|(sum, value)| *sum += value);
        }
        let count = self.grid.count() as f64;
        mean.iter().map(|sum| (sum / count) as f32).collect()
    }

    /// Euclidean lengths of all hypercolumns.
    pub(super) fn norms(&self) -> Vec<f32> {
        let length = self.length();
        (0..self.grid.count())
            .into_par_iter()
            .map_init(
                || vec![0.0; length],
                |column, point| {
                    self.column(point, column);
                    dot(column, column).sqrt()
                },
            )
            .collect()
    }

    /// Points in some rows of the grid.
    pub(super) fn points(&self, rows: Range<usize>) -> Range<usize> {
        rows.start * self.grid.width..rows.end * self.grid.width
    }
}

/// Inner product, in sixteen sums that a processor adds side by side.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let mut sums = [0.0_f32; LANES];
    let (a_parts, b_parts) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = a_parts
        .remainder()
        .iter()
        .zip(b_parts.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in a_parts.zip(b_parts) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

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

/// One layer of the hypercolumns.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// `[height · width][C]`, as the network gave them.
    pub(super) rows: Vec<f32>,
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

    fn row(&self, at: usize) -> &[f32] {
        &self.rows[at * self.channels..][..self.channels]
    }

    /// Writes this layer's part of the hypercolumn at a point.
    pub(super) fn read(&self, grid: Grid, point: usize, out: &mut [f32]) {
        if self.on_grid(grid) {
            for (out, value) in out.iter_mut().zip(self.row(point)) {
                *out = self.scale * value;
            }
            return;
        }
        let [a, b, c, d] = self
            .corners(grid, point)
            .map(|(at, weight)| (self.row(at), self.scale * weight));
        let rows = a.0.iter().zip(b.0).zip(c.0.iter().zip(d.0));
        for (out, ((va, vb), (vc, vd))) in out.iter_mut().zip(rows) {
            *out = a.1 * va + b.1 * vb + c.1 * vc + d.1 * vd;
        }
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
                rows: layer.cell_means(cells)?,
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

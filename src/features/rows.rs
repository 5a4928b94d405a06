//! Feature maps read position by position: at chosen positions, or as means over cells of a
//! coarser grid; and gradients with respect to such readings.
//!
//! Measures that compare single positions (nearest neighbors) need all channels of one position
//! side by side, and only at some positions. Their gradients come back the same way, so that no
//! dense map of a fine layer has to be made for them.

use std::{ops::Range, sync::Arc};

/// Cells that cover a map: squares of `side` positions, the last row and column of cells with
/// what is left over (up to twice as long), so that every position belongs to one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells {
    /// H of the map.
    pub map_height: usize,
    /// W of the map.
    pub map_width: usize,
    /// Positions along a side of a cell.
    pub side: usize,
    /// Rows of cells.
    pub height: usize,
    /// Columns of cells.
    pub width: usize,
}

impl Cells {
    /// Cells of `side` positions over a map; at least one.
    pub fn new(map_height: usize, map_width: usize, side: usize) -> Self {
        Self {
            map_height,
            map_width,
            side,
            height: (map_height / side).max(1),
            width: (map_width / side).max(1),
        }
    }

    /// Number of cells.
    pub fn count(&self) -> usize {
        self.height * self.width
    }

    /// Rows of the map in a row of cells.
    pub fn rows(&self, row: usize) -> Range<usize> {
        span(row, self.side, self.height, self.map_height)
    }

    /// Columns of the map in a column of cells.
    pub fn columns(&self, column: usize) -> Range<usize> {
        span(column, self.side, self.width, self.map_width)
    }

    /// The cell of a position of the map, and how many positions it has.
    pub fn of(&self, position: usize) -> (usize, usize) {
        let (y, x) = (position / self.map_width, position % self.map_width);
        let row = (y / self.side).min(self.height - 1);
        let column = (x / self.side).min(self.width - 1);
        let area = self.rows(row).len() * self.columns(column).len();
        (row * self.width + column, area)
    }
}

fn span(index: usize, side: usize, count: usize, length: usize) -> Range<usize> {
    let end = if index + 1 == count {
        length
    } else {
        (index + 1) * side
    };
    index * side..end
}

/// Where the rows of a [`RowGradient`] belong.
#[derive(Clone, Debug)]
pub enum Places {
    /// One row a cell, by cell: the derivative with respect to the cell's mean.
    Cells(Cells),
    /// One row for each of these positions, which rise.
    Positions(Vec<u32>),
}

/// Derivative of a loss with respect to readings of one feature map.
#[derive(Clone, Debug)]
pub struct RowGradient {
    /// Where the rows belong.
    pub places: Places,
    /// `[rows][C]`; shared, because engines add up what several measures say of a layer.
    pub values: Arc<Vec<f32>>,
}

impl RowGradient {
    /// Adds the derivative to that with respect to the map itself: `[C, N]`, plane by plane.
    pub fn add_to(&self, planes: &mut [f32], positions: usize) {
        let channels = planes.len() / positions;
        let mut add = |position: usize, row: &[f32], factor: f32| {
            for (channel, value) in row.iter().enumerate() {
                planes[channel * positions + position] += factor * value;
            }
        };
        match &self.places {
            Places::Cells(cells) => {
                for position in 0..positions {
                    let (cell, area) = cells.of(position);
                    let row = &self.values[cell * channels..][..channels];
                    add(position, row, 1.0 / area as f32);
                }
            }
            Places::Positions(list) => {
                for (&position, row) in list.iter().zip(self.values.chunks_exact(channels)) {
                    add(position as usize, row, 1.0);
                }
            }
        }
    }
}

/// `[cells][C]` means of a map given plane by plane, `[C, H, W]`.
pub(super) fn cell_means(planes: &[f32], cells: Cells) -> Vec<f32> {
    let positions = cells.map_height * cells.map_width;
    let channels = planes.len() / positions;
    let mut means = vec![0.0; cells.count() * channels];
    for position in 0..positions {
        let (cell, area) = cells.of(position);
        let row = &mut means[cell * channels..][..channels];
        for (channel, mean) in row.iter_mut().enumerate() {
            *mean += planes[channel * positions + position] / area as f32;
        }
    }
    means
}

/// `[P][C]` rows of a map given plane by plane, `[C, N]`, at some positions.
pub(super) fn rows_at(planes: &[f32], length: usize, positions: &[u32]) -> Vec<f32> {
    let channels = planes.len() / length;
    let row = |&position: &u32| {
        (0..channels).map(move |channel| planes[channel * length + position as usize])
    };
    positions.iter().flat_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_belongs_to_one_cell() {
        for (h, w, side) in [(8, 8, 4), (9, 11, 4), (3, 2, 4), (7, 5, 1), (1, 1, 2)] {
            let cells = Cells::new(h, w, side);
            let mut sizes = vec![0; cells.count()];
            for position in 0..h * w {
                sizes[cells.of(position).0] += 1;
            }
            for (cell, size) in sizes.iter().enumerate() {
                let (row, column) = (cell / cells.width, cell % cells.width);
                assert_eq!(cells.rows(row).len() * cells.columns(column).len(), *size);
                assert!(*size > 0 && *size < 4 * side * side, "{h} {w} {side}");
            }
        }
    }

    #[test]
    fn gradients_of_readings_are_those_of_the_map() {
        // f = <u, reading>, linear in the map: its change is exactly that estimated.
        let (c, h, w) = (3, 7, 5);
        let map: Vec<f32> = (0..c * h * w).map(|i| (i as f32 * 0.7).sin()).collect();
        let by: Vec<f32> = (0..c * h * w).map(|i| (i as f32 * 1.3).cos()).collect();
        let moved: Vec<f32> = map.iter().zip(&by).map(|(a, b)| a + b).collect();
        let cells = Cells::new(h, w, 2);
        let positions = vec![0, 4, 17, 34];
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        for places in [Places::Cells(cells), Places::Positions(positions.clone())] {
            let read = |map: &[f32]| match &places {
                Places::Cells(cells) => cell_means(map, *cells),
                Places::Positions(positions) => rows_at(map, h * w, positions),
            };
            let before = read(&map);
            let u: Vec<f32> = (0..before.len()).map(|i| (i as f32).sin()).collect();
            let change = dot(&u, &read(&moved)) - dot(&u, &before);
            let gradient = RowGradient {
                places,
                values: Arc::new(u),
            };
            let mut planes = vec![0.0; c * h * w];
            gradient.add_to(&mut planes, h * w);
            assert!((change - dot(&planes, &by)).abs() < 1e-4, "{change}");
        }
    }
}

//! The guided filter: smooths a plane without crossing the contours of another one, its guide.
//!
//! Called by `hues`. In each window the plane is taken for a line of the guide, `slope · guide +
//! offset`; a pixel gets the mean of the lines of all windows that hold it (He, Sun and Tang 2013,
//! "Guided image filtering"). Lines are fitted to cells of several pixels and drawn between them
//! (He and Sun 2015, "Fast guided filter"): they vary slowly, whatever the guide does.

/// A picture cut into square cells; those at the right and lower edge may be smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cells {
    /// Sides of the picture.
    pub(super) width: usize,
    pub(super) height: usize,
    /// Pixels along a side of a cell, at least 1.
    pub(super) step: usize,
}

impl Cells {
    /// Cells in a row.
    pub(super) fn columns(self) -> usize {
        self.width.div_ceil(self.step)
    }

    /// Rows of cells.
    pub(super) fn rows(self) -> usize {
        self.height.div_ceil(self.step)
    }

    /// The mean over each cell of a plane `[height, width]`.
    pub(super) fn means(self, plane: &[f32]) -> Vec<f32> {
        let mut means = Vec::with_capacity(self.columns() * self.rows());
        let mut sums = vec![0.0; self.columns()];
        for band in plane.chunks(self.width * self.step) {
            sums.fill(0.0);
            for row in band.chunks_exact(self.width) {
                for (sum, cell) in sums.iter_mut().zip(row.chunks(self.step)) {
                    *sum += cell.iter().sum::<f32>();
                }
            }
            let rows = band.len() / self.width;
            for (column, sum) in sums.iter().enumerate() {
                let columns = self.step.min(self.width - column * self.step);
                means.push(sum / (rows * columns) as f32);
            }
        }
        means
    }

    /// The two cells beside the middle of pixel `at` along an axis of `count` cells, and the share
    /// of the second.
    fn between(self, at: usize, count: usize) -> (usize, usize, f32) {
        let place = (at as f32 + 0.5) / self.step as f32 - 0.5;
        let first = place.max(0.0) as usize;
        let second = (first + 1).min(count - 1);
        (
            first.min(count - 1),
            second,
            (place - first as f32).max(0.0),
        )
    }
}

/// Windows of cells with what the guide does in them.
pub(super) struct Guide {
    cells: Cells,
    radius: usize,
    values: Vec<f32>,
    means: Vec<f32>,
    /// Variance plus the filter's tolerance.
    spread: Vec<f32>,
    /// Between which cells the pixels of a row lie.
    places: Vec<(usize, usize, f32)>,
}

impl Guide {
    /// Windows of `2 · radius + 1` cells a side. `values` is the guide at each cell; where it varies
    /// by less than `tolerance` (a deviation) within a window, it has no contours.
    pub(super) fn new(values: Vec<f32>, cells: Cells, radius: usize, tolerance: f32) -> Self {
        let sides = (cells.columns(), cells.rows());
        let means = window_means(&values, sides, radius);
        let squares: Vec<f32> = values.iter().map(|value| value * value).collect();
        let mut spread = window_means(&squares, sides, radius);
        for (spread, mean) in spread.iter_mut().zip(&means) {
            *spread = (*spread - mean * mean).max(0.0) + tolerance * tolerance;
        }
        let places = (0..cells.width).map(|x| cells.between(x, cells.columns()));
        Self {
            cells,
            radius,
            values,
            means,
            spread,
            places: places.collect(),
        }
    }

    /// The lines that stand for `plane`, which has a value for each cell.
    pub(super) fn lines(&self, plane: &[f32]) -> Lines {
        let sides = (self.cells.columns(), self.cells.rows());
        let means = window_means(plane, sides, self.radius);
        let products = self.values.iter().zip(plane).map(|(g, p)| g * p);
        let mut slopes = window_means(&products.collect::<Vec<f32>>(), sides, self.radius);
        for (at, slope) in slopes.iter_mut().enumerate() {
            *slope = (*slope - self.means[at] * means[at]) / self.spread[at];
        }
        let mut offsets = means;
        for (at, offset) in offsets.iter_mut().enumerate() {
            *offset -= slopes[at] * self.means[at];
        }
        Lines {
            cells: self.cells,
            places: self.places.clone(),
            slopes: window_means(&slopes, sides, self.radius),
            offsets: window_means(&offsets, sides, self.radius),
        }
    }
}

/// A line for each cell.
pub(super) struct Lines {
    cells: Cells,
    /// Between which cells the pixels of a row lie.
    places: Vec<(usize, usize, f32)>,
    slopes: Vec<f32>,
    offsets: Vec<f32>,
}

impl Lines {
    /// Adds the filtered plane to row `y` of the picture; `guide` is that row of the guide.
    pub(super) fn add_to_row(&self, y: usize, guide: &[f32], out: &mut [f32]) {
        let columns = self.cells.columns();
        let (upper, lower, share) = self.cells.between(y, self.cells.rows());
        let mixed = |plane: &[f32]| -> Vec<f32> {
            let row = |row: usize| &plane[row * columns..(row + 1) * columns];
            let pairs = row(upper).iter().zip(row(lower));
            pairs.map(|(a, b)| a + share * (b - a)).collect()
        };
        let (slopes, offsets) = (mixed(&self.slopes), mixed(&self.offsets));
        for ((out, guide), &(left, right, share)) in out.iter_mut().zip(guide).zip(&self.places) {
            let at = |row: &[f32]| row[left] + share * (row[right] - row[left]);
            *out += at(&slopes) * guide + at(&offsets);
        }
    }
}

/// The mean over the window around each value; beyond the edge there is nothing. Its cost does not
/// depend on `radius`.
fn window_means(plane: &[f32], (width, height): (usize, usize), radius: usize) -> Vec<f32> {
    let mut across = Vec::with_capacity(plane.len());
    for row in plane.chunks_exact(width) {
        let mut sum: f64 = row.iter().take(radius).copied().map(f64::from).sum();
        for x in 0..width {
            sum += row.get(x + radius).copied().map_or(0.0, f64::from);
            let first = x.saturating_sub(radius);
            let last = (x + radius).min(width - 1);
            across.push((sum / (last - first + 1) as f64) as f32);
            if x >= radius {
                sum -= f64::from(row[x - radius]);
            }
        }
    }
    let row = |y: usize| &across[y * width..(y + 1) * width];
    let mut sums = vec![0.0_f64; width];
    let add = |sums: &mut [f64], y: usize, sign: f64| {
        for (sum, value) in sums.iter_mut().zip(row(y)) {
            *sum += sign * f64::from(*value);
        }
    };
    for y in 0..radius.min(height) {
        add(&mut sums, y, 1.0);
    }
    let mut means = Vec::with_capacity(plane.len());
    for y in 0..height {
        if y + radius < height {
            add(&mut sums, y + radius, 1.0);
        }
        let first = y.saturating_sub(radius);
        let last = (y + radius).min(height - 1);
        let over = ((last - first + 1) as f64).recip();
        means.extend(sums.iter().map(|sum| (sum * over) as f32));
        if y >= radius {
            add(&mut sums, y - radius, -1.0);
        }
    }
    means
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(count: usize) -> Vec<f32> {
        (0..count).map(|at| ((at * 7919) as f32).sin()).collect()
    }

    #[test]
    fn window_means_are_those_of_the_definition() {
        for (width, height, radius) in [(7, 5, 2), (1, 9, 3), (6, 1, 1), (4, 3, 9)] {
            let plane = noise(width * height);
            let means = window_means(&plane, (width, height), radius);
            for (at, mean) in means.iter().enumerate() {
                let (x, y) = (at % width, at / width);
                let inside = (0..width * height).filter(|&other| {
                    (other % width).abs_diff(x) <= radius && (other / width).abs_diff(y) <= radius
                });
                let values: Vec<f32> = inside.map(|other| plane[other]).collect();
                let exact = values.iter().sum::<f32>() / values.len() as f32;
                assert!((mean - exact).abs() < 1e-5, "{width}x{height} at {at}");
            }
        }
    }

    #[test]
    fn cells_at_the_edge_are_means_of_what_there_is() {
        let cells = Cells {
            width: 5,
            height: 3,
            step: 2,
        };
        let plane: Vec<f32> = (0..15_u8).map(f32::from).collect();
        assert_eq!(cells.means(&plane), [3.0, 5.0, 6.5, 10.5, 12.5, 14.0]);
    }

    /// The filter over a whole picture.
    fn filtered(guide: &[f32], plane: &[f32], cells: Cells, radius: usize) -> Vec<f32> {
        let guide_of_cells = cells.means(guide);
        let lines = Guide::new(guide_of_cells, cells, radius, 0.05).lines(&cells.means(plane));
        let mut out = vec![0.0; plane.len()];
        let rows = out.chunks_exact_mut(cells.width);
        for (y, (out, guide)) in rows.zip(guide.chunks_exact(cells.width)).enumerate() {
            lines.add_to_row(y, guide, out);
        }
        out
    }

    #[test]
    fn a_contour_of_the_guide_is_kept_and_noise_is_not() {
        for step in [1, 4] {
            let cells = Cells {
                width: 64,
                height: 32,
                step,
            };
            let side = |at: usize| f32::from(u8::from(at % 64 >= 32));
            let guide: Vec<f32> = (0..64 * 32).map(side).collect();
            let noise = noise(64 * 32);
            let pairs = guide.iter().zip(&noise);
            let plane: Vec<f32> = pairs.map(|(side, n)| 0.2 + 0.5 * side + 0.1 * n).collect();
            let out = filtered(&guide, &plane, cells, 8 / step);
            for (at, value) in out.iter().enumerate() {
                let exact = 0.2 + 0.5 * side(at);
                assert!((value - exact).abs() < 0.05, "step {step} at {at}: {value}");
            }
            // Without contours in the guide, the plane's own contour is smoothed away.
            let flat = filtered(&vec![0.5; 64 * 32], &plane, cells, 8 / step);
            assert!((flat[16 * 64 + 31] - flat[16 * 64 + 32]).abs() < 0.1);
        }
    }

    #[test]
    fn a_constant_stays_at_any_size() {
        for (width, height) in [(1, 1), (1, 9), (9, 1), (10, 7)] {
            let cells = Cells {
                width,
                height,
                step: 4,
            };
            let out = filtered(&noise(width * height), &vec![0.3; width * height], cells, 2);
            assert!(
                out.iter().all(|value| (value - 0.3).abs() < 1e-5),
                "{out:?}"
            );
        }
    }
}

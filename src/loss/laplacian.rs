//! Laplacian loss of pixels: contours as content (Li, Xu, Nie and Liu 2017, "Laplacian-steered
//! neural style transfer", equations 5 to 7). Works on pixels, not on feature maps.
//!
//! The three planes are summed and averaged over cells of p x p pixels; `D x` is the difference of
//! four times a cell to its neighbors; `L = mean over cells of (D x - D c)²`. D is symmetric, so
//! the gradient of a cell is `D (2 (D x - D c) / n)`, and each pixel in it gets 1/p² of that.
//!
//! Differs from Li et al., who sum over cells and have zeros beyond the edge: a mean does not drift
//! with the size of the picture, and an edge of the picture is no contour.

use super::total_variation::PixelEvaluation;
use crate::error::{Error, Result};

/// Distance of the pixels' Laplacian to that of the content image.
#[derive(Clone, Debug)]
pub struct LaplacianLoss {
    height: usize,
    width: usize,
    cell: usize,
    /// `D c`, `[H / p, W / p]`.
    target: Vec<f32>,
}

impl LaplacianLoss {
    /// The paper's side of a cell. 16 is its second, coarser one.
    pub const CELL_PX: usize = 4;

    /// A loss with the content image `[3, H, W]` as its target and cells of `cell_px` pixels a
    /// side (smaller where the picture is). Rows and columns that fill no cell do not count.
    ///
    /// # Errors
    /// When the length does not match the sides, or a side is 0.
    pub fn target(content: &[f32], height: usize, width: usize, cell_px: usize) -> Result<Self> {
        if content.len() != 3 * height * width || content.is_empty() {
            return Err(Error::Internal(format!(
                "a picture of {} values cannot be 3 x {width} x {height}",
                content.len()
            )));
        }
        let mut loss = Self {
            height,
            width,
            cell: cell_px.clamp(1, height.min(width)),
            target: Vec::new(),
        };
        loss.target = loss.laplacian(&loss.cells(content));
        Ok(loss)
    }

    /// The value that a flat picture has: the mean square of the target.
    pub fn scale(&self) -> f64 {
        let squares = self.target.iter().map(|&v| f64::from(v).powi(2));
        squares.sum::<f64>() / self.target.len() as f64
    }

    /// Compares a picture `[3, H, W]` of the same sides and units.
    ///
    /// # Errors
    /// When the length is another than the content image's.
    pub fn evaluate(&self, data: &[f32]) -> Result<PixelEvaluation> {
        if data.len() != 3 * self.height * self.width {
            return Err(Error::Internal(format!(
                "a picture of {} values compared with one of 3 x {} x {}",
                data.len(),
                self.width,
                self.height
            )));
        }
        let mut residual = self.laplacian(&self.cells(data));
        let count = residual.len() as f64;
        let mut sum = 0.0;
        for (value, target) in residual.iter_mut().zip(&self.target) {
            *value -= target;
            sum += f64::from(*value).powi(2);
            *value *= (2.0 / count) as f32;
        }
        let by_cell = self.laplacian(&residual);
        let share = 1.0 / (self.cell * self.cell) as f32;
        let columns = self.width / self.cell;
        let mut gradient = vec![0.0; data.len()];
        for plane in gradient.chunks_exact_mut(self.height * self.width) {
            let rows = plane.chunks_exact_mut(self.width).enumerate();
            for (y, row) in rows.take(self.height / self.cell * self.cell) {
                let cells = &by_cell[y / self.cell * columns..][..columns];
                for (pixels, cell) in row.chunks_exact_mut(self.cell).zip(cells) {
                    pixels.fill(share * cell);
                }
            }
        }
        Ok(PixelEvaluation {
            value: sum / count,
            gradient,
        })
    }

    /// Sums of the planes, averaged over cells.
    fn cells(&self, data: &[f32]) -> Vec<f32> {
        let (rows, columns) = (self.height / self.cell, self.width / self.cell);
        let share = 1.0 / (self.cell * self.cell) as f32;
        let mut cells = vec![0.0; rows * columns];
        for plane in data.chunks_exact(self.height * self.width) {
            let lines = plane.chunks_exact(self.width).enumerate();
            for (y, row) in lines.take(rows * self.cell) {
                let cells = &mut cells[y / self.cell * columns..][..columns];
                for (cell, pixels) in cells.iter_mut().zip(row.chunks_exact(self.cell)) {
                    *cell += share * pixels.iter().sum::<f32>();
                }
            }
        }
        cells
    }

    /// Differences of each cell to its neighbors, summed. Beyond the edge is none.
    fn laplacian(&self, cells: &[f32]) -> Vec<f32> {
        let (rows, columns) = (self.height / self.cell, self.width / self.cell);
        let mut sums = vec![0.0; cells.len()];
        let mut pair = |a: usize, b: usize| {
            let difference = cells[a] - cells[b];
            sums[a] += difference;
            sums[b] -= difference;
        };
        for y in 0..rows {
            for x in 0..columns {
                let here = y * columns + x;
                if x + 1 < columns {
                    pair(here, here + 1);
                }
                if y + 1 < rows {
                    pair(here, here + columns);
                }
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(n: usize, step: usize) -> Vec<f32> {
        (0..n).map(|i| ((i * step) % 101) as f32 / 10.0).collect()
    }

    #[test]
    fn zero_on_itself_and_on_any_other_level() {
        let content = ramp(3 * 9 * 11, 37);
        let loss = LaplacianLoss::target(&content, 9, 11, 4).unwrap();
        assert_eq!(loss.evaluate(&content).unwrap().value, 0.0);
        let brighter: Vec<f32> = content.iter().map(|v| v + 2.0).collect();
        assert!(loss.evaluate(&brighter).unwrap().value < 1e-8);
        let flat = vec![0.5; content.len()];
        let value = loss.evaluate(&flat).unwrap().value;
        assert!((value - loss.scale()).abs() < 1e-4 * value);
    }

    #[test]
    fn the_kernel_is_the_papers_inside() {
        // One bright cell in the middle of a flat picture: 4 there, -1 beside.
        let mut content = vec![0.0; 3 * 25];
        content[12] = 1.0;
        let loss = LaplacianLoss::target(&content, 5, 5, 1).unwrap();
        assert_eq!(loss.target[12], 4.0);
        assert_eq!([7, 11, 13, 17].map(|at| loss.target[at]), [-1.0; 4]);
        assert_eq!(loss.target.iter().map(|v| v.abs()).sum::<f32>(), 8.0);
    }

    #[test]
    fn small_pictures_and_wrong_lengths() {
        let loss = LaplacianLoss::target(&[1.0, 2.0, 3.0], 1, 1, 4).unwrap();
        assert_eq!(loss.evaluate(&[0.0; 3]).unwrap().value, 0.0);
        assert!(loss.evaluate(&[0.0; 6]).is_err());
        assert!(LaplacianLoss::target(&[0.0; 5], 1, 1, 4).is_err());
        assert!(LaplacianLoss::target(&[], 0, 0, 4).is_err());
    }

    #[test]
    fn gradient_agrees_with_central_differences() {
        let (h, w) = (7, 9);
        for cell in [1, 2, 4] {
            let loss = LaplacianLoss::target(&ramp(3 * h * w, 37), h, w, cell).unwrap();
            let x = ramp(3 * h * w, 53);
            let gradient = loss.evaluate(&x).unwrap().gradient;
            let largest = gradient.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
            for i in 0..x.len() {
                let at = |delta: f32| {
                    let mut moved = x.clone();
                    moved[i] += delta;
                    loss.evaluate(&moved).unwrap().value
                };
                let measured = (at(0.25) - at(-0.25)) / 0.5;
                assert!(
                    (measured - f64::from(gradient[i])).abs() < 1e-3 * f64::from(largest),
                    "cell {cell}, pixel {i}: {measured} {}",
                    gradient[i]
                );
            }
        }
    }
}

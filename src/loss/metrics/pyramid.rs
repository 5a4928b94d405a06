//! Laplacian pyramid of a picture (Burt and Adelson 1983) as sets of patches, for
//! [`super::picture_distance`].

use candle_core::{Device, Tensor};
use rand::Rng;
use rayon::prelude::*;

use super::Planar;
use crate::{error::Result, loss::styles::spread};

/// Side of a patch.
const PATCH_SIDE: usize = 5;
/// Patches taken from one level, at most.
const PATCHES: usize = 16_384;

/// A level of a Laplacian pyramid.
pub(super) struct Level {
    pub(super) data: Vec<f32>,
    height: usize,
    width: usize,
}

impl Level {
    pub(super) fn new(picture: Planar<'_>) -> Self {
        Self {
            data: picture.data.to_vec(),
            height: picture.height,
            width: picture.width,
        }
    }

    pub(super) fn holds_a_patch(&self) -> bool {
        self.height.min(self.width) >= PATCH_SIDE
    }

    /// Patches of what a blur takes away from this level, `[75, N]`; the level becomes every
    /// second pixel of the blurred one.
    pub(super) fn step_down(&mut self, rng: &mut impl Rng) -> Result<Tensor> {
        let blurred = self.blurred();
        let band: Vec<f32> = self.data.iter().zip(&blurred).map(|(a, b)| a - b).collect();
        let (rows, columns) = (self.height - PATCH_SIDE + 1, self.width - PATCH_SIDE + 1);
        let places = spread(rows * columns, PATCHES.min(rows * columns), rng);
        let offsets = (0..3).flat_map(|plane| {
            let (height, width) = (self.height, self.width);
            (0..PATCH_SIDE * PATCH_SIDE)
                .map(move |i| (plane * height + i / PATCH_SIDE) * width + i % PATCH_SIDE)
        });
        let mut values = Vec::with_capacity(3 * PATCH_SIDE * PATCH_SIDE * places.len());
        for offset in offsets {
            values.extend(places.iter().map(|&place| {
                let place = place as usize;
                band[offset + place / columns * self.width + place % columns]
            }));
        }
        let (height, width) = (self.height.div_ceil(2), self.width.div_ceil(2));
        let mut half = Vec::with_capacity(3 * height * width);
        for row in 0..3 * height {
            let (plane, y) = (row / height, row % height * 2);
            let start = (plane * self.height + y) * self.width;
            half.extend(blurred[start..start + self.width].iter().step_by(2));
        }
        *self = Self {
            data: half,
            height,
            width,
        };
        let shape = (3 * PATCH_SIDE * PATCH_SIDE, places.len());
        Ok(Tensor::from_vec(values, shape, &Device::Cpu)?)
    }

    /// Blurred by (1, 4, 6, 4, 1) / 16 along both axes, edges repeated.
    pub(super) fn blurred(&self) -> Vec<f32> {
        let weigh = |read: &dyn Fn(usize) -> f32| {
            (read(0) + read(4) + 4.0 * (read(1) + read(3)) + 6.0 * read(2)) / 16.0
        };
        let near =
            |at: usize, tap: usize, length: usize| (at + tap).saturating_sub(2).min(length - 1);
        let across: Vec<f32> = (0..self.data.len())
            .into_par_iter()
            .map(|at| {
                let (start, x) = (at / self.width * self.width, at % self.width);
                weigh(&|tap| self.data[start + near(x, tap, self.width)])
            })
            .collect();
        (0..self.data.len())
            .into_par_iter()
            .map(|at| {
                let (row, x) = (at / self.width, at % self.width);
                let (top, y) = (row / self.height * self.height, row % self.height);
                weigh(&|tap| across[(top + near(y, tap, self.height)) * self.width + x])
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn a_slope_has_empty_bands_and_keeps_its_values_at_half_size() {
        let (h, w) = (20, 17);
        let slope = |plane: usize, y: usize, x: usize| (plane * 100 + 3 * y + x) as f32;
        let data: Vec<f32> = (0..3 * h * w)
            .map(|i| slope(i / (h * w), i / w % h, i % w))
            .collect();
        let mut level = Level::new(Planar::new(&data, h, w).unwrap());
        let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(1);
        let patches = level.step_down(&mut rng).unwrap();
        assert_eq!(patches.dims(), [75, 16 * 13]);
        // The first patch that stays clear of the edges: a blur leaves a slope as it is.
        let clear = patches.narrow(1, 4 * 13 + 4, 1).unwrap().abs().unwrap();
        let largest = clear.max_all().unwrap().to_scalar::<f32>().unwrap();
        assert!(largest < 1e-4, "{largest}");
        assert_eq!((level.height, level.width), (10, 9));
        for plane in 0..3 {
            let value = level.data[(plane * 10 + 4) * 9 + 5];
            assert!((value - slope(plane, 8, 10)).abs() < 1e-4, "{value}");
        }
    }
}

//! Pictures at other sizes.
//!
//! Called by whoever loads a picture and by `transfer` between levels. Reducing uses Lanczos with three
//! lobes, enlarging Catmull-Rom, each axis for itself. It works on sRGB values as they are, not on
//! linear light, because the peers do (Pillow, PyTorch) and the networks were trained on pictures
//! reduced like that. In a picture with alpha every pixel counts as much as can be seen of it.

use rayon::prelude::*;

use super::{
    Picture, Planes,
    resample::{Axis, Filter, resample, resample_plane},
};

/// Opacity from which the weights of a sharp filter, some of them negative, divide well.
const LEAST_OPACITY: f32 = 1.0 / 16.0;

/// The sides of a `width` by `height` picture whose longest side becomes `longest`.
/// The aspect is kept to the nearest pixel; no side falls below 1.
pub(super) fn side_lengths(width: usize, height: usize, longest: usize) -> (usize, usize) {
    let ratio = longest.max(1) as f64 / width.max(height) as f64;
    let side = |length: usize| ((length as f64 * ratio).round() as usize).max(1);
    (side(width), side(height))
}

impl Planes {
    /// Width and height when the longest side becomes `longest_px`: the aspect is kept to the
    /// nearest pixel, and no side falls below 1.
    pub fn sides_for(&self, longest_px: u32) -> (usize, usize) {
        side_lengths(self.width, self.height, longest_px as usize)
    }

    /// At another size, clamped to 0..1 (the sharp filters overshoot at edges).
    ///
    /// # Panics
    /// When a side is 0.
    #[must_use]
    pub fn resize(&self, width: usize, height: usize) -> Self {
        let mut out = self.resize_unclamped(width, height);
        if (width, height) != (self.width, self.height) {
            out.data.par_chunks_mut(width).for_each(|row| {
                for value in row {
                    *value = value.clamp(0.0, 1.0);
                }
            });
        }
        out
    }

    /// As [`Planes::resize`] for values of any range, such as the network's input.
    ///
    /// # Panics
    /// When a side is 0.
    #[must_use]
    pub fn resize_unclamped(&self, width: usize, height: usize) -> Self {
        let columns = Axis::new(self.width, width, sharp_filter(self.width, width));
        let rows = Axis::new(self.height, height, sharp_filter(self.height, height));
        let mut data = vec![0.0; 3 * width * height];
        for (channel, out) in data.chunks_exact_mut(width * height).enumerate() {
            resample(self.plane(channel), self.width, &columns, &rows, out);
        }
        Self {
            width,
            height,
            data,
        }
    }

    /// Reduced so that the longest side is `longest_px`, or enlarged to it.
    #[must_use]
    pub fn fit(&self, longest_px: u32) -> Self {
        let (width, height) = self.sides_for(longest_px);
        self.resize(width, height)
    }
}

impl Picture {
    /// The colors at another size, in 0..1, each pixel weighted by its opacity: what is transparent
    /// does not run into what is not.
    ///
    /// # Panics
    /// When a side is 0.
    #[must_use]
    pub fn resized(&self, width: usize, height: usize) -> Planes {
        let mut out = self.planes.resize(width, height);
        let from = (self.planes.width, self.planes.height);
        let Some(alpha) = self.alpha.as_deref().filter(|_| from != (width, height)) else {
            return out;
        };
        let columns = Axis::new(from.0, width, sharp_filter(from.0, width));
        let rows = Axis::new(from.1, height, sharp_filter(from.1, height));
        let mut opacity = vec![0.0; width * height];
        resample(alpha, from.0, &columns, &rows, &mut opacity);
        let mut weighted = vec![0.0; alpha.len()];
        let mut sums = vec![0.0; width * height];
        for (channel, out) in out.data.chunks_exact_mut(width * height).enumerate() {
            weighted
                .par_iter_mut()
                .zip(self.planes.plane(channel))
                .zip(alpha)
                .for_each(|((weighted, color), alpha)| *weighted = color * alpha);
            resample(&weighted, from.0, &columns, &rows, &mut sums);
            out.par_iter_mut()
                .zip(&sums)
                .zip(&opacity)
                .for_each(|((out, sum), &opacity)| {
                    // Where next to nothing can be seen, the plain mean stays.
                    if opacity >= LEAST_OPACITY {
                        *out = (sum / opacity).clamp(0.0, 1.0);
                    }
                });
        }
        out
    }

    /// The colors so that the longest side is `longest_px`; see [`Picture::resized`].
    #[must_use]
    pub fn fitted(&self, longest_px: u32) -> Planes {
        let (width, height) = self.planes.sides_for(longest_px);
        self.resized(width, height)
    }

    /// The alpha at another size, for a result of that size; still in 0..1.
    ///
    /// # Panics
    /// When a side is 0.
    pub fn alpha_at(&self, width: usize, height: usize) -> Option<Vec<f32>> {
        let from = (self.planes.width, self.planes.height);
        let alpha = self.alpha.as_deref()?;
        let mut out = resample_plane(alpha, from, (width, height), Filter::Bilinear);
        // The weights add up to 1 but for rounding.
        for value in &mut out {
            *value = value.min(1.0);
        }
        Some(out)
    }
}

fn sharp_filter(from: usize, to: usize) -> Filter {
    if to < from {
        Filter::Lanczos3
    } else {
        Filter::CatmullRom
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sizes_change_nothing() {
        let mut planes = Planes::filled(13, 7, [0.0; 3]);
        for (at, value) in planes.data.iter_mut().enumerate() {
            *value = (at as f32).sin();
        }
        assert_eq!(planes.resize(13, 7), planes);
        assert_eq!(planes.fit(13), planes);
    }

    #[test]
    fn resized_pictures_stay_in_range_and_unclamped_ones_overshoot() {
        let mut planes = Planes::filled(16, 16, [0.0; 3]);
        for (i, value) in planes.data.iter_mut().enumerate() {
            *value = f32::from(u8::from(i % 16 >= 8));
        }
        let range = |planes: &Planes| {
            planes
                .data
                .iter()
                .fold((1.0f32, 0.0f32), |(low, high), value| {
                    (low.min(*value), high.max(*value))
                })
        };
        assert_eq!(range(&planes.resize(40, 40)), (0.0, 1.0));
        let (low, high) = range(&planes.resize_unclamped(40, 40));
        assert!(low < -0.01 && high > 1.01);
    }

    #[test]
    fn alpha_follows_the_size() {
        let rgba: Vec<u8> = (0..6 * 4u8)
            .flat_map(|at| [9, 9, 9, (at % 2) * 255])
            .collect();
        let picture = Picture::from_rgba8(6, 4, &rgba, "stripes").unwrap();
        assert_eq!(picture.alpha_at(6, 4), picture.alpha);
        for (width, height) in [(3, 2), (19, 30)] {
            let alpha = picture.alpha_at(width, height).unwrap();
            assert_eq!(alpha.len(), width * height);
            assert!(alpha.iter().all(|value| (0.0..=1.0).contains(value)));
        }
        let opaque = Picture::from_rgba8(1, 1, &[1, 2, 3, 255], "dot").unwrap();
        assert_eq!(opaque.alpha_at(5, 5), None);
    }

    /// Opaque gray on the left; on the right a faint black that hardly counts.
    #[test]
    fn what_is_transparent_does_not_run_into_what_is_not() {
        let rgba: Vec<u8> = (0..64 * 8)
            .flat_map(|at| [[128, 128, 128, 255], [0, 0, 0, 8]][usize::from(at % 64 >= 33)])
            .collect();
        let picture = Picture::from_rgba8(64, 8, &rgba, "edge").unwrap();
        for (width, height) in [(32, 4), (21, 3), (7, 8), (100, 13)] {
            let planes = picture.resized(width, height);
            let alpha = picture.alpha_at(width, height).unwrap();
            for (value, alpha) in planes.plane(1).iter().zip(alpha) {
                let expected = 128.0 / 255.0;
                let is_seen = alpha > 0.25;
                assert!(
                    !is_seen || (value - expected).abs() < 0.06,
                    "{value} at {width} x {height}"
                );
            }
        }
        assert_eq!(picture.resized(64, 8), picture.planes);
        let opaque = Picture::from_rgba8(2, 1, &[9, 9, 9, 255, 99, 9, 9, 255], "dots").unwrap();
        assert_eq!(opaque.resized(5, 3), opaque.planes.resize(5, 3));
    }

    #[test]
    fn sides_keep_the_aspect_and_never_vanish() {
        let planes = Planes::filled(600, 400, [0.0; 3]);
        assert_eq!(planes.sides_for(300), (300, 200));
        assert_eq!(planes.sides_for(1200), (1200, 800));
        assert_eq!(planes.sides_for(0), (1, 1));
        let thin = Planes::filled(1000, 1, [0.0; 3]);
        assert_eq!(thin.sides_for(10), (10, 1));
        assert_eq!(thin.fit(10).width, 10);
    }
}

//! Antialiased resampling, one axis after the other, on all cores.
//!
//! Called by `transfer` between levels (the image and the optimiser's moments), by `rgba8` and by
//! whoever loads a picture. It works on sRGB values as they are, not on linear light, because the
//! peers do (Pillow, PyTorch) and the networks were trained on pictures reduced like that.
//!
//! Filters: Lanczos with three lobes when reducing, Catmull-Rom (Keys 1981, a = −1/2) when
//! enlarging, each widened by the reduction so that nothing aliases. At the edges the weights that
//! fall outside are left out and the others normalised, so a constant stays that constant.

use rayon::prelude::*;

use super::Planes;

/// How new samples are made of old ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Lanczos, three lobes: sharpest when reducing; overshoots at edges.
    Lanczos3,
    /// Bicubic, a = −1/2: smooth when enlarging; overshoots at edges.
    CatmullRom,
    /// Triangle: never leaves the range of its input, so what is not negative stays so.
    Bilinear,
    /// Mean over the area of each new pixel: fast.
    Area,
}

impl Filter {
    /// Reach to each side in samples of the coarser grid.
    fn support(self) -> f64 {
        match self {
            Self::Lanczos3 => 3.0,
            Self::CatmullRom => 2.0,
            Self::Bilinear => 1.0,
            Self::Area => 0.5,
        }
    }

    /// Weight at distance `x` (not for [`Filter::Area`], whose weights are overlaps).
    fn weight(self, x: f64) -> f64 {
        let x = x.abs();
        match self {
            Self::Lanczos3 if x < 3.0 => sinc(x) * sinc(x / 3.0),
            Self::CatmullRom if x < 1.0 => (1.5 * x - 2.5) * x * x + 1.0,
            Self::CatmullRom if x < 2.0 => ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0,
            Self::Bilinear if x < 1.0 => 1.0 - x,
            _ => 0.0,
        }
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    let angle = std::f64::consts::PI * x;
    angle.sin() / angle
}

/// The weights that turn `from` samples into `to`.
pub(super) struct Axis {
    identity: bool,
    /// Samples each new one is made of; the last of them may have weight 0.
    taps: usize,
    /// First old sample of each new one.
    starts: Vec<usize>,
    /// `taps` weights for each new sample; they add up to 1.
    weights: Vec<f32>,
}

impl Axis {
    pub(super) fn new(from: usize, to: usize, filter: Filter) -> Self {
        assert!(from > 0 && to > 0, "an axis has at least one sample");
        let scale = from as f64 / to as f64;
        let stretch = scale.max(1.0);
        let reach = filter.support() * stretch;
        let taps = ((2.0 * reach).ceil() as usize + 1).min(from);
        let mut starts = Vec::with_capacity(to);
        let mut weights = Vec::with_capacity(to * taps);
        let mut row = vec![0.0; taps];
        for index in 0..to {
            let centre = (index as f64 + 0.5) * scale;
            let start = ((centre - reach).floor().max(0.0) as usize).min(from - taps);
            for (tap, weight) in row.iter_mut().enumerate() {
                let left = (start + tap) as f64;
                *weight = if filter == Filter::Area {
                    let right = (left + 1.0).min(centre + reach);
                    (right - left.max(centre - reach)).max(0.0)
                } else {
                    filter.weight((left + 0.5 - centre) / stretch)
                };
            }
            let sum: f64 = row.iter().sum();
            starts.push(start);
            weights.extend(row.iter().map(|weight| (weight / sum) as f32));
        }
        Self {
            identity: from == to,
            taps,
            starts,
            weights,
        }
    }

    /// One row of old samples to one row of new ones.
    pub(super) fn apply(&self, row: &[f32], out: &mut [f32]) {
        if self.identity {
            out.copy_from_slice(row);
            return;
        }
        for ((out, &start), weights) in out
            .iter_mut()
            .zip(&self.starts)
            .zip(self.weights.chunks_exact(self.taps))
        {
            *out = row[start..start + self.taps]
                .iter()
                .zip(weights)
                .map(|(value, weight)| value * weight)
                .sum();
        }
    }

    /// New row `index` of a plane whose rows are `width` long.
    pub(super) fn mix_rows(&self, plane: &[f32], width: usize, index: usize, out: &mut [f32]) {
        let start = self.starts[index];
        if self.identity {
            out.copy_from_slice(&plane[index * width..(index + 1) * width]);
            return;
        }
        out.fill(0.0);
        let weights = &self.weights[index * self.taps..(index + 1) * self.taps];
        for (row, &weight) in plane[start * width..].chunks_exact(width).zip(weights) {
            if weight != 0.0 {
                for (out, &value) in out.iter_mut().zip(row) {
                    *out = value.mul_add(weight, *out);
                }
            }
        }
    }
}

/// A plane `[H, W]` at another size. Sizes are (width, height); equal sizes give the same values.
///
/// For values that must not become negative (an optimiser's second moments) use
/// [`Filter::Bilinear`]; the other filters overshoot.
///
/// # Panics
/// When a side is 0 or `plane` does not fit `from`.
pub fn resample_plane(
    plane: &[f32],
    from: (usize, usize),
    to: (usize, usize),
    filter: Filter,
) -> Vec<f32> {
    assert_eq!(plane.len(), from.0 * from.1, "the plane is [H, W]");
    let filter_for = |from, to| Axis::new(from, to, filter);
    resample(
        plane,
        from,
        to,
        &filter_for(from.0, to.0),
        &filter_for(from.1, to.1),
    )
}

fn resample(
    plane: &[f32],
    from: (usize, usize),
    to: (usize, usize),
    columns: &Axis,
    rows: &Axis,
) -> Vec<f32> {
    if from == to {
        return plane.to_vec();
    }
    // Rows first, into one row of scratch per thread: the whole intermediate plane is never held.
    let mut out = vec![0.0; to.0 * to.1];
    out.par_chunks_mut(to.0).enumerate().for_each_init(
        || vec![0.0; from.0],
        |mixed, (y, out)| {
            rows.mix_rows(plane, from.0, y, mixed);
            columns.apply(mixed, out);
        },
    );
    out
}

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
                row.iter_mut()
                    .for_each(|value| *value = value.clamp(0.0, 1.0))
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
        let (from, to) = ((self.width, self.height), (width, height));
        let columns = Axis::new(from.0, to.0, sharp_filter(from.0, to.0));
        let rows = Axis::new(from.1, to.1, sharp_filter(from.1, to.1));
        let planes = self.data.chunks_exact(self.pixels());
        Self {
            width,
            height,
            data: planes
                .flat_map(|plane| resample(plane, from, to, &columns, &rows))
                .collect(),
        }
    }

    /// Reduced so that the longest side is `longest_px`, or enlarged to it.
    #[must_use]
    pub fn fit(&self, longest_px: u32) -> Self {
        let (width, height) = self.sides_for(longest_px);
        self.resize(width, height)
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

    const FILTERS: [Filter; 4] = [
        Filter::Lanczos3,
        Filter::CatmullRom,
        Filter::Bilinear,
        Filter::Area,
    ];

    fn waves(width: usize, height: usize) -> Vec<f32> {
        (0..width * height)
            .map(|i| ((i % width) as f32 * 0.9).sin() * ((i / width) as f32 * 0.7).cos())
            .collect()
    }

    #[test]
    fn equal_sizes_change_nothing() {
        let plane = waves(13, 7);
        for filter in FILTERS {
            assert_eq!(resample_plane(&plane, (13, 7), (13, 7), filter), plane);
        }
        let planes = Planes {
            width: 13,
            height: 7,
            data: [plane.clone(), plane.clone(), plane].concat(),
        };
        assert_eq!(planes.resize(13, 7), planes);
    }

    #[test]
    fn an_axis_of_equal_length_changes_nothing_along_it() {
        let plane = waves(1, 9);
        let tall = [plane.clone(), plane.clone()].concat();
        assert_eq!(tall.len(), 18);
        for filter in FILTERS {
            let wide: Vec<f32> = plane.iter().flat_map(|&value| [value; 4]).collect();
            let narrow = resample_plane(&wide, (4, 9), (2, 9), filter);
            for (pair, value) in narrow.chunks_exact(2).zip(&plane) {
                assert!((pair[0] - value).abs() < 1e-6 && (pair[1] - value).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn constants_stay_at_every_size() {
        for filter in FILTERS {
            for to in [(1, 1), (3, 50), (17, 11), (40, 3)] {
                let out = resample_plane(&[0.37; 17 * 11], (17, 11), to, filter);
                assert_eq!(out.len(), to.0 * to.1);
                assert!(out.iter().all(|value| (value - 0.37).abs() < 1e-6));
            }
        }
    }

    #[test]
    fn mirrored_in_is_mirrored_out() {
        let plane = waves(23, 1);
        let mirrored: Vec<f32> = plane.iter().rev().copied().collect();
        for filter in FILTERS {
            for width in [9, 40] {
                let out = resample_plane(&plane, (23, 1), (width, 1), filter);
                let mut back = resample_plane(&mirrored, (23, 1), (width, 1), filter);
                back.reverse();
                for (a, b) in out.iter().zip(&back) {
                    assert!((a - b).abs() < 1e-5, "{filter:?} {width}");
                }
            }
        }
    }

    #[test]
    fn both_axes_are_treated_alike() {
        let plane = waves(12, 8);
        let turned: Vec<f32> = (0..96).map(|i| plane[(i % 8) * 12 + i / 8]).collect();
        for filter in FILTERS {
            let out = resample_plane(&plane, (12, 8), (5, 19), filter);
            let other = resample_plane(&turned, (8, 12), (19, 5), filter);
            for y in 0..19 {
                for x in 0..5 {
                    assert!((out[y * 5 + x] - other[x * 19 + y]).abs() < 1e-5);
                }
            }
        }
    }

    #[test]
    fn straight_lines_stay_straight_inside() {
        let line: Vec<f32> = (0..40u8).map(f32::from).collect();
        for filter in [Filter::CatmullRom, Filter::Bilinear] {
            let out = resample_plane(&line, (40, 1), (80, 1), filter);
            for i in 10..70 {
                let expected = 0.5 * i as f32 - 0.25;
                assert!((out[i] - expected).abs() < 1e-4, "{} {expected}", out[i]);
            }
        }
    }

    #[test]
    fn the_finest_stripes_average_away() {
        let stripes: Vec<f32> = (0..256).map(|i| (i % 2) as f32).collect();
        for filter in FILTERS {
            let out = resample_plane(&stripes, (256, 1), (64, 1), filter);
            let inside = &out[4..60];
            assert!(
                inside.iter().all(|value| (value - 0.5).abs() < 0.02),
                "{filter:?} aliases: {inside:?}"
            );
        }
    }

    #[test]
    fn bilinear_and_area_never_leave_the_range() {
        let spikes: Vec<f32> = (0..300).map(|i| f32::from(u8::from(i % 7 == 0))).collect();
        for filter in [Filter::Bilinear, Filter::Area] {
            for to in [(45, 33), (7, 3)] {
                let out = resample_plane(&spikes, (20, 15), to, filter);
                assert!(out.iter().all(|value| (0.0..=1.0 + 1e-6).contains(value)));
            }
        }
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
    fn sides_keep_the_aspect_and_never_vanish() {
        let planes = Planes::filled(600, 400, [0.0; 3]);
        assert_eq!(planes.sides_for(300), (300, 200));
        assert_eq!(planes.sides_for(1200), (1200, 800));
        assert_eq!(planes.sides_for(0), (1, 1));
        let thin = Planes::filled(1000, 1, [0.0; 3]);
        assert_eq!(thin.sides_for(10), (10, 1));
        assert_eq!(thin.fit(10).width, 10);
    }

    #[test]
    fn values_match_pillow() {
        // Pillow 13, Image.resize of mode F: [0, 1, 4, 9, 16, 25, 36, 49] to 3 and to 12 samples.
        let squares: Vec<f32> = (0..8u8).map(|i| f32::from(i * i)).collect();
        for (filter, to, expected) in PILLOW {
            let out = resample_plane(&squares, (8, 1), (to, 1), filter);
            for (a, b) in out.iter().zip(expected) {
                assert!((a - b).abs() < 2e-4, "{filter:?}: {out:?}");
            }
        }
    }

    const PILLOW: [(Filter, usize, &[f32]); 5] = [
        (Filter::Lanczos3, 3, &[0.6575, 12.2500, 38.3015]),
        (Filter::CatmullRom, 3, &[1.0358, 12.7186, 37.4853]),
        (
            Filter::CatmullRom,
            12,
            &[
                -0.0658, 0.2941, 1.3611, 3.3611, 6.2500, 10.0278, 14.6944, 20.2500, 26.6944,
                34.0278, 43.5294, 49.8553,
            ],
        ),
        (
            Filter::Bilinear,
            12,
            &[
                0.0000, 0.5000, 1.5000, 3.5000, 6.5000, 10.1667, 14.8333, 20.5000, 26.8333,
                34.1667, 42.5000, 49.0000,
            ],
        ),
        (Filter::Bilinear, 3, &[2.0526, 13.4524, 35.5789]),
    ];
}

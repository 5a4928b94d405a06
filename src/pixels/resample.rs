//! Antialiased resampling of a plane, one axis after the other, on all cores.
//!
//! Called by `resize`, by `rgba8` and, for the optimizer's moments, by `transfer`. It knows nothing of
//! colors and never clamps. Every filter is widened by the reduction, so that nothing aliases; at the
//! edges the weights that fall outside are left out and the others normalized, so a constant stays
//! that constant. Sources: Keys 1981 (bicubic, a = −1/2); Duchon 1979 (Lanczos).

use rayon::prelude::*;

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
            let center = (index as f64 + 0.5) * scale;
            let start = ((center - reach).floor().max(0.0) as usize).min(from - taps);
            for (tap, weight) in row.iter_mut().enumerate() {
                let left = (start + tap) as f64;
                *weight = if filter == Filter::Area {
                    let right = (left + 1.0).min(center + reach);
                    (right - left.max(center - reach)).max(0.0)
                } else {
                    filter.weight((left + 0.5 - center) / stretch)
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
                    *out += value * weight;
                }
            }
        }
    }
}

/// A plane `[H, W]` at another size. Sizes are (width, height); equal sizes give the same values.
///
/// For values that must not become negative (an optimizer's second moments) use
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
    let columns = Axis::new(from.0, to.0, filter);
    let rows = Axis::new(from.1, to.1, filter);
    let mut out = vec![0.0; to.0 * to.1];
    resample(plane, from.0, &columns, &rows, &mut out);
    out
}

/// `plane` with rows of `width` samples, through both axes.
pub(super) fn resample(plane: &[f32], width: usize, columns: &Axis, rows: &Axis, out: &mut [f32]) {
    // Across the rows first, into one row of scratch per thread: no intermediate plane is held.
    out.par_chunks_mut(columns.starts.len())
        .enumerate()
        .for_each_init(
            || vec![0.0; width],
            |mixed, (y, out)| {
                rows.mix_rows(plane, width, y, mixed);
                columns.apply(mixed, out);
            },
        );
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
    }

    #[test]
    fn an_axis_of_equal_length_is_left_alone() {
        let plane = waves(1, 9);
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
    fn waves_too_fine_for_the_new_grid_vanish() {
        // 0.4 waves a sample; a fourth of the samples holds 0.125 at most.
        let fine: Vec<f32> = (0..256)
            .map(|i| (std::f32::consts::TAU * 0.4 * i as f32).cos())
            .collect();
        for filter in [Filter::Lanczos3, Filter::CatmullRom, Filter::Bilinear] {
            let out = resample_plane(&fine, (256, 1), (64, 1), filter);
            let inside = &out[4..60];
            assert!(
                inside.iter().all(|value| value.abs() < 0.06),
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

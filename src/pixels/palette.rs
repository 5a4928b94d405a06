//! The colors of a picture as a normal distribution of OkLab's a and b, and the map that takes one
//! such distribution to another.
//!
//! Called by `hues` and, once for each style image of a run, by `transfer`. Source of the map:
//! optimal transport between Gaussians, Pitié and Kokaram 2007, "The linear Monge-Kantorovitch
//! linear colour mapping for example-based colour transfer".

use super::{Planes, oklab::oklab_from_srgb};

/// Samples along a side at most: colors need no more.
const SAMPLES: usize = 512;

/// Variance below which a direction of color holds nothing but the rounding of 8-bit values. It is
/// flattened instead of amplified.
const ROUNDING_VARIANCE: f64 = 1e-6;

/// Colors are stretched by this factor at the most: a nearly gray picture has blotches of
/// compression instead of colors.
const MOST_GAIN: f64 = 8.0;

type Matrix = [[f64; 2]; 2];

/// Mean and covariance of a and b.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    mean: [f64; 2],
    covariance: Matrix,
}

impl Palette {
    /// The colors of `image`, each pixel with a weight of 0 or more by its index, row by row. A
    /// picture without any weight is gray.
    pub fn of(image: &Planes, weight: impl Fn(usize) -> f32) -> Self {
        let pixels = image.pixels();
        let sampled = |length: usize| (0..length).step_by(length.div_ceil(SAMPLES));
        let places = sampled(image.height)
            .flat_map(|y| sampled(image.width).map(move |x| y * image.width + x));
        Self::of_samples(places.map(|at| {
            let rgb = [0, 1, 2].map(|channel| image.data[channel * pixels + at]);
            let [_, a, b] = oklab_from_srgb(rgb);
            ([a, b], weight(at))
        }))
    }

    /// The same of colors and their weights.
    pub(super) fn of_samples(samples: impl Iterator<Item = ([f32; 2], f32)>) -> Self {
        let (mut total, mut sum, mut squares) = (0.0, [0.0; 2], [[0.0; 2]; 2]);
        for (color, weight) in samples {
            let (color, weight) = (color.map(f64::from), f64::from(weight));
            total += weight;
            for i in 0..2 {
                sum[i] += weight * color[i];
                for j in 0..2 {
                    squares[i][j] += weight * color[i] * color[j];
                }
            }
        }
        let over = if total > 0.0 { total.recip() } else { 0.0 };
        let mean = sum.map(|value| value * over);
        let mut covariance = squares;
        for i in 0..2 {
            for j in 0..2 {
                covariance[i][j] = squares[i][j] * over - mean[i] * mean[j];
            }
        }
        Self { mean, covariance }
    }

    /// The map that gives colors like these mean and covariance of `toward` and moves them the
    /// least: A = Σ^−½ (Σ^½ Σ′ Σ^½)^½ Σ^−½. Where colors do not vary it leaves nothing but the mean.
    pub(super) fn map_to(&self, toward: &Self) -> ColorMap {
        let root = spectral(&self.covariance, |variance| variance.max(0.0).sqrt());
        let inverse_root = spectral(&self.covariance, |variance| {
            if variance > ROUNDING_VARIANCE {
                variance.sqrt().recip()
            } else {
                0.0
            }
        });
        let inner = product(&product(&root, &toward.covariance), &root);
        let inner_root = spectral(&inner, |variance| variance.max(0.0).sqrt());
        let map = product(&product(&inverse_root, &inner_root), &inverse_root);
        let linear = spectral(&map, |gain| gain.min(MOST_GAIN));
        let moved = |i: usize| linear[i][0] * self.mean[0] + linear[i][1] * self.mean[1];
        ColorMap {
            linear: linear.map(|row| row.map(|value| value as f32)),
            offset: [0, 1].map(|i| (toward.mean[i] - moved(i)) as f32),
        }
    }
}

/// An affine map of a and b.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColorMap {
    linear: [[f32; 2]; 2],
    offset: [f32; 2],
}

impl ColorMap {
    /// Where a color goes.
    pub(super) fn apply(&self, [a, b]: [f32; 2]) -> [f32; 2] {
        [0, 1].map(|i| self.linear[i][0] * a + self.linear[i][1] * b + self.offset[i])
    }
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    [0, 1].map(|i| [0, 1].map(|j| a[i][0] * b[0][j] + a[i][1] * b[1][j]))
}

/// V f(Λ) Vᵀ of a symmetric matrix V Λ Vᵀ.
fn spectral([[p, q], [_, r]]: &Matrix, f: impl Fn(f64) -> f64) -> Matrix {
    let (middle, half) = (0.5 * (p + r), 0.5 * (p - r));
    let radius = half.hypot(*q);
    let (large, small) = (f(middle + radius), f(middle - radius));
    // V rotates by half the angle of (half, q).
    let (sine, cosine) = (0.5 * q.atan2(half)).sin_cos();
    let (mean, spread) = (0.5 * (large + small), 0.5 * (large - small));
    let turned = spread * (cosine * cosine - sine * sine);
    let mixed = spread * 2.0 * sine * cosine;
    [[mean + turned, mixed], [mixed, mean - turned]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: &Palette, b: &Palette, tolerance: f64) -> bool {
        let of = |p: &Palette| [p.mean, p.covariance[0], p.covariance[1]].concat();
        let pairs = of(a).into_iter().zip(of(b));
        pairs.fold(true, |near, (a, b)| near && (a - b).abs() < tolerance)
    }

    /// Colors that vary in both directions, made by formula.
    fn colors(phase: f32, spread: [f32; 2]) -> Vec<[f32; 2]> {
        let color = |at: u16| {
            let t = f32::from(at) * 0.37 + phase;
            let (u, v) = (t.sin(), (1.7 * t).cos());
            [
                0.02 + spread[0] * u,
                -0.01 + spread[1] * (0.6 * v + 0.3 * u),
            ]
        };
        (0..500).map(color).collect()
    }

    fn palette(colors: &[[f32; 2]]) -> Palette {
        Palette::of_samples(colors.iter().map(|&color| (color, 1.0)))
    }

    #[test]
    fn mapped_colors_have_mean_and_covariance_of_the_others() {
        let (from, toward) = (colors(0.0, [0.05, 0.02]), colors(2.0, [0.03, 0.09]));
        let map = palette(&from).map_to(&palette(&toward));
        let mapped: Vec<_> = from.iter().map(|&color| map.apply(color)).collect();
        assert!(near(&palette(&mapped), &palette(&toward), 1e-6));
        let same = palette(&from).map_to(&palette(&from));
        for &color in &from {
            let moved = same.apply(color);
            assert!((0..2).all(|i| (moved[i] - color[i]).abs() < 1e-6));
        }
    }

    #[test]
    fn colors_that_do_not_vary_become_the_mean_and_little_variety_is_not_blown_up() {
        let toward = palette(&colors(1.0, [0.1, 0.1]));
        let map = palette(&[[0.1, 0.05]]).map_to(&toward);
        let moved = map.apply([0.3, -0.3]);
        assert!((0..2).all(|i| (f64::from(moved[i]) - toward.mean[i]).abs() < 1e-6));
        let faint = palette(&colors(0.0, [0.004, 0.004]));
        let map = faint.map_to(&toward);
        let gain = f64::from(map.linear[0][0]).max(f64::from(map.linear[1][1]));
        assert!(gain > 2.0 && gain <= MOST_GAIN + 1e-6, "{gain}");
    }

    #[test]
    fn pixels_count_by_their_weights() {
        let mut image = Planes::filled(1200, 2, [1.0, 0.0, 0.0]);
        image.data[..1200].fill(0.0);
        image.data[4800..6000].fill(1.0);
        let lower = Palette::of(&image, |at| f32::from(u8::from(at >= 1200)));
        let red = oklab_from_srgb([1.0, 0.0, 0.0]);
        assert!((0..2).all(|i| (lower.mean[i] - f64::from(red[i + 1])).abs() < 1e-6));
        assert!(near(
            &Palette::of(&image, |_| 0.0),
            &palette(&[[0.0; 2]]),
            1e-12
        ));
    }
}

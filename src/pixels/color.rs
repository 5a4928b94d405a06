//! The content image's colors for the result, in two ways.
//!
//! Called by `transfer` and `app`. Source: Gatys, Bethge, Hertzmann, Shechtman 2016, "Preserving
//! Color in Neural Artistic Style Transfer": luminance-only transfer (section 3.2) and color
//! matching of the style image before the run (section 3.1).
//!
//! Differs from the paper: the linear map is the symmetric one of optimal transport between
//! Gaussians (Pitié and Kokaram 2007) and not the product of two square roots, because both match
//! mean and covariance and this one moves colors the least.

use rayon::prelude::*;

use super::Planes;

/// Luma weights of R, G and B (ITU-R BT.601, the Y of YIQ), which the paper uses.
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];

/// Variance below which a direction of color holds nothing but the rounding of 8-bit values, a
/// uniform error of one step: (1/255)²/12. Such a direction is flattened instead of amplified, so
/// a gray style image stays gray and a constant one becomes the other's mean.
const ROUNDING_VARIANCE: f64 = 1.0 / (255.0 * 255.0 * 12.0);

type Matrix = [[f64; 3]; 3];

/// The brightness of `result` with the chroma of `content`, clamped to 0..1.
///
/// Y′ = Y(result); R, G and B of `content` all move by Y′ − Y(content), which leaves I and Q of YIQ
/// (and U and V of YUV) as they are.
///
/// # Panics
/// When the sizes differ.
#[must_use]
pub fn keep_content_colors(result: &Planes, content: &Planes) -> Planes {
    let mut out = with_luma_of(result, content);
    clamp(&mut out);
    out
}

fn with_luma_of(result: &Planes, content: &Planes) -> Planes {
    assert_eq!(
        (result.width, result.height),
        (content.width, content.height),
        "result and content image have one size"
    );
    let pixels = content.pixels();
    let luma = |planes: &Planes, at: usize| -> f32 {
        (0..3).map(|c| LUMA[c] * planes.data[c * pixels + at]).sum()
    };
    let change: Vec<f32> = (0..pixels)
        .into_par_iter()
        .map(|at| luma(result, at) - luma(content, at))
        .collect();
    let mut out = content.clone();
    out.data.par_chunks_exact_mut(pixels).for_each(|plane| {
        for (value, change) in plane.iter_mut().zip(&change) {
            *value += change;
        }
    });
    out
}

/// `image` with the mean and the covariance of the colors of `toward`, clamped to 0..1.
///
/// x ↦ A(x − μ) + μ′ with A = Σ^−½ (Σ^½ Σ′ Σ^½)^½ Σ^−½. Directions of color in which `image` does
/// not vary cannot be stretched; they stay flat.
#[must_use]
pub fn recolor(image: &Planes, toward: &Planes) -> Planes {
    let mut out = matched(image, toward);
    clamp(&mut out);
    out
}

fn matched(image: &Planes, toward: &Planes) -> Planes {
    let (mean, covariance) = color_statistics(image);
    let (target_mean, target_covariance) = color_statistics(toward);
    let root = spectral(&covariance, |variance| variance.max(0.0).sqrt());
    let inverse_root = spectral(&covariance, |variance| {
        if variance > ROUNDING_VARIANCE {
            variance.sqrt().recip()
        } else {
            0.0
        }
    });
    let inner = product(&product(&root, &target_covariance), &root);
    let inner_root = spectral(&inner, |variance| variance.max(0.0).sqrt());
    let map = product(&product(&inverse_root, &inner_root), &inverse_root);
    let pixels = image.pixels();
    let mut data = vec![0.0; 3 * pixels];
    for (channel, plane) in data.chunks_exact_mut(pixels).enumerate() {
        let row = map[channel];
        plane.par_iter_mut().enumerate().for_each(|(at, value)| {
            let moved: f64 = (0..3)
                .map(|c| row[c] * (f64::from(image.data[c * pixels + at]) - mean[c]))
                .sum();
            *value = (moved + target_mean[channel]) as f32;
        });
    }
    Planes {
        width: image.width,
        height: image.height,
        data,
    }
}

fn clamp(planes: &mut Planes) {
    planes
        .data
        .par_iter_mut()
        .for_each(|value| *value = value.clamp(0.0, 1.0));
}

/// Mean and covariance (divided by the number of pixels) of R, G, B.
fn color_statistics(planes: &Planes) -> ([f64; 3], Matrix) {
    let count = planes.pixels() as f64;
    let mean = [0, 1, 2].map(|c| {
        let sum: f64 = planes
            .plane(c)
            .par_iter()
            .map(|&value| f64::from(value))
            .sum();
        sum / count
    });
    let mut covariance = [[0.0; 3]; 3];
    for a in 0..3 {
        for b in a..3 {
            let sum: f64 = planes
                .plane(a)
                .par_iter()
                .zip(planes.plane(b))
                .map(|(&x, &y)| (f64::from(x) - mean[a]) * (f64::from(y) - mean[b]))
                .sum();
            covariance[a][b] = sum / count;
            covariance[b][a] = covariance[a][b];
        }
    }
    (mean, covariance)
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let mut out = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            out[i][j] = (0..3).map(|k| a[i][k] * b[k][j]).sum();
        }
    }
    out
}

/// V f(Λ) Vᵀ of a symmetric matrix V Λ Vᵀ.
fn spectral(matrix: &Matrix, f: impl Fn(f64) -> f64) -> Matrix {
    let (values, vectors) = eigen(matrix);
    let mut out = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            out[i][j] = (0..3)
                .map(|k| vectors[i][k] * f(values[k]) * vectors[j][k])
                .sum();
        }
    }
    out
}

/// Eigenvalues and, in columns, eigenvectors of a symmetric matrix, by cyclic Jacobi rotations
/// (Golub and Van Loan, section 8.5): exact to rounding for 3 by 3 after a few sweeps.
fn eigen(matrix: &Matrix) -> ([f64; 3], Matrix) {
    // Convergence is quadratic: five sweeps reach rounding, the rest is margin.
    const SWEEPS: usize = 12;
    let mut a = *matrix;
    let mut vectors = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    for _ in 0..SWEEPS {
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            if a[p][q] == 0.0 {
                continue;
            }
            let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
            let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
            let cosine = tangent.hypot(1.0).recip();
            let sine = tangent * cosine;
            for row in &mut a {
                (row[p], row[q]) = rotated(row[p], row[q], cosine, sine);
            }
            for k in 0..3 {
                (a[p][k], a[q][k]) = rotated(a[p][k], a[q][k], cosine, sine);
            }
            for row in &mut vectors {
                (row[p], row[q]) = rotated(row[p], row[q], cosine, sine);
            }
        }
    }
    ([a[0][0], a[1][1], a[2][2]], vectors)
}

fn rotated(x: f64, y: f64, cosine: f64, sine: f64) -> (f64, f64) {
    (cosine * x - sine * y, sine * x + cosine * y)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture whose colors vary in all directions, made by formula.
    fn colorful(width: usize, height: usize, phase: f32) -> Planes {
        let mut planes = Planes::filled(width, height, [0.0; 3]);
        for at in 0..width * height {
            let t = at as f32 * 0.37 + phase;
            planes.data[at] = 0.5 + 0.2 * t.sin();
            planes.data[width * height + at] = 0.4 + 0.1 * (1.7 * t).cos() + 0.1 * t.sin();
            planes.data[2 * width * height + at] = 0.6 + 0.15 * (2.9 * t + phase).sin();
        }
        planes
    }

    fn gray(width: usize, height: usize) -> Planes {
        let plane: Vec<f32> = (0..width * height)
            .map(|i| 0.3 + 0.4 * (i as f32).sin())
            .collect();
        Planes {
            width,
            height,
            data: [plane.clone(), plane.clone(), plane].concat(),
        }
    }

    #[test]
    fn luma_comes_from_the_result_and_chroma_from_the_content() {
        let (result, content) = (colorful(9, 7, 2.0), colorful(9, 7, 0.0));
        let out = with_luma_of(&result, &content);
        for at in 0..63 {
            let rgb = |planes: &Planes| [0, 1, 2].map(|c| planes.plane(c)[at]);
            let luma = |[r, g, b]: [f32; 3]| 0.299 * r + 0.587 * g + 0.114 * b;
            let (o, r, c) = (rgb(&out), rgb(&result), rgb(&content));
            assert!((luma(o) - luma(r)).abs() < 1e-6);
            assert!(((o[0] - o[1]) - (c[0] - c[1])).abs() < 1e-6);
            assert!(((o[2] - o[1]) - (c[2] - c[1])).abs() < 1e-6);
        }
    }

    #[test]
    fn own_colors_change_nothing() {
        let image = colorful(9, 7, 1.0);
        for out in [keep_content_colors(&image, &image), recolor(&image, &image)] {
            for (a, b) in out.data.iter().zip(&image.data) {
                assert!((a - b).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn results_are_clamped() {
        let white = Planes::filled(3, 3, [1.0; 3]);
        let red = Planes::filled(3, 3, [0.9, 0.1, 0.1]);
        let out = keep_content_colors(&white, &red);
        assert!((0..9).all(|at| out.data[at] >= 1.0));
        assert!(out.data.iter().all(|value| (0.0..=1.0).contains(value)));
    }

    #[test]
    fn mean_and_covariance_are_matched() {
        let (image, toward) = (colorful(40, 30, 0.0), colorful(25, 35, 4.0));
        let (mean, covariance) = color_statistics(&matched(&image, &toward));
        let (target_mean, target_covariance) = color_statistics(&toward);
        for a in 0..3 {
            assert!((mean[a] - target_mean[a]).abs() < 1e-6);
            for b in 0..3 {
                assert!((covariance[a][b] - target_covariance[a][b]).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn images_without_color_or_contrast_stay_finite() {
        let (flat, color) = (Planes::filled(8, 8, [0.2, 0.5, 0.7]), colorful(8, 8, 0.0));
        let (target_mean, _) = color_statistics(&color);
        let out = matched(&flat, &color);
        for channel in 0..3 {
            for &value in out.plane(channel) {
                assert!((f64::from(value) - target_mean[channel]).abs() < 1e-6);
            }
        }
        let out = matched(&color, &flat);
        for (value, expected) in out.data.iter().zip(&flat.data) {
            assert!((value - expected).abs() < 1e-6);
        }
        // A gray image toward colors keeps one direction: the brightness order of its pixels.
        let gray = gray(8, 8);
        let out = matched(&gray, &color);
        let (mean, covariance) = color_statistics(&out);
        assert!((0..3).all(|c| (mean[c] - target_mean[c]).abs() < 1e-6));
        let determinant_of_two = covariance[0][0] * covariance[1][1] - covariance[0][1].powi(2);
        assert!(determinant_of_two.abs() < 1e-9);
        assert!(out.data.iter().all(|value| value.is_finite()));
    }

    #[test]
    fn rounding_noise_is_not_amplified_into_color() {
        let mut noisy = gray(64, 64);
        for (at, value) in noisy.data.iter_mut().enumerate() {
            let byte = (*value * 255.0).round() + f32::from(u8::from(at % 17 == 0));
            *value = byte / 255.0;
        }
        let out = matched(&noisy, &colorful(64, 64, 0.0));
        assert!(out.data.iter().all(|value| (-1.0..2.0).contains(value)));
        let spread = out.plane(0).iter().zip(out.plane(2)).zip(noisy.plane(0));
        let mut slopes = spread
            .map(|((r, b), gray)| (gray, r - b))
            .collect::<Vec<_>>();
        slopes.sort_by(|a, b| a.0.total_cmp(b.0));
        for pair in slopes.windows(2) {
            if (pair[0].0 - pair[1].0).abs() < 1e-6 {
                assert!((pair[0].1 - pair[1].1).abs() < 0.02, "{pair:?}");
            }
        }
    }

    #[test]
    fn eigenvectors_rebuild_the_matrix() {
        let matrix = [[4.0, 1.0, -2.0], [1.0, 2.0, 0.5], [-2.0, 0.5, 3.0]];
        let rebuilt = spectral(&matrix, |value| value);
        let root = spectral(&matrix, f64::sqrt);
        let squared = product(&root, &root);
        for i in 0..3 {
            for j in 0..3 {
                assert!((rebuilt[i][j] - matrix[i][j]).abs() < 1e-12);
                assert!((squared[i][j] - matrix[i][j]).abs() < 1e-12);
            }
        }
        let (values, _) = eigen(&matrix);
        assert!((values.iter().sum::<f64>() - 9.0).abs() < 1e-12);
    }
}

//! Whether strokes follow the forms: the orientation of a picture's texture held against that of the
//! content image's contours.
//!
//! Both are read from structure tensors, the mean of ∇L ∇Lᵀ over a neighborhood (Bigün and Granlund
//! 1987): those of the picture over the width of a stroke, those of the content image over a wide
//! neighborhood of its smoothed luminance, so that a contour has a direction around it as well.

use rayon::prelude::*;

use super::Planar;
use crate::error::{Error, Result};

/// Deviations of the blurs as shares of the longest side: before the content image's gradient is
/// taken, and over which tensors are averaged.
const CONTENT_BLUR: f32 = 1.0 / 100.0;
const CONTENT_REACH: f32 = 1.0 / 30.0;
const STROKE_REACH: f32 = 1.0 / 100.0;
/// No blur is narrower than this many pixels.
const LEAST_REACH: f32 = 1.0;
/// Squared gradients below this are rounding.
const FLAT: f32 = 1e-9;

/// How well the strokes of `picture` run along the contours of `content`, -1 (across) over 0 (without
/// relation) to 1 (along): the mean of cos 2Δ over all pixels, Δ the angle between both, weighed by
/// how much of one orientation the picture has there and by how steep the content image is. 0 where
/// either has none.
///
/// Catches strokes that ignore the forms, a texture that runs in one direction through everything,
/// and noise instead of strokes. Misses whether there are strokes at all: the photograph itself has a
/// high value, because its contours follow themselves; and of areas without contours it says nothing.
/// Read it beside the nearest patches.
///
/// # Errors
/// When the sides differ.
pub fn strokes(content: Planar<'_>, picture: Planar<'_>) -> Result<f64> {
    let sides = (content.height, content.width);
    if sides != (picture.height, picture.width) {
        return Err(Error::Internal(format!(
            "strokes of {}x{} pixels held against contours of {}x{}",
            picture.width, picture.height, content.width, content.height
        )));
    }
    let longest = sides.0.max(sides.1) as f32;
    let reach = |share: f32| (share * longest).max(LEAST_REACH);
    let smooth = blurred(&content.luminance(), sides, reach(CONTENT_BLUR));
    let contours = Orientation::of(&smooth, sides, reach(CONTENT_REACH));
    let strokes = Orientation::of(&picture.luminance(), sides, reach(STROKE_REACH));
    let (mut sum, mut total) = (0.0, 0.0);
    for at in 0..smooth.len() {
        let (of_content, of_picture) = (contours.at(at), strokes.at(at));
        let steep = of_content.0.hypot(of_content.1);
        let oriented = of_picture.0.hypot(of_picture.1);
        if steep < FLAT || strokes.energy[at] < FLAT {
            continue;
        }
        let along =
            (of_content.0 * of_picture.0 + of_content.1 * of_picture.1) / (steep * oriented);
        let weight = f64::from(oriented / strokes.energy[at] * steep.sqrt());
        if along.is_finite() {
            sum += weight * f64::from(along);
            total += weight;
        }
    }
    Ok(if total > 0.0 { sum / total } else { 0.0 })
}

/// Mean squared gradients and their orientation as a vector of twice the angle.
struct Orientation {
    /// `gx² − gy²` and `2 gx gy`, averaged.
    double: [Vec<f32>; 2],
    /// `gx² + gy²`, averaged.
    energy: Vec<f32>,
}

impl Orientation {
    fn of(plane: &[f32], sides: (usize, usize), reach: f32) -> Self {
        let (height, width) = sides;
        let gradient = |at: usize| {
            let (y, x) = (at / width, at % width);
            let value = |y: usize, x: usize| plane[y * width + x];
            let across = value(y, (x + 1).min(width - 1)) - value(y, x.saturating_sub(1));
            let down = value((y + 1).min(height - 1), x) - value(y.saturating_sub(1), x);
            (across, down)
        };
        let averaged = |f: fn(f32, f32) -> f32| {
            let values: Vec<f32> = (0..plane.len())
                .into_par_iter()
                .map(|at| {
                    let (across, down) = gradient(at);
                    f(across, down)
                })
                .collect();
            blurred(&values, sides, reach)
        };
        Self {
            double: [averaged(|x, y| x * x - y * y), averaged(|x, y| 2.0 * x * y)],
            energy: averaged(|x, y| x * x + y * y),
        }
    }

    fn at(&self, at: usize) -> (f32, f32) {
        (self.double[0][at], self.double[1][at])
    }
}

/// A plane blurred by a Gaussian, edges repeated.
fn blurred(plane: &[f32], (height, width): (usize, usize), deviation: f32) -> Vec<f32> {
    let radius = (3.0 * deviation).ceil() as usize;
    let weight = |at: usize| (-0.5 * (at.abs_diff(radius) as f32 / deviation).powi(2)).exp();
    let weights: Vec<f32> = (0..=2 * radius).map(weight).collect();
    let total: f32 = weights.iter().sum();
    let near =
        |at: usize, tap: usize, length: usize| (at + tap).saturating_sub(radius).min(length - 1);
    let along = |read: &dyn Fn(usize) -> f32| {
        let taps = weights.iter().enumerate();
        taps.map(|(tap, weight)| weight * read(tap)).sum::<f32>() / total
    };
    let across: Vec<f32> = (0..plane.len())
        .into_par_iter()
        .map(|at| {
            let (start, x) = (at / width * width, at % width);
            along(&|tap| plane[start + near(x, tap, width)])
        })
        .collect();
    (0..plane.len())
        .into_par_iter()
        .map(|at| {
            let (y, x) = (at / width, at % width);
            along(&|tap| across[near(y, tap, height) * width + x])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loss::finite_differences::noise_map;

    const SIDES: (usize, usize) = (90, 120);

    fn gray(value: impl Fn(f32, f32) -> f32) -> Vec<f32> {
        let (height, width) = SIDES;
        let plane = (0..height * width).map(|at| value((at % width) as f32, (at / width) as f32));
        plane.collect::<Vec<f32>>().repeat(3)
    }

    fn compared(content: &[f32], picture: &[f32]) -> f64 {
        let planar = |data| Planar::new(data, SIDES.0, SIDES.1).unwrap();
        strokes(planar(content), planar(picture)).unwrap()
    }

    #[test]
    fn stripes_along_a_contour_are_told_from_stripes_across() {
        // A contour that runs down, and stripes at angles to it.
        let content = gray(|x, _| if x < 60.0 { 0.3 } else { 0.7 });
        let stripes = |angle: f32| {
            gray(move |x, y| {
                let (sine, cosine) = angle.to_radians().sin_cos();
                0.5 + 0.2 * (x * cosine + y * sine).sin()
            })
        };
        let [along, slanted, across] =
            [0.0, 45.0, 90.0].map(|angle| compared(&content, &stripes(angle)));
        assert!(along > 0.95 && across < -0.95, "{along} {across}");
        assert!(slanted.abs() < 0.1, "{slanted}");
        assert!(compared(&content, &content) > 0.95);
    }

    #[test]
    fn rings_follow_a_disc_and_rays_do_not() {
        let from_center = |x: f32, y: f32| (x - 60.0).hypot(y - 45.0);
        let disc = gray(|x, y| if from_center(x, y) < 25.0 { 0.8 } else { 0.3 });
        let rings = gray(|x, y| 0.5 + 0.2 * from_center(x, y).sin());
        let rays = gray(|x, y| 0.5 + 0.2 * (24.0 * (y - 45.0).atan2(x - 60.0)).sin());
        let (rings, rays) = (compared(&disc, &rings), compared(&disc, &rays));
        assert!(rings > 0.9 && rays < -0.8, "{rings} {rays}");
    }

    #[test]
    fn without_orientation_there_is_no_answer_but_0() {
        let flat = gray(|_, _| 0.4);
        let contour = gray(|x, _| if x < 60.0 { 0.3 } else { 0.7 });
        assert_eq!(compared(&flat, &contour), 0.0);
        assert_eq!(compared(&contour, &flat), 0.0);
        let noise = noise_map(1, SIDES.0, SIDES.1, 1).flatten_all().unwrap();
        let noise = noise.to_vec1::<f32>().unwrap();
        let noise = gray(|x, y| noise[y as usize * SIDES.1 + x as usize]);
        assert!(compared(&contour, &noise).abs() < 0.3);
        for (height, width) in [(1, 1), (1, 40), (40, 1)] {
            let data: Vec<f32> = (0..3 * height * width)
                .map(|at| (at as f32).sin())
                .collect();
            let planar = Planar::new(&data, height, width).unwrap();
            assert!(strokes(planar, planar).unwrap().is_finite());
        }
        let small = [0.5; 12];
        let (small, large) = (
            Planar::new(&small, 2, 2).unwrap(),
            Planar::new(&flat, SIDES.0, SIDES.1).unwrap(),
        );
        assert!(strokes(small, large).is_err());
    }
}

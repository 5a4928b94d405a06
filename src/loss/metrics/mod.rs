//! Metrics of finished pictures: how much content was kept, how near the style is. Deterministic,
//! and made of features and statistics that a run did not optimize, so that different measures
//! and programs can be compared fairly.
//!
//! Content: [`self_similarity`] at [`CONTENT_LAYER`], [`edge_correlation`] of pixels. Style:
//! [`feature_distance`] at [`STYLE_LAYERS`], and [`picture_distance`] without any network. Measure
//! with another network than the one that painted, or at layers it did not use. A distance means
//! something relative to another: divide by that of content image and style image (1: nothing
//! of the style; the distance of two halves of the style image: all of it).
//!
//! The look: [`patch_use`] (whether strokes are those of the style, and whether a few are stamped all
//! over) and [`strokes`] (whether they follow the forms). These have units of their own.

mod patch_use;
mod planar;
mod pyramid;
mod strokes;

use candle_core::{Device, Tensor};

use self::pyramid::Level;
pub use self::{
    patch_use::{PATCH_LAYER, PatchUse, patch_px, patch_use},
    planar::Planar,
    strokes::strokes,
};
use super::{
    JointMeasure as _,
    draws::{Draws, directions},
    self_similarity::SelfSimilarity,
    sliced_wasserstein::compare_rows,
};
use crate::{
    error::{Error, Result},
    features::Features,
    network::Layer,
};

/// Where [`self_similarity`] is to be looked at.
pub const CONTENT_LAYER: Layer = Layer::new(3, 3);

/// Where [`feature_distance`] is to be looked at: layers that few recipes optimize.
pub const STYLE_LAYERS: [Layer; 4] = [
    Layer::new(1, 2),
    Layer::new(2, 2),
    Layer::new(3, 3),
    Layer::new(4, 3),
];

/// Every metric draws from this seed, so that two of them can be compared.
const SEED: u64 = 2016;
/// Directions of projections.
const DIRECTIONS: usize = 128;
/// Levels of the pyramid of [`picture_distance`].
const LEVELS: usize = 3;

/// How different two pictures are in what is like what within each, 0 (the same) to 2.
/// See [`super::self_similarity`].
///
/// # Errors
/// When the maps have different numbers of channels, or the device fails.
pub fn self_similarity(content: &dyn Features, picture: &dyn Features) -> Result<f64> {
    let mut measure = SelfSimilarity::target(&[content], SEED)?;
    Ok(measure.evaluate_joint(&[picture])?.value)
}

/// How alike the contours of two pictures of equal sides are, -1 to 1 (the same): the correlation
/// of Sobel magnitudes of luminance at half size. 0 where only one of them has any contours.
///
/// # Errors
/// When the sides differ.
pub fn edge_correlation(a: Planar<'_>, b: Planar<'_>) -> Result<f64> {
    if (a.height, a.width) != (b.height, b.width) {
        return Err(Error::Internal(format!(
            "contours of {}x{} and {}x{} pixels compared",
            a.width, a.height, b.width, b.height
        )));
    }
    let (a, b) = (contours(a), contours(b));
    let centered = |values: &[f32]| -> Vec<f64> {
        let mean = values.iter().copied().map(f64::from).sum::<f64>() / values.len() as f64;
        values
            .iter()
            .map(|&value| f64::from(value) - mean)
            .collect()
    };
    let (a, b) = (centered(&a), centered(&b));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let (of_a, of_b) = (dot(&a, &a).sqrt(), dot(&b, &b).sqrt());
    // Contours of a flat picture are rounding.
    let flat = |norm: f64| norm < 1e-5 * (a.len() as f64).sqrt();
    Ok(match (flat(of_a), flat(of_b)) {
        (true, true) => 1.0,
        (false, false) => dot(&a, &b) / (of_a * of_b),
        _ => 0.0,
    })
}

/// Sobel magnitudes of luminance at half size, edges repeated.
fn contours(picture: Planar<'_>) -> Vec<f32> {
    let luminance = picture.luminance();
    // Pictures of a single row or column stay as they are along it.
    let halve = |length: usize| if length < 2 { (1, 1) } else { (length / 2, 2) };
    let ((height, down), (width, across)) = (halve(picture.height), halve(picture.width));
    let mut small = Vec::with_capacity(height * width);
    for y in 0..height {
        for x in 0..width {
            let pixels = (0..down * across).map(|i| {
                let (row, column) = (y * down + i / across, x * across + i % across);
                luminance[row * picture.width + column]
            });
            small.push(pixels.sum::<f32>() / (down * across) as f32);
        }
    }
    let at = |y: usize, dy: usize, x: usize, dx: usize| {
        let clamped =
            |place: usize, by: usize, length: usize| (place + by).saturating_sub(1).min(length - 1);
        small[clamped(y, dy, height) * width + clamped(x, dx, width)]
    };
    let mut magnitudes = Vec::with_capacity(small.len());
    for y in 0..height {
        for x in 0..width {
            let side = |dx| at(y, 0, x, dx) + 2.0 * at(y, 1, x, dx) + at(y, 2, x, dx);
            let edge = |dy| at(y, dy, x, 0) + 2.0 * at(y, dy, x, 1) + at(y, dy, x, 2);
            magnitudes.push((side(2) - side(0)).hypot(edge(2) - edge(0)));
        }
    }
    magnitudes
}

/// How far apart the distributions of features at a layer are: the sliced Wasserstein-2 distance
/// over fixed directions, in units of features, 0 or more. Sizes may differ.
///
/// # Errors
/// When the maps have different numbers of channels, or the device fails.
pub fn feature_distance(a: &dyn Features, b: &dyn Features) -> Result<f64> {
    let flat = |features: &dyn Features| -> Result<Tensor> { Ok(features.map()?.flatten_from(1)?) };
    sliced_distance(&flat(a)?, &flat(b)?)
}

/// Distance of two sets of columns, `[C, N]` and `[C, P]`.
fn sliced_distance(a: &Tensor, b: &Tensor) -> Result<f64> {
    let ((channels, n), (other, p)) = (a.dims2()?, b.dims2()?);
    if channels != other {
        return Err(Error::Internal(format!(
            "features of {channels} and {other} channels compared"
        )));
    }
    let mut rng = Draws::new(SEED).generator();
    let at_once = channels.min(DIRECTIONS);
    let rounds = DIRECTIONS.div_ceil(at_once);
    let mut sum = 0.0;
    for _ in 0..rounds {
        let directions = directions(at_once, channels, &mut rng, a.device())?;
        let project = |columns: &Tensor| -> Result<Vec<f32>> {
            Ok(directions.matmul(columns)?.flatten_all()?.to_vec1()?)
        };
        sum += compare_rows(&mut project(a)?, n, &mut project(b)?, p);
    }
    Ok((sum / rounds as f64).sqrt())
}

/// Distances of two pictures without a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PictureDistance {
    /// Of their colors, whatever their places: sliced Wasserstein-2 distance, 0 to 1.
    pub color: f64,
    /// Of their 5x5 patches at three scales of a Laplacian pyramid: the mean over the scales at
    /// which both have any. 0 or more, seldom above 0.3.
    pub texture: f64,
}

/// How far apart two pictures are as palettes and as textures. Sizes may differ, but a scale is a
/// number of pixels: compare pictures at the size they are looked at.
///
/// # Errors
/// When memory runs out.
pub fn picture_distance(a: Planar<'_>, b: Planar<'_>) -> Result<PictureDistance> {
    let columns = |picture: Planar<'_>| {
        let shape = (3, picture.height * picture.width);
        Tensor::from_slice(picture.data, shape, &Device::Cpu)
    };
    let color = sliced_distance(&columns(a)?, &columns(b)?)?;
    let (mut a, mut b) = (Level::new(a), Level::new(b));
    // Equal sizes give equal patches.
    let step = |level: &mut Level| level.step_down(&mut Draws::new(SEED).generator());
    let mut distances = Vec::new();
    for _ in 0..LEVELS {
        if !a.holds_a_patch() || !b.holds_a_patch() {
            break;
        }
        let (band_a, band_b) = (step(&mut a)?, step(&mut b)?);
        distances.push(sliced_distance(&band_a, &band_b)?);
    }
    let count = distances.len().max(1) as f64;
    Ok(PictureDistance {
        color,
        texture: distances.iter().sum::<f64>() / count,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{features::TensorFeatures, loss::finite_differences::noise_map};

    const SIDES: (usize, usize) = (48, 64);

    /// Stripes and a ramp of color, 0..1.
    fn scene(period: f32) -> Vec<f32> {
        let (h, w) = SIDES;
        let mut data = Vec::new();
        for plane in 0..3 {
            for y in 0..h {
                for x in 0..w {
                    let wave = ((x as f32 + 0.5 * y as f32) / period).sin();
                    data.push(0.4 + 0.1 * plane as f32 + 0.25 * wave * (y as f32 / h as f32));
                }
            }
        }
        data
    }

    fn planar(data: &[f32]) -> Planar<'_> {
        Planar::new(data, SIDES.0, SIDES.1).unwrap()
    }

    fn blurred(data: &[f32], times: usize) -> Vec<f32> {
        let mut level = Level::new(planar(data));
        for _ in 0..times {
            level.data = level.blurred();
        }
        level.data
    }

    fn noisy(data: &[f32], strength: f32) -> Vec<f32> {
        let (h, w) = SIDES;
        let noise = noise_map(3, h, w, 4).flatten_all().unwrap();
        let noise = noise.to_vec1::<f32>().unwrap();
        data.iter()
            .zip(noise)
            .map(|(v, n)| v + strength * (n - 0.5))
            .collect()
    }

    #[test]
    fn nothing_apart_from_itself() {
        let data = scene(3.0);
        let picture = planar(&data);
        assert!((edge_correlation(picture, picture).unwrap() - 1.0).abs() < 1e-9);
        let distance = picture_distance(picture, picture).unwrap();
        assert_eq!((distance.color, distance.texture), (0.0, 0.0));
        let features = TensorFeatures::new(noise_map(6, 9, 8, 1)).unwrap();
        assert_eq!(feature_distance(&features, &features).unwrap(), 0.0);
        assert!(self_similarity(&features, &features).unwrap() < 1e-5);
    }

    #[test]
    fn metrics_fall_with_blur_and_noise() {
        let data = scene(3.0);
        let changes: [Vec<Vec<f32>>; 2] = [
            vec![blurred(&data, 2), blurred(&data, 8)],
            vec![noisy(&data, 0.05), noisy(&data, 0.3)],
        ];
        for [little, much] in changes.each_ref().map(|c| [&c[0], &c[1]]) {
            let edges = |other: &[f32]| edge_correlation(planar(&data), planar(other)).unwrap();
            assert!(1.0 > edges(little) && edges(little) > edges(much));
            let apart = |other: &[f32]| picture_distance(planar(&data), planar(other)).unwrap();
            let (little, much) = (apart(little), apart(much));
            assert!(0.0 < little.texture && little.texture < much.texture);
            assert!(0.0 < little.color && little.color < much.color);
        }
    }

    #[test]
    fn contours_are_steep_where_the_picture_is() {
        let (h, w) = (12, 16);
        // A gray slope of 0.01 a pixel across, then one down.
        for across in [true, false] {
            let value = |i: usize| 0.01 * (if across { i % w } else { i / w % h }) as f32;
            let data: Vec<f32> = (0..3 * h * w).map(value).collect();
            let magnitudes = contours(Planar::new(&data, h, w).unwrap());
            assert_eq!(magnitudes.len(), h / 2 * w / 2);
            // At half size 0.02 a pixel, over two pixels, with weights 1, 2, 1.
            let inside = magnitudes[3 * w / 2 + 4];
            assert!((inside - 4.0 * 2.0 * 0.02).abs() < 1e-5, "{inside}");
        }
    }

    #[test]
    fn another_texture_and_another_palette_are_told_apart() {
        let data = scene(3.0);
        let coarser = picture_distance(planar(&data), planar(&scene(9.0))).unwrap();
        // The same places with other colors: the planes change theirs.
        let plane = SIDES.0 * SIDES.1;
        let rotated = [&data[plane..], &data[..plane]].concat();
        let recolored = picture_distance(planar(&data), planar(&rotated)).unwrap();
        assert!(
            coarser.texture > 4.0 * recolored.texture,
            "{coarser:?} {recolored:?}"
        );
        assert!(
            recolored.color > 4.0 * coarser.color,
            "{coarser:?} {recolored:?}"
        );
    }

    #[test]
    fn color_of_flat_pictures_is_their_difference() {
        let (h, w) = SIDES;
        let (dark, light) = (vec![0.25; 3 * h * w], vec![0.75; 3 * h * w]);
        let distance = picture_distance(planar(&dark), planar(&light)).unwrap();
        // The mean over directions of (d · (0.5, 0.5, 0.5))² is a third of |(0.5, 0.5, 0.5)|².
        assert!((distance.color - 0.5).abs() < 1e-5, "{distance:?}");
        assert!(distance.texture < 1e-6);
    }

    #[test]
    fn features_move_away_with_strength() {
        let map = noise_map(6, 9, 8, 1);
        let other = noise_map(6, 9, 8, 2);
        let mixed = |part: f64| {
            let sum = map.affine(1.0 - part, 0.0).unwrap() + other.affine(2.0 * part, 0.3 * part);
            TensorFeatures::new(sum.unwrap()).unwrap()
        };
        let style = mixed(0.0);
        for metric in [self_similarity, feature_distance] {
            let [none, little, much] =
                [0.0, 0.2, 1.0].map(|part| metric(&style, &mixed(part)).unwrap());
            assert!(
                none < 1e-5 && none < little && little < much,
                "{none} {little} {much}"
            );
        }
        let others = TensorFeatures::new(noise_map(5, 9, 8, 1)).unwrap();
        assert!(feature_distance(&style, &others).is_err());
    }

    #[test]
    fn tiny_flat_and_unequal_pictures() {
        let data = [0.5; 3 * 4];
        for (h, w) in [(1, 4), (4, 1), (2, 2)] {
            let picture = Planar::new(&data, h, w).unwrap();
            assert_eq!(edge_correlation(picture, picture).unwrap(), 1.0);
            let distance = picture_distance(picture, picture).unwrap();
            assert_eq!(distance.texture, 0.0);
        }
        let flat = vec![0.3; 3 * SIDES.0 * SIDES.1];
        let scene = scene(3.0);
        assert_eq!(
            edge_correlation(planar(&flat), planar(&scene)).unwrap(),
            0.0
        );
        let small = Planar::new(&data, 2, 2).unwrap();
        assert!(edge_correlation(small, planar(&flat)).is_err());
        assert!(Planar::new(&data, 3, 2).is_err());
    }
}

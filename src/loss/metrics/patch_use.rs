//! Where a picture's patches come from in the style image: how near the nearest one is, and whether a
//! few serve for the whole picture.
//!
//! A patch is 3x3 neighboring positions of a feature map, searched by centered cosine as in Kolkin et
//! al. 2022. Runs compare columns of single positions at the picture's own size; patches are made of
//! pictures reduced to [`patch_px`] at [`PATCH_LAYER`], so what is measured spans about 40 pixels of
//! the picture and is no term of any run.

use rayon::prelude::*;

use crate::{
    error::{Error, Result},
    features::{Features, Values},
    kernels::{
        Isa,
        nearest::{Candidates, Match},
    },
    network::Layer,
};

/// Where [`patch_use`] is to be looked at.
pub const PATCH_LAYER: Layer = Layer::new(3, 1);

/// Side of a patch in positions.
const SIDE: usize = 3;
/// Size of the pictures that are searched, as a share of what they are.
const SCALE: f64 = 0.6;
/// Their longest side at most: a comparison of all patches of two pictures of this size takes
/// seconds.
const MOST_PX: f64 = 320.0;
/// Share of the style image's patches whose use tells of stamps.
const MOST_USED: f64 = 0.01;

/// The longest side of the pictures whose features [`patch_use`] is given, for pictures of
/// `longest_px`.
pub fn patch_px(longest_px: usize) -> u32 {
    (SCALE * longest_px as f64).min(MOST_PX).round().max(1.0) as u32
}

/// How a picture uses the style image's patches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PatchUse {
    /// Mean cosine distance of the picture's patches to their nearest in the style image, 0 (each is
    /// there) to 2.
    ///
    /// Most figures lie close together: the left half of The Starry Night has 0.51 in its right half, a
    /// good painting after it as little, a photograph 0.57. Hold it against that of the content image.
    ///
    /// Catches what statistics miss: textures that have the right colors and energies but are no
    /// strokes, washed-out areas, halos, contours of the photograph that no brush has touched.
    /// Misses repetition (one good patch everywhere has 0: see [`Self::stamps`]), order over
    /// distances longer than a patch, and anything finer than the reduced picture shows.
    pub nearest: f64,
    /// How unevenly the style image's patches are used: the share of positions that fall to the most
    /// used hundredth of them, above what even use gives them. 0 is even use, 1 all positions in that
    /// hundredth.
    ///
    /// Catches stamps: one motif, dab or spot put down again and again. Misses copies of a large piece
    /// of the style image as a whole, which use each patch once; and a plain area of the photograph
    /// raises it, because few patches of the style image are plain: compare it for one pair of
    /// pictures only.
    pub stamps: f64,
}

/// How the patches of `picture` are found in `style`, both seen at [`PATCH_LAYER`] and reduced to
/// [`patch_px`]; `None` where one of them is too small to have a patch.
///
/// # Errors
/// When the maps have different numbers of channels, or memory runs out.
pub fn patch_use(style: &dyn Features, picture: &dyn Features) -> Result<Option<PatchUse>> {
    let (channels, height, width) = style.shape();
    let (other, rows, columns) = picture.shape();
    if channels != other {
        return Err(Error::Internal(format!(
            "patches of {channels} and {other} channels compared"
        )));
    }
    if height.min(width).min(rows).min(columns) < SIDE {
        return Ok(None);
    }
    let mean = Values::of(&style.channel_moments()?.mean)?.to_vec();
    let depth = SIDE * SIDE * channels;
    let candidates = Candidates::new(&patches(style, &mean)?, depth);
    // One without any features has no direction that could be near another.
    let queries = patches(picture, &mean)?;
    let queries: Vec<f32> = queries
        .chunks_exact(depth)
        .filter(|patch| patch.iter().any(|value| *value != 0.0))
        .flatten()
        .copied()
        .collect();
    let found = candidates.nearest(&queries, depth, Isa::detect())?;
    Ok(Some(PatchUse {
        nearest: distance(&found),
        stamps: stamps(&found, candidates.len()),
    }))
}

/// All patches of a map less `mean`, each of unit length (or all zero), `[N][9 C]`.
fn patches(features: &dyn Features, mean: &[f32]) -> Result<Vec<f32>> {
    let (channels, height, width) = features.shape();
    let map = features.map()?;
    let planes = Values::of(&map)?;
    // Position by position: three positions side by side are one piece of memory then.
    let mut positions = vec![0.0; height * width * channels];
    positions
        .par_chunks_exact_mut(channels)
        .enumerate()
        .for_each(|(at, row)| {
            for (channel, value) in row.iter_mut().enumerate() {
                *value = planes[channel * height * width + at] - mean[channel];
            }
        });
    let (rows, columns) = (height - SIDE + 1, width - SIDE + 1);
    let depth = SIDE * SIDE * channels;
    let mut patches = vec![0.0; rows * columns * depth];
    patches
        .par_chunks_exact_mut(depth)
        .enumerate()
        .for_each(|(at, patch)| {
            let (y, x) = (at / columns, at % columns);
            let lines = patch.chunks_exact_mut(SIDE * channels);
            for (line, out) in lines.enumerate() {
                let start = ((y + line) * width + x) * channels;
                out.copy_from_slice(&positions[start..start + SIDE * channels]);
            }
            let length = patch.iter().map(|value| value * value).sum::<f32>().sqrt();
            if length > 0.0 {
                patch.iter_mut().for_each(|value| *value /= length);
            }
        });
    Ok(patches)
}

fn distance(found: &[Match]) -> f64 {
    let distances = found.iter().map(|found| 1.0 - f64::from(found.product));
    distances.sum::<f64>().max(0.0) / found.len().max(1) as f64
}

/// The share of the most used patches out of `candidates`, above even use.
fn stamps(found: &[Match], candidates: usize) -> f64 {
    let mut times = vec![0_usize; candidates];
    for found in found {
        times[found.index as usize] += 1;
    }
    times.sort_unstable_by(|a, b| b.cmp(a));
    let most_used = (MOST_USED * candidates as f64).ceil() as usize;
    let positions = found.len().max(1) as f64;
    let share = times[..most_used].iter().sum::<usize>() as f64 / positions;
    // Fewer positions than patches: each of those in use is used once.
    let even = most_used as f64 / positions.min(candidates as f64);
    if even >= 1.0 {
        return 0.0;
    }
    ((share - even) / (1.0 - even)).max(0.0)
}

#[cfg(test)]
mod tests {
    use candle_core::Tensor;

    use super::*;
    use crate::{features::TensorFeatures, loss::finite_differences::noise_map};

    fn looked_at(style: &Tensor, picture: &Tensor) -> PatchUse {
        let [style, picture] =
            [style, picture].map(|map| TensorFeatures::new(map.clone()).unwrap());
        patch_use(&style, &picture).unwrap().unwrap()
    }

    #[test]
    fn the_style_itself_has_every_patch_once() {
        let style = noise_map(8, 16, 18, 1);
        let itself = looked_at(&style, &style);
        assert!(itself.nearest.abs() < 1e-6, "{itself:?}");
        assert_eq!(itself.stamps, 0.0);
    }

    #[test]
    fn a_patch_that_is_repeated_is_near_and_a_stamp() {
        let style = noise_map(8, 16, 18, 1);
        // Columns 4 to 6 again and again: only patches that start at a seam are new.
        let piece = style.narrow(2, 4, 3).unwrap();
        let tiled = Tensor::cat(&vec![piece; 7], 2).unwrap();
        let tiled = Tensor::cat(&vec![tiled.narrow(1, 6, 3).unwrap(); 7], 1).unwrap();
        let tiled = looked_at(&style, &tiled);
        let other = looked_at(&style, &noise_map(8, 21, 21, 2));
        assert!(tiled.stamps > 0.3, "{tiled:?}");
        assert!(other.stamps < 0.5 * tiled.stamps, "{other:?} {tiled:?}");
    }

    #[test]
    fn patches_are_farther_the_more_they_are_changed() {
        let style = noise_map(8, 16, 18, 1);
        let noise = noise_map(8, 16, 18, 2);
        let [little, much] =
            [0.2, 1.0].map(|part| (&style + noise.affine(part, 0.0).unwrap()).unwrap());
        let [little, much] = [little, much].map(|map| looked_at(&style, &map).nearest);
        assert!(0.01 < little && 2.0 * little < much, "{little} {much}");
    }

    #[test]
    fn small_and_flat_pictures_have_an_answer() {
        let map = |t: Tensor| TensorFeatures::new(t).unwrap();
        let style = map(noise_map(4, 9, 9, 1));
        let sliver = map(noise_map(4, 2, 9, 1));
        assert_eq!(patch_use(&style, &sliver).unwrap(), None);
        assert_eq!(patch_use(&sliver, &style).unwrap(), None);
        let others = map(noise_map(5, 9, 9, 1));
        assert!(patch_use(&style, &others).is_err());
        let flat = map(noise_map(4, 9, 9, 1).zeros_like().unwrap());
        let of_flat = patch_use(&flat, &flat).unwrap().unwrap();
        assert_eq!((of_flat.nearest, of_flat.stamps), (0.0, 0.0));
        assert_eq!((patch_px(500), patch_px(4000), patch_px(0)), (300, 320, 1));
    }
}

//! The pictures of a level: content, styles and the one a run starts from, at the level's size
//! and in the network's pixel space.

use rand::SeedableRng as _;
use rand_distr::{Distribution as _, Normal};

use super::{
    job::Job,
    levels::Level,
    regions::Region,
    targets::{LevelImages, LevelStyle},
};
use crate::{
    error::{Error, Result},
    pixels::{self, Planes},
    settings::{ColourMode, InitialImage, TransferSettings},
};

/// Content and style images at the size of a level.
pub(super) fn at_level(
    job: &Job,
    settings: &TransferSettings,
    level: Level,
    mean: [f32; 3],
) -> LevelImages {
    let (width, height) = (level.width, level.height);
    let content = job.content.planes.resize(width, height);
    let total: f64 = job.styles.iter().map(|style| style.strength).sum();
    let styles = job.styles.iter().map(|style| {
        let planes = &style.picture.planes;
        let (style_width, style_height) = style_sides(planes, width.max(height), settings);
        let mut resized = planes.resize(style_width, style_height);
        if settings.colour == ColourMode::Recolour {
            resized = pixels::recolour(&resized, &content);
        }
        LevelStyle {
            data: pixels::vgg_from_srgb(&resized, mean),
            height: style_height,
            width: style_width,
            region: style
                .region
                .as_ref()
                .map(|region| Region::new(region, width, height)),
            style_region: style
                .style_region
                .as_ref()
                .map(|region| Region::new(region, style_width, style_height)),
            strength: if total > 0.0 {
                style.strength / total
            } else {
                0.0
            },
        }
    });
    LevelImages::new(
        pixels::vgg_from_srgb(&content, mean),
        (width, height),
        styles.collect(),
        mean,
    )
}

/// Smallest side of a style image that still has a feature map at every layer.
const MIN_STYLE_PX: usize = 32;

/// A style image a little too small for the picture is enlarged up to this factor: beyond it the
/// blur shows.
const MOST_ENLARGED: f64 = 1.5;

/// Sides of the style image where the content's longest side is `longest`: the same longest side
/// times the style scale, in the style's own aspect, enlarged by [`MOST_ENLARGED`] at the most.
///
/// Strokes keep their proportion to the picture that way, whatever its size. Differs from
/// Johnson's neural-style, which enlarges a style image of any size, because one enlarged much
/// has no texture left for the finest layers.
pub(super) fn style_sides(
    style: &Planes,
    longest: usize,
    settings: &TransferSettings,
) -> (usize, usize) {
    let most = style.width.max(style.height) as f64 * MOST_ENLARGED;
    let wanted = (longest as f64 * settings.style_scale).min(most).round();
    let (width, height) = style.sides_for(wanted as u32);
    let shorter = width.min(height);
    if shorter >= MIN_STYLE_PX {
        return (width, height);
    }
    // A sliver would have no deep feature map at all: enlarge it as far as needed.
    let factor = MIN_STYLE_PX as f64 / shorter as f64;
    let side = |side: usize| (side as f64 * factor).round() as usize;
    (side(width), side(height))
}

/// What the content image shows at `level` and cannot show at a coarser one: its difference to
/// `enlarged`, the content image seen at the coarser level and brought back to this one's size.
///
/// Differs from Gatys et al. 2017 and style-transfer-pytorch, which only enlarge the picture. An
/// enlarged picture has no fine detail at all, so the finest layers start far from both content
/// and style; with the content image's own detail the losses start lower and contours stay.
pub(super) fn finer_detail(
    content: &Planes,
    level: Level,
    mean: [f32; 3],
    enlarged: impl FnOnce(&Planes) -> Vec<f32>,
) -> Vec<f32> {
    let mut detail = pixels::vgg_from_srgb(&content.resize(level.width, level.height), mean);
    let enlarged = enlarged(content);
    detail
        .iter_mut()
        .zip(enlarged)
        .for_each(|(fine, coarse)| *fine -= coarse);
    detail
}

/// The picture a run starts from, `[3, H, W]`.
pub(super) fn initial(
    job: &Job,
    settings: &TransferSettings,
    level: Level,
    mean: [f32; 3],
) -> Result<Vec<f32>> {
    let (width, height) = (level.width, level.height);
    let resized = |planes: &Planes| pixels::vgg_from_srgb(&planes.resize(width, height), mean);
    if let Some(picture) = &job.initial {
        return Ok(resized(&picture.planes));
    }
    match &settings.initial_image {
        InitialImage::Content => Ok(resized(&job.content.planes)),
        InitialImage::Style => match job.styles.first() {
            Some(style) => Ok(resized(&style.picture.planes)),
            None => Err(Error::setting(
                "init",
                "style",
                "choose a style image first",
            )),
        },
        InitialImage::Noise => {
            let deviation = settings.noise_deviation as f32;
            let normal = Normal::new(0.0, deviation).map_err(|_fault| {
                Error::setting("noise", deviation, "give a deviation of 0 or more")
            })?;
            let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(settings.seed);
            let values = (0..3 * width * height).map(|_| normal.sample(&mut rng));
            Ok(values.collect())
        }
        InitialImage::File(path) => Err(Error::Internal(format!(
            "the initial image {} was not read before the run",
            path.display()
        ))),
    }
}

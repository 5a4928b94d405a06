//! The pictures of a level: content, styles and the one a run starts from, at the level's size
//! and in the network's pixel space.

use rand::SeedableRng as _;
use rand_distr::{Distribution as _, Normal};

use super::{
    job::{Job, StyleImage},
    levels::Level,
    regions::Region,
    setup, stylist,
    targets::{LevelImages, LevelStyle},
};
use crate::{
    error::{Error, Result},
    pixels::{self, Picture, Planes},
    settings::{ColorMode, InitialImage, TransferSettings},
};

/// Content and style images at the size of a level.
pub(super) fn at_level(
    job: &Job,
    settings: &TransferSettings,
    level: Level,
    mean: [f32; 3],
) -> LevelImages {
    let content = job.content.resized(level.width, level.height);
    of_level(job, settings, &content, mean)
}

/// The same where the content image has the level's size already.
pub(super) fn of_level(
    job: &Job,
    settings: &TransferSettings,
    content: &Planes,
    mean: [f32; 3],
) -> LevelImages {
    let (width, height) = (content.width, content.height);
    let frame = setup::frame(settings);
    let total: f64 = job.styles.iter().map(|style| style.strength).sum();
    let styles = job.styles.iter().map(|style| {
        let planes = &style.picture.planes;
        let (style_width, style_height) = style_sides(planes, content.longest_px(), settings);
        let mut resized = style.picture.resized(style_width, style_height);
        if settings.color == ColorMode::Recolor {
            resized = pixels::recolor(&resized, content);
        }
        LevelStyle {
            data: pixels::vgg_from_srgb(&resized, mean),
            height: style_height,
            width: style_width,
            region: style
                .region
                .as_ref()
                .map(|region| Region::new(region, width, height).framed(frame)),
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
        pixels::vgg_from_srgb(content, mean),
        (width, height),
        styles.collect(),
        mean,
        frame,
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
pub(crate) fn style_sides(
    style: &Planes,
    longest: usize,
    settings: &TransferSettings,
) -> (usize, usize) {
    let most = style.longest_px() as f64 * MOST_ENLARGED;
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
    content: &Picture,
    level: Level,
    mean: [f32; 3],
    enlarged: impl FnOnce(&Picture) -> Vec<f32>,
) -> Vec<f32> {
    let mut detail = pixels::vgg_from_srgb(&content.resized(level.width, level.height), mean);
    let enlarged = enlarged(content);
    detail
        .iter_mut()
        .zip(enlarged)
        .for_each(|(fine, coarse)| *fine -= coarse);
    detail
}

/// `content` with the colors of the style images: by their strengths, each where its region is.
/// Where no style image is at work it stays as it is.
fn recolored(content: &Planes, styles: &[StyleImage]) -> Planes {
    let pixels = content.pixels();
    let mut sum = vec![0.0; 3 * pixels];
    let mut shares = vec![0.0; pixels];
    for style in styles {
        let strength = style.strength as f32;
        let region = style.region.as_ref();
        let region = region.map(|mask| Region::new(mask, content.width, content.height));
        let share = |at: usize| strength * region.as_ref().map_or(1.0, |mask| mask.weight(at));
        let painted = pixels::recolor(content, &style.picture.planes);
        for (at, (sum, value)) in sum.iter_mut().zip(&painted.data).enumerate() {
            *sum += share(at % pixels) * value;
        }
        for (at, total) in shares.iter_mut().enumerate() {
            *total += share(at);
        }
    }
    let mut start = content.clone();
    for (at, (value, sum)) in start.data.iter_mut().zip(&sum).enumerate() {
        let total = shares[at % pixels];
        if total > 0.0 {
            *value = sum / total;
        }
    }
    start
}

/// The picture a run starts from, `[3, H, W]`, of the same sides as `content`, which is the content
/// image at the size of the level.
pub(super) fn initial(
    job: &Job,
    settings: &TransferSettings,
    content: Planes,
    mean: [f32; 3],
) -> Result<Vec<f32>> {
    let (width, height) = (content.width, content.height);
    let resized = |picture: &Picture| pixels::vgg_from_srgb(&picture.resized(width, height), mean);
    if let Some(picture) = &job.initial {
        return Ok(resized(picture));
    }
    match &settings.initial_image {
        InitialImage::Content => Ok(pixels::vgg_from_srgb(&content, mean)),
        InitialImage::Recolored => {
            let start = match settings.color {
                ColorMode::Recolor => content,
                ColorMode::Style | ColorMode::Hues | ColorMode::Luminance => {
                    recolored(&content, &job.styles)
                }
            };
            Ok(pixels::vgg_from_srgb(&start, mean))
        }
        InitialImage::Instant => {
            let start = stylist::initial(&content, &job.styles, settings)?;
            Ok(pixels::vgg_from_srgb(&start, mean))
        }
        InitialImage::Style => match job.styles.first() {
            Some(style) => Ok(resized(&style.picture)),
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// The content image is brought to the level's size once: whoever starts a run hands it on.
    #[test]
    fn a_start_takes_the_content_image_as_it_was_resized() {
        let styles = vec![StyleImage::new(picture([0.8, 0.4, 0.3]), 1.0)];
        let mut settings = TransferSettings::default();
        let job = Job::new(picture([0.5; 3]), styles, settings.clone());
        let resized = Planes::filled(10, 6, [0.25; 3]);
        settings.initial_image = InitialImage::Content;
        let start = initial(&job, &settings, resized.clone(), [0.0; 3]).unwrap();
        assert_eq!(start, [63.75; 180]);
        let images = of_level(&job, &settings, &resized, [0.0; 3]);
        assert_eq!(images.content, start);
        settings.initial_image = InitialImage::Recolored;
        let start = initial(&job, &settings, resized, [0.0; 3]).unwrap();
        assert!(
            start
                .iter()
                .all(|value| *value == start[0] || *value == start[60] || *value == start[120])
        );
    }

    /// A picture whose colors vary a little around a color, each channel in its own way.
    fn picture(color: [f32; 3]) -> Arc<Picture> {
        let wave = |i: usize, step: f32| 0.1 * (i as f32 * step).sin();
        let rgba: Vec<u8> = (0..24 * 16)
            .flat_map(|i| {
                let [r, g, b] = color;
                let value = [r + wave(i, 0.7), g + wave(i, 1.1), b + wave(i, 1.9), 1.0];
                value.map(|value| (255.0 * value).round() as u8)
            })
            .collect();
        Arc::new(Picture::from_rgba8(24, 16, &rgba, "p").unwrap())
    }

    fn means(planes: &Planes, columns: std::ops::Range<usize>) -> [f32; 3] {
        [0, 1, 2].map(|channel| {
            let rows = planes.plane(channel).chunks_exact(planes.width);
            let sum: f32 = rows.flat_map(|row| &row[columns.clone()]).sum();
            sum / (columns.len() * planes.height) as f32
        })
    }

    fn near(a: [f32; 3], b: [f32; 3]) -> bool {
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.02)
    }

    #[test]
    fn a_recolored_start_has_the_mean_of_the_styles_by_their_strengths() {
        let content = picture([0.5, 0.5, 0.5]);
        let strong = StyleImage::new(picture([0.8, 0.4, 0.3]), 3.0);
        let weak = StyleImage::new(picture([0.2, 0.4, 0.7]), 1.0);
        let start = recolored(&content.planes, &[strong, weak]);
        assert!(near(means(&start, 0..24), [0.65, 0.4, 0.4]), "{start:?}");
        assert_eq!(recolored(&content.planes, &[]), content.planes);
    }

    #[test]
    fn a_recolored_start_has_the_colors_of_a_style_in_its_region_only() {
        let content = picture([0.5, 0.5, 0.5]);
        let left: Vec<u8> = (0..24 * 16)
            .flat_map(|i| [[255; 4], [0, 0, 0, 255]][usize::from(i % 24 >= 12)])
            .collect();
        let mut style = StyleImage::new(picture([0.8, 0.4, 0.3]), 1.0);
        style.region = Some(Arc::new(
            Picture::from_rgba8(24, 16, &left, "mask").unwrap(),
        ));
        let start = recolored(&content.planes, &[style]);
        assert!(near(means(&start, 0..12), [0.8, 0.4, 0.3]), "{start:?}");
        for channel in 0..3 {
            let (start, content) = (start.plane(channel), content.planes.plane(channel));
            for at in (0..24 * 16).filter(|at| at % 24 >= 12) {
                assert_eq!(start[at], content[at]);
            }
        }
    }

    #[test]
    fn a_style_image_follows_the_picture_but_is_enlarged_by_half_at_the_most() {
        let style = Planes::filled(600, 400, [0.5; 3]);
        let mut settings = TransferSettings::default();
        let sides = |longest, settings: &_| style_sides(&style, longest, settings);
        assert_eq!(sides(300, &settings), (300, 200));
        assert_eq!(sides(768, &settings), (768, 512));
        assert_eq!(sides(2000, &settings), (900, 600));
        settings.style_scale = 0.5;
        assert_eq!(sides(768, &settings), (384, 256));
        assert_eq!(sides(60, &settings), (48, 32));
    }
}

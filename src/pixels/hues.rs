//! The content image's hues in the style images' palette.
//!
//! Called by `transfer`. In OkLab, the result keeps its lightness and the fine detail of its colors,
//! so that every stroke stays; what is smooth in its colors is replaced by the content image's
//! colors, brought to mean and covariance of the style images'. Smooth is what a guided filter
//! leaves, guided by the result's lightness: colors stay within the painted contours.
//!
//! ab′ = ab + F(T(ab of content) − ab), with the filter F and the affine map T of [`Palette`]s. The
//! filter is linear in what it filters, so one filtering of the difference does.

use rayon::prelude::*;

use super::{
    Planes,
    guided_filter::{Cells, Guide},
    oklab::{Lab, srgb_row},
    palette::Palette,
};

/// Radius of the filter's windows as a share of the longest side.
const RADIUS: f64 = 1.0 / 32.0;
/// Largest cell that the filter is computed on, and how many cells a radius spans at least.
const CELL_PX: usize = 4;
const CELLS_OF_RADIUS: usize = 3;
/// A contour of this many units of lightness (as a deviation) keeps colors apart.
const TOLERANCE: f32 = 0.08;

/// A style image's colors and where they apply.
#[derive(Debug)]
pub struct Toward<'a> {
    /// Its colors.
    pub palette: &'a Palette,
    /// Its strength among the others, 0 or more.
    pub strength: f64,
    /// How much it counts at each pixel of the content image, `[H, W]`, 0 to 1; everywhere without.
    pub region: Option<Vec<f32>>,
}

/// The colors that pictures of one size are to have.
#[derive(Debug)]
pub struct Hues {
    cells: Cells,
    /// Windows of the filter, in cells.
    radius: usize,
    /// Wanted a and b of each cell.
    color: [Vec<f32>; 2],
}

impl Hues {
    /// The hues of `content`, which has the size of the pictures, in the palette of `styles`: by
    /// their strengths, each where its region is. Where none is at work, colors are the content's
    /// own.
    pub fn new(content: &Planes, styles: &[Toward<'_>]) -> Self {
        let radius_px = (content.longest_px() as f64 * RADIUS).round().max(1.0) as usize;
        let cells = Cells {
            width: content.width,
            height: content.height,
            step: (radius_px / CELLS_OF_RADIUS).clamp(1, CELL_PX),
        };
        let own = Lab::of(content).color;
        let pairs = own[0].iter().zip(&own[1]);
        let palette = Palette::of_samples(pairs.map(|(a, b)| ([*a, *b], 1.0)));
        let own = own.map(|plane| cells.means(&plane));
        let maps: Vec<_> = styles
            .iter()
            .map(|style| {
                let region = style.region.as_ref().map(|region| cells.means(region));
                let map = palette.map_to(style.palette);
                (map, style.strength as f32, region)
            })
            .collect();
        let mut color = own.clone();
        for at in 0..own[0].len() {
            let here = [own[0][at], own[1][at]];
            let (mut total, mut sum) = (0.0, [0.0; 2]);
            for (map, strength, region) in &maps {
                let share = strength * region.as_ref().map_or(1.0, |region| region[at]);
                let there = map.apply(here);
                total += share;
                sum = [0, 1].map(|i| sum[i] + share * there[i]);
            }
            if total > 0.0 {
                (color[0][at], color[1][at]) = (sum[0] / total, sum[1] / total);
            }
        }
        Self {
            cells,
            radius: (radius_px / cells.step).max(1),
            color,
        }
    }

    /// `painting` with these hues, sRGB in 0..1. Where no screen can show a color, its chroma is
    /// lowered.
    ///
    /// # Panics
    /// When the painting has another size than the content image.
    #[must_use]
    pub fn apply(&self, painting: &Planes) -> Planes {
        let Cells { width, height, .. } = self.cells;
        assert_eq!(
            (painting.width, painting.height),
            (width, height),
            "painting and content image have one size"
        );
        let Lab {
            lightness,
            color: [mut green_red, mut blue_yellow],
        } = Lab::of(painting);
        let guide = Guide::new(
            self.cells.means(&lightness),
            self.cells,
            self.radius,
            TOLERANCE,
        );
        let missing = |wanted: &[f32], plane: &[f32]| {
            let means = self.cells.means(plane);
            let difference: Vec<f32> = wanted.iter().zip(means).map(|(w, m)| w - m).collect();
            guide.lines(&difference)
        };
        let (of_a, of_b) = rayon::join(
            || missing(&self.color[0], &green_red),
            || missing(&self.color[1], &blue_yellow),
        );
        let mut data = vec![0.0; 3 * width * height];
        let (red, others) = data.split_at_mut(width * height);
        let (green, blue) = others.split_at_mut(width * height);
        red.par_chunks_mut(width)
            .zip(green.par_chunks_mut(width))
            .zip(blue.par_chunks_mut(width))
            .zip(green_red.par_chunks_mut(width))
            .zip(blue_yellow.par_chunks_mut(width))
            .zip(lightness.par_chunks(width))
            .enumerate()
            .for_each(|(y, (((((red, green), blue), a), b), lightness))| {
                of_a.add_to_row(y, lightness, a);
                of_b.add_to_row(y, lightness, b);
                srgb_row([lightness, a, b], [red, green, blue]);
            });
        Planes {
            width,
            height,
            data,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(image: &Planes) -> Palette {
        Palette::of(image, |_| 1.0)
    }

    fn toward(palette: &Palette) -> Toward<'_> {
        Toward {
            palette,
            strength: 1.0,
            region: None,
        }
    }

    /// Patches of soft colors, larger than the filter's windows; one lightness, but for a fine
    /// pattern of `grain`.
    fn patches(width: usize, height: usize, turn: f32, grain: f32) -> Planes {
        let mut lab = [0.0; 3].map(|value| vec![value; width * height]);
        for at in 0..width * height {
            let (x, y) = ((at % width) as f32, (at / width) as f32);
            let (u, v) = ((0.03 * x).sin(), (0.025 * y + turn).cos());
            lab[0][at] = 0.65 + grain * if at % 2 == 0 { 0.1 } else { -0.1 };
            lab[1][at] = 0.02 + 0.04 * (u * turn.cos() - v * turn.sin());
            lab[2][at] = -0.01 + 0.03 * (u * turn.sin() + v * turn.cos());
        }
        let mut out = Planes::filled(width, height, [0.0; 3]);
        let (red, others) = out.data.split_at_mut(width * height);
        let (green, blue) = others.split_at_mut(width * height);
        srgb_row([&lab[0], &lab[1], &lab[2]], [red, green, blue]);
        out
    }

    #[test]
    fn a_painting_that_has_the_hues_already_stays_as_it_is() {
        for (width, height) in [(160, 120), (1, 1), (1, 50), (50, 1), (7, 300)] {
            let image = patches(width, height, 0.3, 1.0);
            let palette = all(&image);
            let out = Hues::new(&image, &[toward(&palette)]).apply(&image);
            // Where colors do not vary, they become their mean: the same.
            let tolerance = if width.min(height) > 1 { 2e-3 } else { 0.02 };
            for (a, b) in out.data.iter().zip(&image.data) {
                assert!((a - b).abs() < tolerance, "{width}x{height}: {a} {b}");
            }
        }
    }

    #[test]
    fn colors_get_the_statistics_of_the_style_and_lightness_stays() {
        let content = patches(320, 240, 0.0, 0.0);
        let style = patches(200, 200, 1.2, 0.0);
        let painting = patches(320, 240, 2.5, 1.0);
        let wanted = all(&style);
        let out = Hues::new(&content, &[toward(&wanted)]).apply(&painting);
        let reached = all(&out).map_to(&wanted);
        // Colors that have the statistics already are not moved by the map to them.
        for color in [[0.0, 0.0], [0.05, 0.02], [-0.03, 0.04]] {
            let moved = reached.apply(color);
            assert!(
                (0..2).all(|i| (moved[i] - color[i]).abs() < 0.01),
                "{color:?} goes to {moved:?}"
            );
        }
        let (before, after) = (Lab::of(&painting), Lab::of(&out));
        for (a, b) in before.lightness.iter().zip(&after.lightness) {
            assert!((a - b).abs() < 5e-3, "{a} {b}");
        }
    }

    #[test]
    fn gray_stays_gray() {
        let mut gray = patches(90, 70, 0.0, 1.0);
        let pixels = gray.pixels();
        let plane = gray.data[..pixels].to_vec();
        gray.data[pixels..2 * pixels].copy_from_slice(&plane);
        gray.data[2 * pixels..].copy_from_slice(&plane);
        let palette = all(&gray);
        let out = Hues::new(&gray, &[toward(&palette)]).apply(&gray);
        for (a, b) in out.data.iter().zip(&gray.data) {
            assert!((a - b).abs() < 1e-4, "{a} {b}");
        }
    }

    #[test]
    fn color_does_not_cross_a_painted_contour() {
        let (width, height) = (256, 64);
        let left = |at: usize| at % width < width / 2;
        let mut content = Planes::filled(width, height, [0.5; 3]);
        let mut painting = Planes::filled(width, height, [0.5; 3]);
        for at in 0..width * height {
            let color = if left(at) {
                [0.6, 0.3, 0.3]
            } else {
                [0.3, 0.4, 0.7]
            };
            for channel in 0..3 {
                content.data[channel * width * height + at] = color[channel];
                painting.data[channel * width * height + at] = if left(at) { 0.35 } else { 0.75 };
            }
        }
        let palette = all(&content);
        let out = Hues::new(&content, &[toward(&palette)]).apply(&painting);
        let a = &Lab::of(&out).color[0];
        let row = &a[32 * width..33 * width];
        let (near, far) = (row[width / 2 - 2], row[10]);
        assert!(far > 0.05 && near > 0.6 * far, "{near} {far}");
    }

    #[test]
    fn styles_blend_by_strength_and_keep_to_their_regions() {
        let content = patches(64, 64, 0.0, 0.0);
        let red = all(&Planes::filled(8, 8, [0.7, 0.3, 0.3]));
        let green = all(&Planes::filled(8, 8, [0.3, 0.6, 0.3]));
        let strengths = |of_red: f64, of_green: f64| {
            let styles = [(&red, of_red), (&green, of_green)].map(|(palette, strength)| Toward {
                strength,
                ..toward(palette)
            });
            Hues::new(&content, &styles).color[0][100]
        };
        let (only_red, only_green) = (strengths(1.0, 0.0), strengths(0.0, 2.0));
        let mixed = strengths(3.0, 1.0);
        assert!((mixed - (0.75 * only_red + 0.25 * only_green)).abs() < 1e-5);
        let left = (0..64 * 64).map(|at| f32::from(u8::from(at % 64 < 32)));
        let inside = Toward {
            region: Some(left.collect()),
            ..toward(&red)
        };
        let hues = Hues::new(&content, &[inside]);
        let own = Hues::new(&content, &[]);
        let columns = hues.cells.columns();
        assert!((hues.color[0][columns + 2] - only_red).abs() < 1e-5);
        assert_eq!(
            hues.color[0][2 * columns - 2],
            own.color[0][2 * columns - 2]
        );
    }
}

//! sRGB to OkLab and back: lightness L in 0..1 and two axes of color, a (green to red) and b (blue
//! to yellow), each about -0.4 to 0.4 and 0 for gray.
//!
//! Called by `hues` and `palette`. Source: Ottosson 2020, "A perceptual color space for image
//! processing". The roots are taken by a guess from the exponent's bits and three Newton steps, in
//! loops without branches that a compiler turns into vector code: a preview is made of it.

use rayon::prelude::*;

use super::Planes;

/// Pixels that a thread converts at once.
const CHUNK: usize = 8 * 1024;

/// Halvings of the interval in which the largest chroma that a screen can show lies.
const HALVINGS: usize = 8;

/// How far outside of 0..1 linear light is still called inside: rounding.
const ROUNDING: f32 = 1e-5;

/// A picture in OkLab, each plane row by row.
pub(super) struct Lab {
    /// Lightness.
    pub(super) lightness: Vec<f32>,
    /// Green to red, and blue to yellow.
    pub(super) color: [Vec<f32>; 2],
}

impl Lab {
    /// The OkLab planes of an sRGB picture in 0..1.
    pub(super) fn of(planes: &Planes) -> Self {
        let pixels = planes.pixels();
        let [mut lightness, mut green_red, mut blue_yellow] = [0; 3].map(|_| vec![0.0; pixels]);
        let [red, green, blue] = [0, 1, 2].map(|channel| planes.plane(channel));
        lightness
            .par_chunks_mut(CHUNK)
            .zip(green_red.par_chunks_mut(CHUNK))
            .zip(blue_yellow.par_chunks_mut(CHUNK))
            .zip(red.par_chunks(CHUNK))
            .zip(green.par_chunks(CHUNK))
            .zip(blue.par_chunks(CHUNK))
            .for_each(|(((((l, a), b), red), green), blue)| {
                let out = l.iter_mut().zip(a).zip(b);
                let rgb = red.iter().zip(green).zip(blue);
                for (((l, a), b), ((red, green), blue)) in out.zip(rgb) {
                    [*l, *a, *b] = oklab_from_srgb([*red, *green, *blue]);
                }
            });
        Self {
            lightness,
            color: [green_red, blue_yellow],
        }
    }
}

/// OkLab of an sRGB color in 0..1.
#[inline]
pub(super) fn oklab_from_srgb(rgb: [f32; 3]) -> [f32; 3] {
    let [r, g, b] = rgb.map(linear_from_srgb);
    let l = cube_root(0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b);
    let m = cube_root(0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b);
    let s = cube_root(0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b);
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

/// sRGB in 0..1 of a row of OkLab colors: `[lightness, a, b]` and `[red, green, blue]`, all of one
/// length. Where no screen can show a color, its chroma is lowered until one can: lightness and hue
/// stay.
pub(super) fn srgb_row([l, a, b]: [&[f32]; 3], [red, green, blue]: [&mut [f32]; 3]) {
    let lab = l.iter().zip(a).zip(b);
    let out = red.iter_mut().zip(&mut *green).zip(&mut *blue);
    for (((l, a), b), ((red, green), blue)) in lab.zip(out) {
        [*red, *green, *blue] = linear_from_oklab([*l, *a, *b]);
    }
    let lab = l.iter().zip(a).zip(b);
    let out = red.iter_mut().zip(&mut *green).zip(&mut *blue);
    for (((l, a), b), ((red, green), blue)) in lab.zip(out) {
        if !is_shown([*red, *green, *blue]) {
            [*red, *green, *blue] = of_lower_chroma([*l, *a, *b]);
        }
    }
    for plane in [red, green, blue] {
        for value in plane {
            *value = srgb_from_linear(value.clamp(0.0, 1.0));
        }
    }
}

/// Linear light of the color with the most chroma that a screen can show at this lightness and hue.
fn of_lower_chroma([l, a, b]: [f32; 3]) -> [f32; 3] {
    let scaled = |share: f32| linear_from_oklab([l, share * a, share * b]);
    let (mut inside, mut outside) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (inside + outside);
        if is_shown(scaled(middle)) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    scaled(inside)
}

fn is_shown(linear: [f32; 3]) -> bool {
    let range = -ROUNDING..=1.0 + ROUNDING;
    linear.iter().all(|value| range.contains(value))
}

#[inline]
fn linear_from_oklab([lightness, a, b]: [f32; 3]) -> [f32; 3] {
    let cube = |root: f32| root * root * root;
    let l = cube(lightness + 0.396_337_78 * a + 0.215_803_76 * b);
    let m = cube(lightness - 0.105_561_346 * a - 0.063_854_17 * b);
    let s = cube(lightness - 0.089_484_18 * a - 1.291_485_5 * b);
    [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_93 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s,
        -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ]
}

/// IEC 61966-2-1, 0..1.
#[inline]
fn linear_from_srgb(value: f32) -> f32 {
    let base = (value + 0.055) / 1.055;
    let square = base * base;
    // base^2.4 is base² times the fifth root of base².
    let mut root = f32::from_bits(square.to_bits() / 5 + 0x32CC_A000);
    for _ in 0..3 {
        let fourth = (root * root) * (root * root);
        root = 0.2 * (4.0 * root + square / fourth);
    }
    if value <= 0.040_45 {
        value / 12.92
    } else {
        square * root
    }
}

/// The inverse of [`linear_from_srgb`].
#[inline]
fn srgb_from_linear(value: f32) -> f32 {
    // value^(5/12) is the cube root to the power of 5/4.
    let root = cube_root(value);
    if value <= 0.003_130_8 {
        12.92 * value
    } else {
        1.055 * root * root.sqrt().sqrt() - 0.055
    }
}

/// Cube root of a value that is not negative, to a few units in the last place.
#[inline]
fn cube_root(value: f32) -> f32 {
    // A third of the exponent, with the constant that makes the guess right within 5 %.
    let mut root = f32::from_bits(value.to_bits() / 3 + 0x2A51_37A0);
    for _ in 0..3 {
        root = (2.0 * root + value / (root * root)) / 3.0;
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_exact_to_a_millionth() {
        for at in 0..=10_000_u16 {
            let value = f32::from(at) / 10_000.0;
            let exact = f64::from(value).cbrt();
            assert!(
                (f64::from(cube_root(value)) - exact).abs() < 1e-6,
                "{value}"
            );
            let linear = if value <= 0.040_45 {
                f64::from(value) / 12.92
            } else {
                ((f64::from(value) + 0.055) / 1.055).powf(2.4)
            };
            let got = f64::from(linear_from_srgb(value));
            assert!((got - linear).abs() < 1e-6, "{value}: {got} {linear}");
            let back = srgb_from_linear(linear_from_srgb(value));
            assert!((back - value).abs() < 2e-6, "{value}: {back}");
        }
    }

    /// The figures are those of the source's own table for red, green and blue.
    #[test]
    fn primaries_have_the_published_coordinates() {
        for (rgb, lab) in [
            ([1.0, 1.0, 1.0], [1.0, 0.0, 0.0]),
            ([1.0, 0.0, 0.0], [0.627_955, 0.224_863, 0.125_846]),
            ([0.0, 1.0, 0.0], [0.866_44, -0.233_888, 0.179_498]),
            ([0.0, 0.0, 1.0], [0.452_014, -0.032_457, -0.311_528]),
        ] {
            for (got, exact) in oklab_from_srgb(rgb).into_iter().zip(lab) {
                assert!((got - exact).abs() < 1e-5, "{rgb:?}: {got} {exact}");
            }
        }
    }

    /// A row of one color there and back.
    fn shown(lab: [f32; 3]) -> [f32; 3] {
        let [l, a, b] = lab.map(|value| [value]);
        let [mut red, mut green, mut blue] = [[0.0]; 3];
        srgb_row([&l, &a, &b], [&mut red, &mut green, &mut blue]);
        [red[0], green[0], blue[0]]
    }

    #[test]
    fn colors_survive_the_way_there_and_back() {
        for at in 0..6 * 6 * 6_u8 {
            let rgb = [at % 6, at / 6 % 6, at / 36].map(|value| f32::from(value) / 5.0);
            for (back, value) in shown(oklab_from_srgb(rgb)).into_iter().zip(rgb) {
                assert!((back - value).abs() < 1e-3, "{rgb:?}: {back}");
            }
        }
    }

    #[test]
    fn a_color_that_no_screen_shows_keeps_lightness_and_hue() {
        for lab in [[0.6, 0.4, 0.1], [0.9, -0.1, -0.3], [0.1, 0.0, 0.3]] {
            let back = oklab_from_srgb(shown(lab));
            assert!((back[0] - lab[0]).abs() < 2e-3, "{lab:?}: {back:?}");
            let hue = |lab: [f32; 3]| lab[2].atan2(lab[1]);
            assert!((hue(back) - hue(lab)).abs() < 0.05, "{lab:?}: {back:?}");
            let chroma = |lab: [f32; 3]| lab[1].hypot(lab[2]);
            assert!(chroma(back) < chroma(lab) && chroma(back) > 0.01);
        }
    }
}

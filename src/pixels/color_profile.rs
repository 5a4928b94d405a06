//! What a file says of its colors to sRGB, by `moxcms`.
//!
//! Called by `decode` row by row. A profile that is damaged, or that describes other colors than the
//! decoder hands out, is left aside and the next thing that the file says counts; in the end the
//! values are taken as sRGB: a picture with slightly wrong colors is worth more than an error.

use std::{panic::catch_unwind, sync::Arc};

use moxcms::{
    ColorProfile, DataColorSpace, Layout, ParsingOptions, ToneReprCurve, TransformExecutor,
    TransformOptions,
};

/// Half a step of an 8-bit value. A profile that moves no color further is sRGB under some
/// name, and the values are kept exactly.
const SAME_COLOR: f32 = 1.0 / 510.0;

/// Largest profile that is read: printers' are of some megabytes.
const MAX_PROFILE_BYTES: usize = 64 << 20;

/// Entries of a curve that is made here.
const CURVE_ENTRIES: u16 = 4096;

/// What the values of a pixel are, alpha aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Model {
    /// One value: black to white.
    Gray,
    /// Red, green, blue.
    Rgb,
    /// Cyan, magenta, yellow and black ink, 1 being full ink.
    Cmyk,
}

impl Model {
    /// Values of a pixel.
    pub(super) fn channels(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
        }
    }
}

/// Something that a file says of its colors.
#[derive(Clone, Debug)]
pub(super) enum Said {
    /// They are sRGB.
    Srgb,
    /// They are described by an ICC profile.
    Icc(Vec<u8>),
    /// As [`Said::Icc`], from numbers in the file.
    Profile(Box<ColorProfile>),
}

impl Said {
    /// They are Adobe RGB (1998).
    pub(super) fn adobe_rgb() -> Self {
        Self::Profile(Box::new(ColorProfile::new_adobe_rgb()))
    }
}

type Transform = Arc<dyn TransformExecutor<f32> + Send + Sync>;

/// How the decoded values become sRGB.
pub(super) enum Conversion {
    /// They are sRGB, or inks of which nothing is known.
    Plain,
    /// By the profile of an RGB picture.
    FromRgb(Transform),
    /// By the profile of a gray picture.
    FromGray(Transform),
    /// By the profile of inks.
    FromCmyk(Transform),
}

impl Conversion {
    /// The conversion that the first usable statement of `said` asks for.
    pub(super) fn first(said: &[Said], model: Model) -> Self {
        said.iter()
            .find_map(|said| {
                // The profile comes from a stranger: a fault of its parser must not cost the picture.
                catch_unwind(|| Self::of(said, model)).ok().flatten()
            })
            .unwrap_or(Self::Plain)
    }

    fn of(said: &Said, model: Model) -> Option<Self> {
        match said {
            Said::Srgb => Some(Self::Plain),
            Said::Profile(profile) => Self::by(profile, model),
            Said::Icc(icc) => {
                let options = ParsingOptions {
                    max_profile_size: MAX_PROFILE_BYTES,
                    max_allowed_trc_size: 1 << 17,
                    ..ParsingOptions::default()
                };
                let profile = ColorProfile::new_from_slice_with_options(icc, options).ok()?;
                Self::by(&profile, model)
            }
        }
    }

    fn by(profile: &ColorProfile, model: Model) -> Option<Self> {
        match (profile.color_space, model) {
            (DataColorSpace::Rgb, Model::Rgb | Model::Gray) => {
                let transform = transform(profile, Layout::Rgb)?;
                let same = moves_nothing(&transform, &rgb_probe(), 3)?;
                Some(if same {
                    Self::Plain
                } else {
                    Self::FromRgb(transform)
                })
            }
            (DataColorSpace::Gray, Model::Gray) => {
                let by_luminance = luminance_profile(profile);
                let transform = transform(by_luminance.as_ref().unwrap_or(profile), Layout::Gray)?;
                let same = moves_nothing(&transform, &gray_probe(), 1)?;
                Some(if same {
                    Self::Plain
                } else {
                    Self::FromGray(transform)
                })
            }
            // Four inks have the layout of four values.
            (DataColorSpace::Cmyk, Model::Cmyk) => {
                transform(profile, Layout::Rgba).map(Self::FromCmyk)
            }
            _ => None,
        }
    }

    /// Converts one row of interleaved values of `model` in 0..1 to interleaved `rgb`, clamped to
    /// 0..1. `scratch` is kept between rows.
    pub(super) fn apply(
        &self,
        model: Model,
        values: &[f32],
        rgb: &mut [f32],
        scratch: &mut Vec<f32>,
    ) {
        let done = match (self, model) {
            (Self::FromRgb(transform), Model::Gray) => {
                scratch.clear();
                scratch.extend(values.iter().flat_map(|&value| [value; 3]));
                transform.transform(scratch, rgb).is_ok()
            }
            (Self::FromRgb(transform), Model::Rgb)
            | (Self::FromGray(transform), Model::Gray)
            | (Self::FromCmyk(transform), Model::Cmyk) => transform.transform(values, rgb).is_ok(),
            _ => false,
        };
        if !done {
            plain(model, values, rgb);
        }
        for value in rgb {
            *value = value.clamp(0.0, 1.0);
        }
    }
}

fn plain(model: Model, values: &[f32], rgb: &mut [f32]) {
    let pixels = rgb.as_chunks_mut::<3>().0.iter_mut();
    match model {
        Model::Gray => pixels
            .zip(values)
            .for_each(|(pixel, &value)| *pixel = [value; 3]),
        Model::Rgb => rgb.copy_from_slice(values),
        Model::Cmyk => pixels
            .zip(values.as_chunks::<4>().0)
            .for_each(|(pixel, &[c, m, y, k])| {
                *pixel = [c, m, y].map(|ink| (1.0 - ink) * (1.0 - k))
            }),
    }
}

fn transform(profile: &ColorProfile, layout: Layout) -> Option<Transform> {
    let precise = TransformOptions {
        prefer_fixed_point: false,
        ..TransformOptions::default()
    };
    profile
        .create_transform_f32(layout, &ColorProfile::new_srgb(), Layout::Rgb, precise)
        .ok()
}

/// The same colors as a gray profile whose curve gives lightness (ICC.1:2022, 8.4.2: the values are
/// those of the connection space, which may be Lab), with a curve that gives luminance.
fn luminance_profile(profile: &ColorProfile) -> Option<ColorProfile> {
    if profile.pcs != DataColorSpace::Lab {
        return None;
    }
    let lightness = profile.gray_trc.as_ref()?.make_linear_evaluator().ok()?;
    let mut by_luminance = ColorProfile::new_gray_with_gamma(1.0);
    by_luminance.gray_trc = Some(curve(|value| {
        luminance_of(100.0 * lightness.evaluate_value(value))
    }));
    Some(by_luminance)
}

/// CIE 1976 lightness, 0 to 100, to luminance, 0 to 1 (ISO/CIE 11664-4).
pub(super) fn luminance_of(lightness: f32) -> f32 {
    if lightness > 8.0 {
        ((lightness + 16.0) / 116.0).powi(3)
    } else {
        lightness * 27.0 / 24389.0
    }
}

/// A curve with the values of a function on 0..1.
pub(super) fn curve(linear: impl Fn(f32) -> f32) -> ToneReprCurve {
    let last = CURVE_ENTRIES - 1;
    let entries = (0..=last).map(|entry| {
        let value = linear(f32::from(entry) / f32::from(last));
        (value.clamp(0.0, 1.0) * 65535.0).round() as u16
    });
    ToneReprCurve::Lut(entries.collect())
}

/// Whether sRGB values stay what they are.
fn moves_nothing(transform: &Transform, probe: &[f32], channels: usize) -> Option<bool> {
    let mut out = vec![0.0; probe.len() / channels * 3];
    transform.transform(probe, &mut out).ok()?;
    let expected = probe
        .chunks_exact(channels)
        .flat_map(|color| (0..3).map(|channel| color[channel % channels]));
    Some(
        out.iter()
            .zip(expected)
            .all(|(a, b)| (a - b).abs() < SAME_COLOR),
    )
}

fn rgb_probe() -> Vec<f32> {
    const STEPS: u8 = 6;
    let level = |index: u8| f32::from(index) / f32::from(STEPS - 1);
    let mut probe = Vec::new();
    for red in 0..STEPS {
        for green in 0..STEPS {
            for blue in 0..STEPS {
                probe.extend([level(red), level(green), level(blue)]);
            }
        }
    }
    probe
}

fn gray_probe() -> Vec<f32> {
    (0..=32u8).map(|index| f32::from(index) / 32.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(profile: &ColorProfile) -> Vec<u8> {
        profile.encode().unwrap()
    }

    fn converted(icc: &[u8], model: Model, values: &[f32]) -> Vec<f32> {
        let mut rgb = vec![0.0; values.len() / model.channels() * 3];
        let said = [Said::Icc(icc.to_vec())];
        Conversion::first(&said, model).apply(model, values, &mut rgb, &mut Vec::new());
        rgb
    }

    #[test]
    fn srgb_is_kept_to_the_bit() {
        let icc = encoded(&ColorProfile::new_srgb());
        let rgb = [0.123_456_7, 0.5, 0.987_654_3];
        assert_eq!(converted(&icc, Model::Rgb, &rgb), rgb);
        assert_eq!(converted(&icc, Model::Gray, &rgb[..1]), [rgb[0]; 3]);
    }

    #[test]
    fn display_p3_becomes_srgb() {
        // The P3 color of sRGB's pure green, after CSS Color 4: color(display-p3 .4584 .9853 .2983).
        let icc = encoded(&ColorProfile::new_display_p3());
        let green = converted(&icc, Model::Rgb, &[0.4584, 0.9853, 0.2983]);
        for (value, expected) in green.iter().zip([0.0, 1.0, 0.0]) {
            assert!((value - expected).abs() < 0.01, "{green:?}");
        }
        // Grays have the same value in both.
        let gray = converted(&icc, Model::Rgb, &[0.5; 3]);
        assert!(
            gray.iter().all(|value| (value - 0.5).abs() < 0.003),
            "{gray:?}"
        );
    }

    #[test]
    fn gray_gamma_becomes_srgb() {
        // A linear gray of 0.2140 is 0.5 in sRGB (IEC 61966-2-1).
        let icc = encoded(&ColorProfile::new_gray_with_gamma(1.0));
        let gray = converted(&icc, Model::Gray, &[0.2140]);
        assert!(
            gray.iter().all(|value| (value - 0.5).abs() < 0.004),
            "{gray:?}"
        );
    }

    #[test]
    fn a_gray_curve_may_give_lightness() {
        let mut profile = ColorProfile::new_gray_with_gamma(1.0);
        profile.pcs = DataColorSpace::Lab;
        let icc = encoded(&profile);
        // Lightness 53.39 has luminance 0.2140, which is 0.5 in sRGB.
        for (lightness, expected) in [(0.0, 0.0), (0.5339, 0.5), (1.0, 1.0)] {
            let gray = converted(&icc, Model::Gray, &[lightness]);
            assert!((gray[1] - expected).abs() < 0.004, "{lightness}: {gray:?}");
        }
    }

    #[test]
    fn damaged_and_foreign_profiles_are_left_aside() {
        let icc = encoded(&ColorProfile::new_display_p3());
        let rgb = [0.1, 0.9, 0.2];
        assert_eq!(converted(b"", Model::Rgb, &rgb), rgb);
        assert_eq!(converted(b"not a profile", Model::Rgb, &rgb), rgb);
        assert_eq!(converted(&icc[..icc.len() / 3], Model::Rgb, &rgb), rgb);
        let mut cmyk = icc;
        cmyk[16..20].copy_from_slice(b"CMYK");
        assert_eq!(converted(&cmyk, Model::Rgb, &rgb), rgb);
        let gray = encoded(&ColorProfile::new_gray_with_gamma(2.2));
        assert_eq!(converted(&gray, Model::Rgb, &rgb), rgb);
    }

    #[test]
    fn the_first_usable_statement_counts() {
        let p3 = Said::Profile(Box::new(ColorProfile::new_display_p3()));
        let damaged = Said::Icc(b"not a profile".to_vec());
        let is_plain =
            |said: &[Said]| matches!(Conversion::first(said, Model::Rgb), Conversion::Plain);
        assert!(!is_plain(&[damaged.clone(), p3.clone(), Said::Srgb]));
        assert!(is_plain(&[damaged, Said::Srgb, p3]));
        assert!(is_plain(&[]));
    }

    #[test]
    fn inks_without_a_profile_are_laid_over_each_other() {
        let mut rgb = [0.0; 6];
        let inks = [0.25, 0.0, 1.0, 0.0, 0.0, 0.5, 0.0, 0.5];
        Conversion::first(&[], Model::Cmyk).apply(Model::Cmyk, &inks, &mut rgb, &mut Vec::new());
        assert_eq!(rgb, [0.75, 1.0, 0.0, 0.5, 0.25, 0.5]);
    }
}

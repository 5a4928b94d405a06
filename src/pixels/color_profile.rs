//! ICC profile to sRGB, by `moxcms`.
//!
//! Called by `read` row by row. A profile that is damaged, or that describes other colors than the
//! decoder hands out (CMYK pictures arrive here as RGB already), is left aside and the values are
//! taken as sRGB: a picture with slightly wrong colors is worth more than an error.

use std::{panic::catch_unwind, sync::Arc};

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformExecutor, TransformOptions};

/// Half a step of an 8-bit value. A profile that moves no color further is sRGB under some
/// name, and the values are kept exactly.
const SAME_COLOR: f32 = 1.0 / 510.0;

type Transform = Arc<dyn TransformExecutor<f32> + Send + Sync>;

/// How the decoded values become sRGB.
pub(super) enum Conversion {
    /// They are sRGB.
    Unchanged,
    /// From an RGB profile.
    FromRgb(Transform),
    /// From a gray profile.
    FromGray(Transform),
}

impl Conversion {
    /// The conversion that `icc` asks for; `gray` says whether the decoded picture is gray.
    pub(super) fn new(icc: Option<&[u8]>, gray: bool) -> Self {
        let Some(icc) = icc else {
            return Self::Unchanged;
        };
        // The profile comes from a stranger: a fault of its parser must not cost the picture.
        catch_unwind(|| Self::from_profile(icc, gray))
            .ok()
            .flatten()
            .unwrap_or(Self::Unchanged)
    }

    fn from_profile(icc: &[u8], gray: bool) -> Option<Self> {
        let profile = ColorProfile::new_from_slice(icc).ok()?;
        let (layout, probe) = match profile.color_space {
            DataColorSpace::Rgb => (Layout::Rgb, rgb_probe()),
            DataColorSpace::Gray if gray => (Layout::Gray, gray_probe()),
            _ => return None,
        };
        let precise = TransformOptions {
            prefer_fixed_point: false,
            ..TransformOptions::default()
        };
        let transform = profile
            .create_transform_f32(layout, &ColorProfile::new_srgb(), Layout::Rgb, precise)
            .ok()?;
        let values = if layout == Layout::Gray { 1 } else { 3 };
        let mut out = vec![0.0; probe.len() / values * 3];
        transform.transform(&probe, &mut out).ok()?;
        let expected = probe
            .chunks_exact(values)
            .flat_map(|color| (0..3).map(|channel| color[channel % values]));
        if out
            .iter()
            .zip(expected)
            .all(|(a, b)| (a - b).abs() < SAME_COLOR)
        {
            return None;
        }
        Some(if layout == Layout::Gray {
            Self::FromGray(transform)
        } else {
            Self::FromRgb(transform)
        })
    }

    /// Converts one row of interleaved RGB in place; the result is clamped to 0..1.
    /// `scratch` is kept between rows.
    pub(super) fn apply(&self, rgb: &mut [f32], scratch: &mut Vec<f32>) {
        scratch.clear();
        let done = match self {
            Self::Unchanged => return,
            Self::FromRgb(transform) => {
                scratch.extend_from_slice(rgb);
                transform.transform(scratch, rgb)
            }
            Self::FromGray(transform) => {
                scratch.extend(rgb.iter().step_by(3));
                transform.transform(scratch, rgb)
            }
        };
        if done.is_ok() {
            for value in rgb {
                *value = value.clamp(0.0, 1.0);
            }
        }
    }
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

    fn converted(icc: &[u8], gray: bool, mut rgb: [f32; 3]) -> Vec<f32> {
        Conversion::new(Some(icc), gray).apply(&mut rgb, &mut Vec::new());
        rgb.to_vec()
    }

    #[test]
    fn srgb_is_kept_to_the_bit() {
        let icc = encoded(&ColorProfile::new_srgb());
        let rgb = [0.123_456_7, 0.5, 0.987_654_3];
        assert_eq!(converted(&icc, false, rgb), rgb);
        assert_eq!(converted(&icc, true, rgb), rgb);
    }

    #[test]
    fn display_p3_becomes_srgb() {
        // The P3 color of sRGB's pure green, after CSS Color 4: color(display-p3 .4584 .9853 .2983).
        let icc = encoded(&ColorProfile::new_display_p3());
        let green = converted(&icc, false, [0.4584, 0.9853, 0.2983]);
        for (value, expected) in green.iter().zip([0.0, 1.0, 0.0]) {
            assert!((value - expected).abs() < 0.01, "{green:?}");
        }
        // Grays have the same value in both.
        let gray = converted(&icc, false, [0.5; 3]);
        assert!(
            gray.iter().all(|value| (value - 0.5).abs() < 0.003),
            "{gray:?}"
        );
    }

    #[test]
    fn gray_gamma_becomes_srgb() {
        // A linear gray of 0.2140 is 0.5 in sRGB (IEC 61966-2-1).
        let icc = encoded(&ColorProfile::new_gray_with_gamma(1.0));
        let gray = converted(&icc, true, [0.2140; 3]);
        assert!(
            gray.iter().all(|value| (value - 0.5).abs() < 0.004),
            "{gray:?}"
        );
    }

    #[test]
    fn damaged_and_foreign_profiles_are_left_aside() {
        let icc = encoded(&ColorProfile::new_display_p3());
        let rgb = [0.1, 0.9, 0.2];
        assert_eq!(converted(b"", false, rgb), rgb);
        assert_eq!(converted(b"not a profile", false, rgb), rgb);
        assert_eq!(converted(&icc[..icc.len() / 3], false, rgb), rgb);
        let mut cmyk = icc;
        cmyk[16..20].copy_from_slice(b"CMYK");
        assert_eq!(converted(&cmyk, false, rgb), rgb);
        let gray = encoded(&ColorProfile::new_gray_with_gamma(2.2));
        assert_eq!(converted(&gray, false, rgb), rgb);
    }
}

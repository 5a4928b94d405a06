//! What the chunks of a PNG say of its colors. Source: PNG, third edition, 4.3 and 11.3.2: `cICP`
//! comes before `iCCP`, that before `sRGB`, that before `gAMA` and `cHRM`.

use std::io::Cursor;

use moxcms::{
    Chromaticity, CicpProfile, ColorPrimaries, ColorProfile, MatrixCoefficients, ToneReprCurve,
    TransferCharacteristics, XyY,
};
use png::{CodingIndependentCodePoints, Limits, SourceChromaticities};

use crate::pixels::color_profile::{Said, curve};

/// Most memory for chunks besides the pixels: a profile.
const MAX_CHUNK_BYTES: usize = 64 << 20;

/// `gAMA` of pictures that were made for sRGB screens.
const USUAL_GAMMA: f32 = 0.454_55;
/// Gammas that differ by less look alike (libpng takes the same).
const SAME_GAMMA: f32 = 0.05;
/// White, red, green and blue of sRGB.
const SRGB_PLACES: [[f32; 2]; 4] = [[0.3127, 0.329], [0.64, 0.33], [0.3, 0.6], [0.15, 0.06]];
const SAME_PLACE: f32 = 0.002;

/// Luminance of diffuse white in high dynamic range (ITU-R BT.2408), in cd/m².
const DIFFUSE_WHITE: f32 = 203.0;

/// All that it says, the most important first. Nothing where the chunks are damaged.
pub(super) fn said(bytes: &[u8]) -> Vec<Said> {
    let limits = Limits {
        bytes: MAX_CHUNK_BYTES,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_ignore_text_chunk(true);
    let Ok(reader) = decoder.read_info() else {
        return Vec::new();
    };
    let info = reader.info();
    let mut said = Vec::new();
    let code_points = info.coding_independent_code_points;
    said.extend(code_points.and_then(by_code_points));
    let profile = info.icc_profile.as_ref();
    said.extend(profile.map(|icc| Said::Icc(icc.to_vec())));
    if info.srgb.is_some() {
        said.push(Said::Srgb);
    }
    let gamma = info.gama_chunk.map(png::ScaledFloat::into_value);
    said.extend(by_gamma(gamma, info.chrm_chunk));
    said
}

fn by_code_points(points: CodingIndependentCodePoints) -> Option<Said> {
    // Others than RGB are not allowed in PNG.
    if points.matrix_coefficients != 0 {
        return None;
    }
    let transfer: TransferCharacteristics = points.transfer_function.try_into().ok()?;
    let full_range = points.is_video_full_range_image;
    let mut profile = ColorProfile::new_from_cicp(CicpProfile {
        color_primaries: points.color_primaries.try_into().ok()?,
        transfer_characteristics: transfer,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range,
    });
    let usual = profile.red_trc.as_ref()?.make_linear_evaluator().ok()?;
    let linear = |value: f32| match transfer {
        TransferCharacteristics::Smpte2084 => perceptual_quantizer(value),
        TransferCharacteristics::Hlg => hybrid_log_gamma(value),
        _ => usual.evaluate_value(value),
    };
    let own = curve(|value| {
        linear(if full_range {
            value
        } else {
            // 16 to 235 of 255.
            ((value * 255.0 - 16.0) / 219.0).clamp(0.0, 1.0)
        })
    });
    profile.cicp = None;
    profile.red_trc = Some(own.clone());
    profile.green_trc = Some(own.clone());
    profile.blue_trc = Some(own);
    Some(Said::Profile(Box::new(profile)))
}

/// SMPTE ST 2084 to linear light, 1 being diffuse white; what is brighter is cut off.
fn perceptual_quantizer(value: f32) -> f32 {
    const M1: f32 = 2610.0 / 16384.0;
    const M2: f32 = 2523.0 / 4096.0 * 128.0;
    const C1: f32 = 3424.0 / 4096.0;
    const C2: f32 = 2413.0 / 4096.0 * 32.0;
    const C3: f32 = 2392.0 / 4096.0 * 32.0;
    const PEAK: f32 = 10_000.0;
    let root = value.max(0.0).powf(1.0 / M2);
    let light = ((root - C1).max(0.0) / (C2 - C3 * root)).powf(1.0 / M1);
    light * PEAK / DIFFUSE_WHITE
}

/// ARIB STD-B67 to linear light, seen on a screen of 1000 cd/m²; 1 is diffuse white, at 75 %
/// (ITU-R BT.2408), and what is brighter is cut off.
fn hybrid_log_gamma(value: f32) -> f32 {
    const A: f32 = 0.178_832_77;
    const B: f32 = 1.0 - 4.0 * A;
    const C: f32 = 0.559_910_7;
    const SYSTEM_GAMMA: f32 = 1.2;
    let scene = |value: f32| {
        if value <= 0.5 {
            value * value / 3.0
        } else {
            (((value - C) / A).exp() + B) / 12.0
        }
    };
    (scene(value.max(0.0)) / scene(0.75)).powf(SYSTEM_GAMMA)
}

/// `gAMA` and `cHRM`, of which either may be missing.
fn by_gamma(gamma: Option<f32>, places: Option<SourceChromaticities>) -> Option<Said> {
    let gamma = gamma.filter(|gamma| (0.01..10.0).contains(gamma));
    let places = places.map(|places| {
        let pair = |(x, y): (png::ScaledFloat, png::ScaledFloat)| [x.into_value(), y.into_value()];
        [places.white, places.red, places.green, places.blue].map(pair)
    });
    let usual_gamma = gamma.is_none_or(|gamma| (gamma / USUAL_GAMMA - 1.0).abs() < SAME_GAMMA);
    let usual_places = places.is_none_or(|places| {
        let pairs = places.iter().flatten().zip(SRGB_PLACES.iter().flatten());
        pairs.into_iter().all(|(a, b)| (a - b).abs() < SAME_PLACE)
    });
    if gamma.is_none() && places.is_none() {
        return None;
    }
    if usual_gamma && usual_places {
        return Some(Said::Srgb);
    }
    let mut profile = ColorProfile::new_srgb();
    profile.cicp = None;
    if let Some([white, red, green, blue]) = places.filter(|_| !usual_places) {
        if [white, red, green, blue].iter().any(|[_, y]| *y <= 0.0) {
            return None;
        }
        let place = |[x, y]: [f32; 2]| Chromaticity::new(x, y);
        let white = XyY::new(f64::from(white[0]), f64::from(white[1]), 1.0);
        let primaries = ColorPrimaries {
            red: place(red),
            green: place(green),
            blue: place(blue),
        };
        profile.update_rgb_colorimetry(white, primaries);
    }
    if let Some(gamma) = gamma {
        let own = ToneReprCurve::Parametric(vec![1.0 / gamma]);
        profile.red_trc = Some(own.clone());
        profile.green_trc = Some(own.clone());
        profile.blue_trc = Some(own);
    }
    Some(Said::Profile(Box::new(profile)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diffuse_white_is_white() {
        // BT.2408, table 1: 58 % of PQ and 75 % of HLG.
        assert!((perceptual_quantizer(0.58) - 1.0).abs() < 0.02);
        assert!((hybrid_log_gamma(0.75) - 1.0).abs() < 1e-6);
        assert!(perceptual_quantizer(0.0).abs() < 1e-6 && hybrid_log_gamma(0.0) == 0.0);
    }

    #[test]
    fn the_usual_gamma_is_srgb() {
        assert!(by_gamma(None, None).is_none());
        assert!(matches!(by_gamma(Some(0.45455), None), Some(Said::Srgb)));
        assert!(matches!(by_gamma(Some(1.0), None), Some(Said::Profile(_))));
        assert!(by_gamma(Some(0.0), None).is_none());
        let zero = SourceChromaticities::new((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0));
        assert!(by_gamma(Some(0.45455), Some(zero)).is_none());
    }
}

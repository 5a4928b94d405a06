//! What a bitmap says of its colors: `BITMAPV4HEADER` and `BITMAPV5HEADER` of Windows hold the colors
//! of their primaries, or a profile.

use moxcms::{Chromaticity, ColorPrimaries, ColorProfile, ToneReprCurve, XyY};

use crate::pixels::color_profile::Said;

/// Where the second header begins; places in it count from here.
const HEADER_AT: usize = 14;
const V4_BYTES: u32 = 108;
const V5_BYTES: u32 = 124;

/// `bV4CSType`: primaries and gammas are given.
const CALIBRATED: u32 = 0;
/// A profile is in the file.
const EMBEDDED: u32 = u32::from_be_bytes(*b"MBED");

/// What it says, if anything.
pub(super) fn said(bmp: &[u8]) -> Option<Said> {
    let header = bmp.get(HEADER_AT..)?;
    let number = |at: usize| Some(u32::from_le_bytes(*header.get(at..)?.first_chunk()?));
    let size = number(0)?;
    match number(56)? {
        EMBEDDED if size >= V5_BYTES => {
            let (at, length) = (number(112)? as usize, number(116)? as usize);
            let icc = header.get(at..at.checked_add(length)?)?;
            Some(Said::Icc(icc.to_vec()))
        }
        CALIBRATED if size >= V4_BYTES => {
            let mut ends = [[0.0; 3]; 3];
            for (at, value) in ends.iter_mut().flatten().enumerate() {
                // Two bits before the point, thirty behind it.
                *value = f64::from(number(60 + 4 * at)?) / f64::from(1 << 30);
            }
            let mut gammas = [0.0; 3];
            for (at, gamma) in gammas.iter_mut().enumerate() {
                *gamma = number(96 + 4 * at)? as f32 / 65536.0;
            }
            calibrated(ends, gammas)
        }
        _ => None,
    }
}

/// The profile of primaries in XYZ. Most programs write zeros, which say nothing.
fn calibrated(ends: [[f64; 3]; 3], gammas: [f32; 3]) -> Option<Said> {
    let sane = |gamma: &f32| (0.1..10.0).contains(gamma);
    if !gammas.iter().all(sane) {
        return None;
    }
    let white = [0, 1, 2].map(|axis| ends.iter().map(|end| end[axis]).sum::<f64>());
    let place = |[x, y, z]: [f64; 3]| {
        let sum = x + y + z;
        (sum > 0.0).then(|| (x / sum, y / sum))
    };
    let [red, green, blue] = ends.map(place);
    let near = |(x, y): (f64, f64)| Chromaticity::new(x as f32, y as f32);
    let primaries = ColorPrimaries {
        red: near(red?),
        green: near(green?),
        blue: near(blue?),
    };
    let (x, y) = place(white)?;
    let mut profile = ColorProfile::new_srgb();
    profile.update_rgb_colorimetry(XyY::new(x, y, 1.0), primaries);
    let [red, green, blue] = gammas.map(|gamma| Some(ToneReprCurve::Parametric(vec![gamma])));
    (profile.red_trc, profile.green_trc, profile.blue_trc) = (red, green, blue);
    Some(Said::Profile(Box::new(profile)))
}

//! What the values of a TIFF say of colors. Sources: TIFF 6.0, sections 8, 16 (CMYK), 21 (YCbCr), 23
//! (CIE L*a*b*); Adobe Photoshop TIFF technical notes (ICC L*a*b*).

use rayon::prelude::*;
use tiff::decoder::DecodingResult;

use super::{
    super::{
        decoded::{Decoded, Values},
        directory::Directory,
        fault::Fault,
    },
    page::{COLOR_MAP, Page, Photometric, REFERENCE_BLACK_WHITE, YCBCR_COEFFICIENTS},
    unpack::Layout,
};
use crate::pixels::color_profile::{Model, Said, luminance_of};

/// The picture of a page from its packed values.
pub(super) fn of(
    page: &Page<'_>,
    layout: &Layout,
    packed: DecodingResult,
) -> Result<Decoded, Fault> {
    let (width, height) = (page.width, page.height);
    let model = match page.photometric {
        Photometric::WhiteIsZero | Photometric::BlackIsZero => Model::Gray,
        Photometric::Inks => Model::Cmyk,
        _ => Model::Rgb,
    };
    let is_direct = matches!(
        page.photometric,
        Photometric::BlackIsZero | Photometric::Rgb | Photometric::Inks
    );
    let colors = page.photometric.colors();
    let alpha_at = page.alpha.map(|alpha| alpha.at);
    let is_plain = !layout.planar
        && page.samples == colors + usize::from(page.alpha.is_some())
        && alpha_at.is_none_or(|at| at == colors);
    let values = match packed {
        // As it is: no copy is made of the usual kinds.
        DecodingResult::U8(values) if is_direct && is_plain && page.bits == 8 => Values::U8(values),
        DecodingResult::U16(values) if is_direct && is_plain && page.bits == 16 => {
            Values::U16(values)
        }
        packed => {
            let values = layout.unpacked(&packed);
            drop(packed);
            let colored = Colored::of(page)?;
            let read = |pixel: &[f32], out: &mut [f32]| {
                colored.read(&pixel[..colors], &mut out[..model.channels()]);
                if let Some(at) = alpha_at {
                    out[model.channels()] = pixel[at];
                }
            };
            Values::F32(repacked(
                &values,
                page.samples,
                model.channels() + usize::from(alpha_at.is_some()),
                read,
            ))
        }
    };
    let mut decoded = Decoded::new(width, height, values, model);
    decoded.has_alpha = page.alpha.is_some();
    decoded.associated = page.alpha.is_some_and(|alpha| alpha.associated);
    if matches!(page.photometric, Photometric::CieLab | Photometric::IccLab) {
        // These are the same colors everywhere.
        decoded.said.push(Said::Srgb);
    }
    Ok(decoded)
}

fn repacked(
    values: &[f32],
    from: usize,
    to: usize,
    read: impl Fn(&[f32], &mut [f32]) + Sync,
) -> Vec<f32> {
    let mut out = vec![0.0; values.len() / from * to];
    out.par_chunks_exact_mut(to)
        .zip(values.par_chunks_exact(from))
        .for_each(|(out, pixel)| read(pixel, out));
    out
}

/// How one pixel becomes a color.
enum Colored {
    /// The values are those of the color.
    Direct,
    Inverted,
    /// Red, green, blue of each number.
    Palette(Vec<[f32; 3]>),
    YCbCr(YCbCr),
    /// Whether a and b are signed numbers.
    Lab {
        signed: bool,
        bits: usize,
    },
}

impl Colored {
    fn of(page: &Page<'_>) -> Result<Self, Fault> {
        Ok(match page.photometric {
            Photometric::BlackIsZero | Photometric::Rgb | Photometric::Inks => Self::Direct,
            Photometric::WhiteIsZero => Self::Inverted,
            Photometric::Palette => Self::Palette(palette(page)?),
            Photometric::YCbCr => Self::YCbCr(YCbCr::of(&page.directory, page.bits)),
            Photometric::CieLab => Self::Lab {
                signed: true,
                bits: page.bits,
            },
            Photometric::IccLab => Self::Lab {
                signed: false,
                bits: page.bits,
            },
        })
    }

    fn read(&self, pixel: &[f32], out: &mut [f32]) {
        match self {
            Self::Direct => out.copy_from_slice(pixel),
            Self::Inverted => {
                for (out, value) in out.iter_mut().zip(pixel) {
                    *out = 1.0 - value;
                }
            }
            Self::Palette(colors) => {
                let last = colors.len().saturating_sub(1);
                let number = (pixel[0] * last as f32).round() as usize;
                let color = colors.get(number).copied().unwrap_or_default();
                out.copy_from_slice(&color);
            }
            Self::YCbCr(coded) => out.copy_from_slice(&coded.rgb([pixel[0], pixel[1], pixel[2]])),
            Self::Lab { signed, bits } => {
                let range = 2_f32.powi(*bits as i32);
                // Both count in 256ths of a step where there are sixteen bits.
                let unit = range / 256.0;
                let axis = |value: f32| {
                    let number = value * (range - 1.0);
                    let number = if !*signed {
                        number - range / 2.0
                    } else if number >= range / 2.0 {
                        number - range
                    } else {
                        number
                    };
                    number / unit
                };
                let lab = [100.0 * pixel[0], axis(pixel[1]), axis(pixel[2])];
                out.copy_from_slice(&srgb_of_lab(lab));
            }
        }
    }
}

/// Red, green and blue of each number: all reds, all greens, all blues in 0..65535.
fn palette(page: &Page<'_>) -> Result<Vec<[f32; 3]>, Fault> {
    let map = page.directory.numbers(COLOR_MAP);
    let colors = 1_usize << page.bits.min(16);
    if map.len() < 3 * colors {
        return Err(Fault::Damaged("its palette is too short".to_owned()));
    }
    // Old programs wrote bytes.
    let largest = if map.iter().all(|&value| value < 256) {
        255.0
    } else {
        65535.0
    };
    let color =
        |number: usize| [0, 1, 2].map(|channel| map[channel * colors + number] as f32 / largest);
    Ok((0..colors).map(color).collect())
}

/// Luma and color differences.
struct YCbCr {
    /// Of red, green and blue in luma.
    luma: [f32; 3],
    /// What is black and white, or 0 and the largest difference, of each value in 0..1.
    ranges: [[f32; 2]; 3],
}

impl YCbCr {
    fn of(directory: &Directory<'_>, bits: usize) -> Self {
        let given = |tag: u16, usual: &[f64]| -> Vec<f32> {
            let given = directory.fractions(tag);
            let sound = given.len() >= usual.len() && given.iter().all(|value| value.is_finite());
            let values = if sound { &given[..] } else { usual };
            values.iter().map(|&value| value as f32).collect()
        };
        let largest = 2_f64.powi(bits as i32) - 1.0;
        let middle = 2_f64.powi(bits as i32 - 1);
        let luma = given(YCBCR_COEFFICIENTS, &[0.299, 0.587, 0.114]);
        let usual = [0.0, largest, middle, largest, middle, largest];
        let ranges = given(REFERENCE_BLACK_WHITE, &usual);
        let range = |at: usize| {
            let largest = largest as f32;
            [ranges[at] / largest, ranges[at + 1] / largest]
        };
        Self {
            luma: [luma[0], luma[1], luma[2]],
            ranges: [range(0), range(2), range(4)],
        }
    }

    fn rgb(&self, values: [f32; 3]) -> [f32; 3] {
        let scaled = |channel: usize| {
            let [low, high] = self.ranges[channel];
            (values[channel] - low) / (high - low)
        };
        // Differences reach half as far as luma does.
        let (y, cb, cr) = (scaled(0), 0.5 * scaled(1), 0.5 * scaled(2));
        let [of_red, of_green, of_blue] = self.luma;
        let red = y + cr * (2.0 - 2.0 * of_red);
        let blue = y + cb * (2.0 - 2.0 * of_blue);
        [red, (y - of_blue * blue - of_red * red) / of_green, blue]
    }
}

/// CIE L*a*b* under D50 to sRGB (the matrix is Bradford's to D65 and that of IEC 61966-2-1).
fn srgb_of_lab([lightness, a, b]: [f32; 3]) -> [f32; 3] {
    const WHITE: [f32; 3] = [0.9642, 1.0, 0.8249];
    const TO_LINEAR: [[f32; 3]; 3] = [
        [3.133_856, -1.616_867, -0.490_615],
        [-0.978_768, 1.916_142, 0.033_454],
        [0.071_945, -0.228_991, 1.405_243],
    ];
    let high = |value: f32| luminance_of(116.0 * value - 16.0);
    let middle = (lightness + 16.0) / 116.0;
    let parts = [middle + a / 500.0, middle, middle - b / 200.0];
    let xyz = [0, 1, 2].map(|axis| WHITE[axis] * high(parts[axis]));
    TO_LINEAR.map(|row| {
        let linear: f32 = row
            .iter()
            .zip(xyz)
            .map(|(factor, value)| factor * value)
            .sum();
        if linear <= 0.003_130_8 {
            12.92 * linear.max(0.0)
        } else {
            1.055 * linear.powf(1.0 / 2.4) - 0.055
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lab_has_the_colors_of_its_definition() {
        for (lab, expected) in [
            ([100.0, 0.0, 0.0], [1.0, 1.0, 1.0]),
            ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
            ([53.389, 0.0, 0.0], [0.5, 0.5, 0.5]),
            // sRGB's red, adapted to D50 by Bradford.
            ([54.29, 80.81, 69.89], [1.0, 0.0, 0.0]),
        ] {
            let rgb = srgb_of_lab(lab);
            for (value, expected) in rgb.iter().zip(expected) {
                assert!((value - expected).abs() < 0.01, "{lab:?}: {rgb:?}");
            }
        }
    }
}

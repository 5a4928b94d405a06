//! Planes to a file: PNG, JPEG, WebP, TIFF or BMP by the name's extension.
//!
//! Called by `app` and `cli`. A file appears whole or not at all (`files`). Values are rounded to the
//! nearest step without dither, so that saving and opening again changes nothing.

use std::{io::Cursor, path::Path};

use image::{
    ExtendedColorType, ImageEncoder, ImageError,
    codecs::{bmp::BmpEncoder, jpeg::JpegEncoder, tiff::TiffEncoder, webp::WebPEncoder},
};
use moxcms::ColorProfile;
use rayon::prelude::*;

use super::{Planes, embed, rgba8::byte_of};
use crate::{
    error::{Error, Result},
    files,
};

/// Extensions of the files that can be written.
pub const SAVE_EXTENSIONS: &[&str] = &["png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp"];

/// A format that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveFormat {
    /// Lossless, 8 or 16 bits, alpha, record.
    Png,
    /// Lossy, 8 bits, record; alpha is put on white.
    Jpeg,
    /// Lossless, 8 bits, alpha, record.
    WebP,
    /// Lossless, 8 or 16 bits, alpha, record; large.
    Tiff,
    /// Lossless, 8 bits, alpha; large; it has no place for a record or a profile.
    Bmp,
}

impl SaveFormat {
    /// The format that a file of this name is written in.
    ///
    /// # Errors
    /// When the extension is missing or of no format that can be written.
    pub fn from_path(path: &Path) -> Result<Self> {
        let extension = path
            .extension()
            .map(|extension| extension.to_string_lossy().to_ascii_lowercase())
            .unwrap_or_default();
        match extension.as_str() {
            "png" => Ok(Self::Png),
            "jpg" | "jpeg" => Ok(Self::Jpeg),
            "webp" => Ok(Self::WebP),
            "tif" | "tiff" => Ok(Self::Tiff),
            "bmp" => Ok(Self::Bmp),
            _ => Err(Error::setting(
                "file name",
                path.display(),
                format!("it must end in one of: .{}", SAVE_EXTENSIONS.join(", .")),
            )),
        }
    }

    /// Whether a file of this format can hold sixteen bits for each color.
    pub fn is_deep(self) -> bool {
        matches!(self, Self::Png | Self::Tiff)
    }

    /// Whether a file of this format can carry a record.
    pub fn remembers(self) -> bool {
        self != Self::Bmp
    }
}

/// Bits for each color of each pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BitDepth {
    /// 256 steps.
    #[default]
    Eight,
    /// 65536 steps, in PNG and TIFF; the other formats have eight bits.
    Sixteen,
}

/// How a picture is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveOptions {
    /// Bits, where the format has a choice.
    pub bit_depth: BitDepth,
    /// 1 (smallest) to 100 (best); values outside are taken as the nearest.
    pub jpeg_quality: u8,
    /// A text, normally JSON, that goes into the file and comes back from
    /// [`read_record`](super::read_record). Formats without a place for it leave it out.
    pub record: Option<String>,
}

impl Default for SaveOptions {
    /// Eight bits, JPEG quality 95 (no visible loss), no record.
    fn default() -> Self {
        Self {
            bit_depth: BitDepth::Eight,
            jpeg_quality: 95,
            record: None,
        }
    }
}

/// Writes a picture in the format that `path` names; a file of that name is replaced.
///
/// `alpha` is opacity 0..1, `[H, W]`.
///
/// # Errors
/// When the extension is unknown, the format cannot hold the picture or its record, or the folder
/// is missing, full or not to be written in. Then nothing of it is left, and a file that was there
/// before is as it was.
///
/// # Panics
/// When `alpha` is not `[H, W]`.
pub fn save(
    path: &Path,
    planes: &Planes,
    alpha: Option<&[f32]>,
    options: &SaveOptions,
) -> Result<()> {
    let format = SaveFormat::from_path(path)?;
    if let Some(alpha) = alpha {
        assert_eq!(alpha.len(), planes.pixels(), "alpha is [H, W]");
    }
    let alpha = alpha.filter(|alpha| alpha.iter().any(|&value| value < 1.0));
    let bytes = encode(format, planes, alpha, options).map_err(|why| Error::Picture {
        name: path.display().to_string(),
        why,
        advice: "Save it as PNG or TIFF",
    })?;
    files::replace(path, &bytes).map_err(|source| files::unwritable(path, source))
}

/// A picture without alpha and record as JPEG in memory.
///
/// # Errors
/// When it has too many pixels for the format.
pub fn encode_jpeg(planes: &Planes, quality: u8) -> Result<Vec<u8>> {
    let options = SaveOptions {
        jpeg_quality: quality,
        ..SaveOptions::default()
    };
    encode(SaveFormat::Jpeg, planes, None, &options).map_err(|why| Error::Picture {
        name: "of the moment".to_owned(),
        why,
        advice: "Choose a smaller size",
    })
}

/// The file's content; the error says why the format cannot hold it.
fn encode(
    format: SaveFormat,
    planes: &Planes,
    alpha: Option<&[f32]>,
    options: &SaveOptions,
) -> Result<Vec<u8>, String> {
    let record = options.record.as_deref();
    if record.is_some_and(|record| record.len() > embed::MAX_RECORD_BYTES) {
        return Err("its record is too long".to_owned());
    }
    let deep = options.bit_depth == BitDepth::Sixteen;
    let failed = |error: ImageError| error.to_string();
    let too_large = |_| "it has too many pixels".to_owned();
    let width = u32::try_from(planes.width).map_err(too_large)?;
    let height = u32::try_from(planes.height).map_err(too_large)?;
    let colors = if alpha.is_some() {
        ExtendedColorType::Rgba8
    } else {
        ExtendedColorType::Rgb8
    };
    let mut bytes = Vec::new();
    match format {
        SaveFormat::Png => {
            let samples = if deep {
                interleaved(planes, alpha, word_of)
                    .into_iter()
                    .flat_map(u16::to_be_bytes)
                    .collect()
            } else {
                interleaved(planes, alpha, byte_of)
            };
            encode_png(
                &mut bytes,
                (width, height),
                &samples,
                alpha.is_some(),
                options,
            )
            .map_err(|error| error.to_string())?;
        }
        SaveFormat::Jpeg => {
            let flat = alpha.map(|alpha| on_white(planes, alpha));
            let samples = interleaved(flat.as_ref().unwrap_or(planes), None, byte_of);
            let quality = options.jpeg_quality.clamp(1, 100);
            let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
            tag_srgb(&mut encoder)?;
            encoder
                .write_image(&samples, width, height, ExtendedColorType::Rgb8)
                .map_err(failed)?;
            if let Some(record) = record {
                embed::insert_into_jpeg(&mut bytes, record)?;
            }
        }
        SaveFormat::WebP => {
            let samples = interleaved(planes, alpha, byte_of);
            let mut encoder = WebPEncoder::new_lossless(&mut bytes);
            tag_srgb(&mut encoder)?;
            encoder
                .write_image(&samples, width, height, colors)
                .map_err(failed)?;
            if let Some(record) = record {
                embed::append_to_webp(&mut bytes, record)?;
            }
        }
        SaveFormat::Tiff => {
            let mut encoder = TiffEncoder::new(Cursor::new(&mut bytes));
            tag_srgb(&mut encoder)?;
            if deep {
                let samples: Vec<u8> = interleaved(planes, alpha, word_of)
                    .into_iter()
                    .flat_map(u16::to_ne_bytes)
                    .collect();
                let colors = if alpha.is_some() {
                    ExtendedColorType::Rgba16
                } else {
                    ExtendedColorType::Rgb16
                };
                encoder.write_image(&samples, width, height, colors)
            } else {
                let samples = interleaved(planes, alpha, byte_of);
                encoder.write_image(&samples, width, height, colors)
            }
            .map_err(failed)?;
            embed::complete_tiff(&mut bytes, record, alpha.is_some())?;
        }
        SaveFormat::Bmp => {
            let samples = interleaved(planes, alpha, byte_of);
            BmpEncoder::new(&mut bytes)
                .write_image(&samples, width, height, colors)
                .map_err(failed)?;
        }
    }
    Ok(bytes)
}

/// `samples` are big-endian at sixteen bits.
fn encode_png(
    out: &mut Vec<u8>,
    size: (u32, u32),
    samples: &[u8],
    alpha: bool,
    options: &SaveOptions,
) -> Result<(), png::EncodingError> {
    let mut encoder = png::Encoder::new(out, size.0, size.1);
    encoder.set_color(if alpha {
        png::ColorType::Rgba
    } else {
        png::ColorType::Rgb
    });
    encoder.set_depth(match options.bit_depth {
        BitDepth::Eight => png::BitDepth::Eight,
        BitDepth::Sixteen => png::BitDepth::Sixteen,
    });
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    if let Some(record) = &options.record {
        encoder.add_itxt_chunk(embed::PNG_KEYWORD.to_owned(), record.clone())?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(samples)?;
    writer.finish()
}

fn tag_srgb(encoder: &mut impl ImageEncoder) -> Result<(), String> {
    let profile = ColorProfile::new_srgb()
        .encode()
        .map_err(|error| error.to_string())?;
    encoder
        .set_icc_profile(profile)
        .map_err(|error| error.to_string())
}

/// `value` in 0..1 as a 16-bit step, rounded to the nearest.
fn word_of(value: f32) -> u16 {
    (f64::from(value.clamp(0.0, 1.0)) * 65535.0 + 0.5) as u16
}

/// R, G, B and, where there is one, A of each pixel.
fn interleaved<T: Copy + Default + Send>(
    planes: &Planes,
    alpha: Option<&[f32]>,
    sample: fn(f32) -> T,
) -> Vec<T> {
    let (width, channels) = (planes.width, 3 + usize::from(alpha.is_some()));
    let mut out = vec![T::default(); channels * planes.pixels()];
    out.par_chunks_exact_mut(channels * width)
        .enumerate()
        .for_each(|(y, row)| {
            for (x, pixel) in row.chunks_exact_mut(channels).enumerate() {
                let at = y * width + x;
                for (channel, out) in pixel[..3].iter_mut().enumerate() {
                    *out = sample(planes.plane(channel)[at]);
                }
                if let Some(alpha) = alpha {
                    pixel[3] = sample(alpha[at]);
                }
            }
        });
    out
}

/// The picture laid on white, for formats without alpha.
fn on_white(planes: &Planes, alpha: &[f32]) -> Planes {
    let mut out = planes.clone();
    for plane in out.data.chunks_exact_mut(planes.pixels()) {
        for (value, &alpha) in plane.iter_mut().zip(alpha) {
            *value = value.clamp(0.0, 1.0) * alpha + (1.0 - alpha);
        }
    }
    out
}

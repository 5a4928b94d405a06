//! File or clipboard to [`Picture`]: recognized by content, within limits, upright, in sRGB.
//!
//! Called by `app` and `cli`. Everything here comes from strangers: sizes are checked before memory
//! is taken, and a decoder that panics costs the picture, never the program.

use std::{
    fs::File,
    io::{Cursor, ErrorKind, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, metadata::Orientation,
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{Picture, Planes, color_profile::Conversion, complete::is_complete, kind::Kind};
use crate::error::{Error, Result};

/// Extensions of the files that can be read, for file dialogs. Reading itself goes by content.
pub const OPEN_EXTENSIONS: &[&str] = &[
    "png", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "tif", "tiff", "bmp",
];

/// Longest side that is read: far above what a run can use.
const MAX_SIDE_PX: u32 = 20_000;
/// Most pixels that are read: the largest cameras stay below; their planes take 1.6 GB.
const MAX_PIXELS: u64 = 1 << 27;
/// Most memory a decoder may take.
const MAX_DECODE_BYTES: u64 = 1 << 30;
/// Largest file that is read: a 16-bit RGB TIFF of [`MAX_PIXELS`] is below.
const MAX_FILE_BYTES: u64 = 1 << 30;

const FETCH_AGAIN: &str =
    "Copy or download it again, or open it in a picture viewer and save it anew";
const REDUCE: &str = "Reduce it in a picture editor first";
const CONVERT: &str = "Open it in a picture viewer and export it as PNG, then use that file";
const CHOOSE: &str = "Choose a PNG, JPEG, WebP, GIF, TIFF or BMP file";

impl Picture {
    /// Reads the picture in a file.
    ///
    /// # Errors
    /// When the file cannot be read, is not a picture, is damaged, cut off or larger than the
    /// limits; each says what to do.
    pub fn open(path: &Path) -> Result<Self> {
        let bytes = read_file(path)?;
        let mut picture = Self::from_bytes(&bytes, &name_of(path))?;
        picture.path = Some(path.to_owned());
        Ok(picture)
    }

    /// Reads the picture in `bytes`, the content of a file of any readable format.
    /// `name` is for people.
    ///
    /// # Errors
    /// As [`Picture::open`].
    pub fn from_bytes(bytes: &[u8], name: &str) -> Result<Self> {
        let format = recognize(bytes, name)?;
        if !is_complete(format, bytes) {
            return Err(unusable(
                name,
                "the file is cut off before its end",
                FETCH_AGAIN,
            ));
        }
        // Decoders may panic on hostile input. Nothing of theirs is used after that.
        let (planes, alpha) = catch_unwind(AssertUnwindSafe(|| decode(bytes, format, name)))
            .unwrap_or_else(|_| Err(unusable(name, "the file is damaged", FETCH_AGAIN)))?;
        Ok(Self {
            planes,
            alpha,
            name: name.to_owned(),
            path: None,
            sha256: hex(&Sha256::digest(bytes)),
        })
    }

    /// A picture from bytes R, G, B, A, row by row (a clipboard's), with alpha not multiplied in.
    ///
    /// # Errors
    /// When the size is 0 or above the limits, or `rgba` has not `4 · width · height` bytes.
    pub fn from_rgba8(width: usize, height: usize, rgba: &[u8], name: &str) -> Result<Self> {
        check_size(width as u64, height as u64, name)?;
        if rgba.len() != 4 * width * height {
            return Err(unusable(
                name,
                format!("it has {} bytes for {width} x {height} pixels", rgba.len()),
                "Copy the picture again, or save it as a file and open that",
            ));
        }
        let (planes, alpha) = separate(
            Samples::new(rgba, 4, |byte| f32::from(byte) / 255.0),
            width,
            height,
            &Conversion::Unchanged,
        );
        Ok(Self {
            planes,
            alpha,
            name: name.to_owned(),
            path: None,
            sha256: String::new(),
        })
    }
}

/// A file's own name, for people.
fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    let failed = |source: std::io::Error| {
        let advice = match source.kind() {
            ErrorKind::NotFound => "Check the name and the folder; it may have been moved",
            ErrorKind::PermissionDenied => {
                "Give yourself the right to read it, or copy it to your own folder"
            }
            _ => "Try again, or copy the file to another place",
        };
        Error::file("read", path, source, advice)
    };
    let about = path.metadata().map_err(failed)?;
    let name = name_of(path);
    if about.is_dir() {
        return Err(unusable(
            &name,
            "it is a folder",
            "Choose a picture inside it",
        ));
    }
    // A pipe or a device may never end.
    if !about.is_file() {
        return Err(unusable(&name, "it is not an ordinary file", CHOOSE));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        let why = format!("the file is larger than {} MB", MAX_FILE_BYTES >> 20);
        return Err(unusable(&name, why, REDUCE));
    }
    Ok(bytes)
}

fn recognize(bytes: &[u8], name: &str) -> Result<ImageFormat> {
    if bytes.is_empty() {
        return Err(unusable(name, "the file is empty", FETCH_AGAIN));
    }
    match Kind::of(&bytes[..bytes.len().min(512)]) {
        Kind::Readable(format) => Ok(format),
        Kind::Foreign(what, advice) => Err(unusable(
            name,
            format!("it is {what}, which cannot be read here"),
            advice,
        )),
        Kind::Text => Err(unusable(name, "it is a text, not a picture", CHOOSE)),
        Kind::Unknown => Err(unusable(
            name,
            "it is not a picture of a known format",
            CHOOSE,
        )),
    }
}

fn check_size(width: u64, height: u64, name: &str) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(unusable(name, "it has no pixels", CHOOSE));
    }
    let side = u64::from(MAX_SIDE_PX);
    if width > side || height > side || width * height > MAX_PIXELS {
        let why = format!(
            "it has {width} x {height} pixels, and at most {MAX_SIDE_PX} a side and {} million in \
             all are read",
            MAX_PIXELS / 1_000_000
        );
        return Err(unusable(name, why, REDUCE));
    }
    Ok(())
}

fn decode(bytes: &[u8], format: ImageFormat, name: &str) -> Result<(Planes, Option<Vec<f32>>)> {
    let failed = |error| decoding_failed(&error, format, name);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    limits.max_alloc = Some(MAX_DECODE_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(failed)?;
    let (width, height) = decoder.dimensions();
    check_size(width.into(), height.into(), name)?;
    // The decoders leave their output out of the limits: it is taken off here.
    limits.reserve(decoder.total_bytes()).map_err(failed)?;
    decoder.set_limits(limits).map_err(failed)?;
    // Damaged metadata cost their effect, not the picture.
    let icc = decoder.icc_profile().ok().flatten();
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(failed)?;
    image.apply_orientation(orientation);
    let conversion = Conversion::new(icc.as_deref(), !image.color().has_color());
    Ok(planes_of(&image, &conversion))
}

fn planes_of(image: &DynamicImage, conversion: &Conversion) -> (Planes, Option<Vec<f32>>) {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let channels = usize::from(image.color().channel_count());
    let from_u8 = |samples| {
        let samples = Samples::new(samples, channels, |value| f32::from(value) / 255.0);
        separate(samples, width, height, conversion)
    };
    let from_u16 = |samples| {
        let samples = Samples::new(samples, channels, |value| f32::from(value) / 65535.0);
        separate(samples, width, height, conversion)
    };
    let from_f32 = |samples| {
        let samples = Samples::new(samples, channels, in_range);
        separate(samples, width, height, conversion)
    };
    match image {
        DynamicImage::ImageLuma8(buffer) => from_u8(buffer.as_raw()),
        DynamicImage::ImageLumaA8(buffer) => from_u8(buffer.as_raw()),
        DynamicImage::ImageRgb8(buffer) => from_u8(buffer.as_raw()),
        DynamicImage::ImageRgba8(buffer) => from_u8(buffer.as_raw()),
        DynamicImage::ImageLuma16(buffer) => from_u16(buffer.as_raw()),
        DynamicImage::ImageLumaA16(buffer) => from_u16(buffer.as_raw()),
        DynamicImage::ImageRgb16(buffer) => from_u16(buffer.as_raw()),
        DynamicImage::ImageRgba16(buffer) => from_u16(buffer.as_raw()),
        DynamicImage::ImageRgb32F(buffer) => from_f32(buffer.as_raw()),
        other => separate(
            Samples::new(other.to_rgba32f().as_raw(), 4, in_range),
            width,
            height,
            conversion,
        ),
    }
}

/// Floating-point files may hold anything, not-a-number included.
fn in_range(value: f32) -> f32 {
    if value.is_nan() {
        0.0
    } else {
        value.clamp(0.0, 1.0)
    }
}

/// Interleaved samples of 1 (gray), 2 (gray, alpha), 3 (RGB) or 4 (RGB, alpha) channels.
struct Samples<'a, T, F> {
    values: &'a [T],
    channels: usize,
    /// A sample in 0..1.
    scaled: F,
}

impl<'a, T, F> Samples<'a, T, F> {
    fn new(values: &'a [T], channels: usize, scaled: F) -> Self {
        Self {
            values,
            channels,
            scaled,
        }
    }
}

/// Interleaved samples to planes in sRGB and, unless all is opaque, alpha.
fn separate<T: Copy + Sync, F: Fn(T) -> f32 + Sync>(
    samples: Samples<'_, T, F>,
    width: usize,
    height: usize,
    conversion: &Conversion,
) -> (Planes, Option<Vec<f32>>) {
    let Samples {
        values,
        channels,
        scaled,
    } = samples;
    let pixels = width * height;
    let mut data = vec![0.0; 3 * pixels];
    let (red, rest) = data.split_at_mut(pixels);
    let (green, blue) = rest.split_at_mut(pixels);
    // Offsets of green and blue inside a pixel: gray has one value for all three.
    let (to_green, to_blue) = if channels < 3 { (0, 0) } else { (1, 2) };
    values
        .par_chunks_exact(channels * width)
        .zip(red.par_chunks_exact_mut(width))
        .zip(green.par_chunks_exact_mut(width))
        .zip(blue.par_chunks_exact_mut(width))
        .for_each_init(
            || (Vec::with_capacity(3 * width), Vec::new()),
            |(rgb, scratch), (((row, red), green), blue)| {
                rgb.clear();
                for pixel in row.chunks_exact(channels) {
                    rgb.extend([
                        scaled(pixel[0]),
                        scaled(pixel[to_green]),
                        scaled(pixel[to_blue]),
                    ]);
                }
                conversion.apply(rgb, scratch);
                for (x, pixel) in rgb.chunks_exact(3).enumerate() {
                    red[x] = pixel[0];
                    green[x] = pixel[1];
                    blue[x] = pixel[2];
                }
            },
        );
    let alpha = channels.is_multiple_of(2).then(|| {
        values
            .par_chunks_exact(channels)
            .map(|pixel| scaled(pixel[channels - 1]))
            .collect::<Vec<f32>>()
    });
    let planes = Planes {
        width,
        height,
        data,
    };
    (
        planes,
        alpha.filter(|alpha| alpha.iter().any(|&value| value < 1.0)),
    )
}

fn decoding_failed(error: &ImageError, format: ImageFormat, name: &str) -> Error {
    let format = format.extensions_str()[0].to_uppercase();
    match error {
        ImageError::Limits(_) => {
            let why = format!(
                "it is larger than what is read (at most {MAX_SIDE_PX} pixels a side and {} million \
                 in all)",
                MAX_PIXELS / 1_000_000
            );
            unusable(name, why, REDUCE)
        }
        ImageError::Unsupported(what) => {
            let why = format!("this variety of {format} cannot be read ({what})");
            unusable(name, why, CONVERT)
        }
        ImageError::IoError(source) if source.kind() == ErrorKind::UnexpectedEof => {
            unusable(name, "the file is cut off before its end", FETCH_AGAIN)
        }
        other => unusable(
            name,
            format!("the {format} data are damaged or cut off ({other})"),
            FETCH_AGAIN,
        ),
    }
}

fn unusable(name: &str, why: impl Into<String>, advice: &'static str) -> Error {
    Error::Picture {
        name: name.to_owned(),
        why: why.into(),
        advice,
    }
}

pub(super) fn hex(digest: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    digest
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

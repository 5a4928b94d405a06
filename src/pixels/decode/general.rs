//! Every format that the crate `image` reads as it should be.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, metadata::Orientation};

use super::{
    bmp_color,
    decoded::{Decoded, Values},
    exif,
    fault::Fault,
    limits::{MAX_DECODE_BYTES, MAX_SIDE_PX, check_sides},
    png_color,
};
use crate::pixels::color_profile::{Model, Said};

/// Decodes by `image`.
pub(super) fn decode(bytes: &[u8], format: ImageFormat) -> Result<Decoded, Fault> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    limits.max_alloc = Some(MAX_DECODE_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    check_sides(width.into(), height.into())?;
    // The decoders leave their output out of the limits: it is taken off here.
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    // Damaged metadata cost their effect, not the picture.
    let mut said = match format {
        ImageFormat::Png => png_color::said(bytes),
        ImageFormat::Bmp => bmp_color::said(bytes).into_iter().collect(),
        _ => {
            let icc = decoder.icc_profile().ok().flatten();
            icc.map(Said::Icc).into_iter().collect()
        }
    };
    if let Ok(Some(exif)) = decoder.exif_metadata()
        && exif::says_adobe_rgb(&exif)
    {
        said.push(Said::adobe_rgb());
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut decoded = of_image(DynamicImage::from_decoder(decoder)?);
    decoded.said = said;
    decoded.orientation = orientation;
    Ok(decoded)
}

fn of_image(image: DynamicImage) -> Decoded {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let (model, has_alpha) = (
        if image.color().has_color() {
            Model::Rgb
        } else {
            Model::Gray
        },
        image.color().has_alpha(),
    );
    let values = match image {
        DynamicImage::ImageLuma8(buffer) => Values::U8(buffer.into_raw()),
        DynamicImage::ImageLumaA8(buffer) => Values::U8(buffer.into_raw()),
        DynamicImage::ImageRgb8(buffer) => Values::U8(buffer.into_raw()),
        DynamicImage::ImageRgba8(buffer) => Values::U8(buffer.into_raw()),
        DynamicImage::ImageLuma16(buffer) => Values::U16(buffer.into_raw()),
        DynamicImage::ImageLumaA16(buffer) => Values::U16(buffer.into_raw()),
        DynamicImage::ImageRgb16(buffer) => Values::U16(buffer.into_raw()),
        DynamicImage::ImageRgba16(buffer) => Values::U16(buffer.into_raw()),
        DynamicImage::ImageRgb32F(buffer) => Values::F32(buffer.into_raw()),
        other => {
            let values = Values::F32(other.to_rgba32f().into_raw());
            return Decoded {
                has_alpha: true,
                ..Decoded::new(width, height, values, Model::Rgb)
            };
        }
    };
    Decoded {
        has_alpha,
        ..Decoded::new(width, height, values, model)
    }
}

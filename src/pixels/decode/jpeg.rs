//! JPEG: kinds that are not read get a name, a picture that is whole but for its end is read, and
//! inks are handed on as inks. Sources: ITU-T T.81, tables B.1 and B.2; Adobe Technical Note 5116.

use image::{ImageFormat, metadata::Orientation};
use zune_jpeg::{
    JpegDecoder,
    errors::DecodeErrors,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::{
    decoded::{Decoded, Values},
    fault::Fault,
    general,
    limits::{MAX_SIDE_PX, check_sides},
};
use crate::pixels::{
    color_profile::{Model, Said},
    complete::{JpegParts, jpeg_parts},
};

const END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];

/// Decodes a JPEG.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Fault> {
    let parts = jpeg_parts(bytes);
    if let Some(name) = parts.frame.and_then(|frame| unread(&parts, frame)) {
        return Err(Fault::Kind(format!("it is {name}, a kind of JPEG")));
    }
    if parts.has_end {
        return decode_whole(bytes);
    }
    // The decoder fills what is missing with gray and reports nothing. Where all is there, what
    // follows makes no difference.
    let ended = |filling: u8| {
        let mut longer = bytes.to_vec();
        longer.extend([filling; 64]);
        longer.extend(END_OF_IMAGE);
        decode_whole(&longer)
    };
    let (mut first, second) = (ended(0x00)?, ended(0x55)?);
    let (Values::U8(a), Values::U8(b)) = (&first.values, &second.values) else {
        return Err(Fault::CutOff);
    };
    if a != b {
        return Err(Fault::CutOff);
    }
    first.notes.push(
        "its end marker is missing; what is there was read, and it may be cut off".to_owned(),
    );
    Ok(first)
}

/// The name of a kind that is not read.
fn unread(parts: &JpegParts, frame: u8) -> Option<&'static str> {
    match frame {
        0xc3 | 0xf7 => Some("a lossless JPEG"),
        0xc5..=0xc7 => Some("a hierarchical JPEG"),
        0xc9..=0xcb | 0xcd..=0xcf => Some("a JPEG in arithmetic coding"),
        _ if parts.precision == Some(12) => Some("a JPEG of 12 bits"),
        _ if parts.precision.is_some_and(|bits| bits != 8) => Some("a JPEG of unusual depth"),
        _ => None,
    }
}

fn decode_whole(bytes: &[u8]) -> Result<Decoded, Fault> {
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(MAX_SIDE_PX as usize)
        .set_max_height(MAX_SIDE_PX as usize);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers()?;
    let colors = decoder.input_colorspace();
    let Some(colors @ (ColorSpace::CMYK | ColorSpace::YCCK)) = colors else {
        return general::decode(bytes, ImageFormat::Jpeg);
    };
    let (width, height) = decoder.dimensions().unwrap_or((0, 0));
    check_sides(width as u64, height as u64)?;
    decoder.set_options(options.jpeg_set_out_colorspace(colors));
    let mut values = decoder.decode()?;
    for pixel in values.as_chunks_mut::<4>().0 {
        *pixel = inks(*pixel, colors);
    }
    let mut decoded = Decoded::new(width, height, Values::U8(values), Model::Cmyk);
    decoded.said.extend(decoder.icc_profile().map(Said::Icc));
    let orientation = decoder.exif().and_then(|exif| {
        Orientation::from_exif_chunk(exif.strip_prefix(b"Exif\0\0").unwrap_or(exif))
    });
    decoded.orientation = orientation.unwrap_or(Orientation::NoTransforms);
    Ok(decoded)
}

/// Amounts of ink, 255 being full. Programs write them the other way round, as Photoshop does.
fn inks([a, b, c, black]: [u8; 4], colors: ColorSpace) -> [u8; 4] {
    let [cyan, magenta, yellow] = if colors == ColorSpace::YCCK {
        // Red, green and blue of T.871 are the inks, since what is stored is turned round.
        let (y, cb, cr) = (f32::from(a), f32::from(b) - 128.0, f32::from(c) - 128.0);
        [
            y + 1.402 * cr,
            y - 0.344_136 * cb - 0.714_136 * cr,
            y + 1.772 * cb,
        ]
        .map(|value| value.round().clamp(0.0, 255.0) as u8)
    } else {
        [a, b, c].map(|value| 255 - value)
    };
    [cyan, magenta, yellow, 255 - black]
}

impl From<DecodeErrors> for Fault {
    fn from(error: DecodeErrors) -> Self {
        match error {
            DecodeErrors::Unsupported(what) => Self::Unsupported(format!("{what:?}")),
            DecodeErrors::LargeDimensions(_) => Self::TooLarge,
            DecodeErrors::ExhaustedData => Self::CutOff,
            other => Self::Damaged(format!("{other:?}")),
        }
    }
}

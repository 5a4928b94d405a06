//! TIFF: which of its pictures, how its values are stored, and what they mean.
//!
//! The crate `tiff` unpacks the values; what it knows of colors leaves most kinds out. It gets to see
//! the file with some tags changed (`view`), so that it hands every kind of picture out as plain
//! values, and their meaning is told here. Source: TIFF 6.0.
//!
//! | file | what it does |
//! |---|---|
//! | `page` | the picture among several, and its tags |
//! | `view` | the file as the unpacker sees it |
//! | `unpack` | packed values of any kind to 0..1 |
//! | `meaning` | what those say of colors |

mod meaning;
mod page;
mod unpack;
mod view;

use std::io::BufReader;

use image::metadata::Orientation;
use tiff::decoder::{Decoder, DecodingResult, Limits};

use self::{page::Page, unpack::Layout, view::View};
use super::{
    decoded::Decoded,
    exif,
    fault::Fault,
    limits::{MAX_DECODE_BYTES, check_sides},
};
use crate::pixels::color_profile::Said;

/// Most memory for the places of strips and tiles.
const MAX_TAG_BYTES: usize = 64 << 20;

/// Decodes the picture of a TIFF.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Fault> {
    let page = Page::of_file(bytes)?;
    check_sides(page.width as u64, page.height as u64)?;
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MAX_DECODE_BYTES as usize;
    limits.intermediate_buffer_size = MAX_DECODE_BYTES as usize;
    limits.ifd_value_size = MAX_TAG_BYTES;
    let view = BufReader::new(View::of(bytes, &page));
    let mut decoder = Decoder::new(view)?.with_limits(limits);
    let mut packed = DecodingResult::U8(Vec::new());
    let storage = decoder.read_image_to_buffer(&mut packed)?;
    if packed.as_buffer(0).as_bytes().len() < storage.complete_len {
        return Err(Fault::TooLarge);
    }
    let layout = Layout {
        width: page.width,
        height: page.height,
        channels: page.samples,
        bits: page.bits,
        planar: storage.planes > 1,
    };
    let mut decoded = meaning::of(&page, &layout, packed)?;
    let profile = page.directory.block(page::ICC_PROFILE);
    decoded
        .said
        .extend(profile.map(|icc| Said::Icc(icc.to_vec())));
    if exif::directory_says_adobe_rgb(bytes, &page.directory) {
        decoded.said.push(Said::adobe_rgb());
    }
    let orientation = page.directory.number(page::ORIENTATION);
    decoded.orientation = orientation
        .and_then(|value| Orientation::from_exif(u8::try_from(value).ok()?))
        .unwrap_or(Orientation::NoTransforms);
    Ok(decoded)
}

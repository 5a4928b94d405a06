//! Bytes of a file to a picture in sRGB, for every format that is read.
//!
//! Called by `read` with a file that is there as a whole. Decoders are those of the crates `image`,
//! `tiff` and `zune-jpeg`; what they leave out is told or mended here: color, alpha, pages, kinds.
//!
//! | file | what it does |
//! |---|---|
//! | `general` | every format that `image` reads as it should be |
//! | `jpeg` | kinds of JPEG, a missing end, inks |
//! | `tiff` | which page, how its values are stored, what they mean |
//! | `png_color`, `bmp_color`, `exif` | what a file says of its colors besides a profile |
//! | `directory` | the directories of TIFF and EXIF |
//! | `decoded` | what a decoder hands on, to planes |
//! | `upright` | turned as the file asks for |
//! | `limits`, `fault` | how much is read; why nothing is |

mod bmp_color;
mod decoded;
mod directory;
mod exif;
mod fault;
mod general;
mod jpeg;
mod limits;
mod png_color;
mod tiff;
mod upright;

use image::ImageFormat;

pub(super) use self::{
    decoded::Seen,
    fault::Fault,
    limits::{MAX_PIXELS, MAX_SIDE_PX, check_sides},
};

/// Decodes a whole file.
pub(super) fn decode(bytes: &[u8], format: ImageFormat) -> Result<Seen, Fault> {
    let decoded = match format {
        ImageFormat::Jpeg => jpeg::decode(bytes)?,
        ImageFormat::Tiff => tiff::decode(bytes)?,
        other => general::decode(bytes, other)?,
    };
    Ok(decoded.seen())
}

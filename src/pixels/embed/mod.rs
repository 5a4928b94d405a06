//! Settings inside saved pictures: one text, the record, put into a file and found again.
//!
//! `write` puts it in; `app` and `cli` ask [`read_record`]. Reading looks at the file's structure
//! only: pixels are never decoded, lengths are never trusted, and a file that is damaged or not ours
//! simply has no record.
//!
//! | format | place |
//! |---|---|
//! | PNG | chunk `iTXt` with the keyword `impasto` (PNG, third edition, 11.3.3.4) |
//! | JPEG | segment APP1 with an XMP packet (XMP specification part 3, 1.1.3) |
//! | WebP | chunk `XMP ` (WebP container specification) |
//! | TIFF | tag 700, an XMP packet (XMP specification part 3, 3.3) |

mod jpeg;
mod png;
mod tiff;
mod webp;
mod xmp;

use std::{
    fs::File,
    io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom},
    path::Path,
};

use image::ImageFormat;

pub(super) use self::{
    jpeg::insert as insert_into_jpeg, png::KEYWORD as PNG_KEYWORD, tiff::complete as complete_tiff,
    webp::append as append_to_webp,
};
use super::kind::Kind;
use crate::error::{Error, Result};

/// Longest record that is written or read: hundreds of times a full set of settings.
pub(super) const MAX_RECORD_BYTES: usize = 1 << 20;
/// Longest XMP packet that is looked through: a record may grow sixfold by escapes.
const MAX_PACKET_BYTES: u64 = 8 << 20;

/// The record that was saved in a picture, if it has one.
///
/// # Errors
/// When the file cannot be read.
pub fn read_record(path: &Path) -> Result<Option<String>> {
    let failed = |source| {
        Error::file(
            "read",
            path,
            source,
            "Check that it is there and that you may read it",
        )
    };
    let file = File::open(path).map_err(failed)?;
    // A pipe or a device may never answer.
    if !file.metadata().map_err(failed)?.is_file() {
        return Ok(None);
    }
    find_record(&mut BufReader::new(file)).map_err(failed)
}

fn find_record(reader: &mut (impl Read + Seek)) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    reader.by_ref().take(32).read_to_end(&mut head)?;
    reader.rewind()?;
    let found = match Kind::of(&head) {
        Kind::Readable(ImageFormat::Png) => png::find(reader),
        Kind::Readable(ImageFormat::Jpeg) => jpeg::find(reader),
        Kind::Readable(ImageFormat::WebP) => webp::find(reader),
        Kind::Readable(ImageFormat::Tiff) => tiff::find(reader),
        _ => Ok(None),
    };
    match found {
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::UnexpectedEof | ErrorKind::InvalidInput
            ) =>
        {
            Ok(None)
        }
        found => found,
    }
}

/// The next `length` bytes, or fewer at the end of the file: memory grows with what is there, not
/// with what a header claims.
fn next_bytes(reader: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn next_array<const N: usize>(reader: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(reader: &mut impl Seek, length: u32) -> io::Result<()> {
    reader.seek(SeekFrom::Current(i64::from(length))).map(drop)
}

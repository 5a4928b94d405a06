//! Settings inside saved pictures: one text, the record, put into a file and found again.
//!
//! `write` puts it in; `app` and `cli` ask [`read_record`]. Reading looks at the file's structure
//! only: pixels are never decoded, lengths are never trusted, and a file that is damaged or not ours
//! simply has no record.
//!
//! | format | place |
//! |---|---|
//! | PNG | chunk `iTXt` with the keyword `impasto` (PNG, third edition, 11.3.3.4) |
//! | JPEG | segments APP1 with an XMP packet (XMP specification part 3, 1.1.3) |
//! | WebP | chunk `XMP ` (WebP container specification) |
//! | TIFF | tag 700, an XMP packet (XMP specification part 3, 3.3) |

mod bounded;
mod jpeg;
mod png;
mod tiff;
mod webp;
mod xmp;

use std::{
    io::{self, BufReader, ErrorKind, Read, Seek},
    path::Path,
};

use image::ImageFormat;

pub(super) use self::{
    bounded::MAX_RECORD_BYTES, jpeg::insert as insert_into_jpeg, png::KEYWORD as PNG_KEYWORD,
    tiff::complete as complete_tiff, webp::append as append_to_webp,
};
use super::kind::Kind;
use crate::{
    error::{Error, Result},
    ordinary,
};

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
    // A pipe or a device may never answer, not even to being opened.
    if !path.metadata().map_err(failed)?.is_file() {
        return Ok(None);
    }
    let file = ordinary::open(path).map_err(failed)?;
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::pixels::{Planes, SaveOptions, save};

    const RECORD: &str = "{\"layers\": [1, 2, 3], \"name\": \"Grüße & <北斎>\"}";

    fn saved(extension: &str) -> Vec<u8> {
        saved_with(extension, RECORD)
    }

    fn saved_with(extension: &str, record: &str) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("a.{extension}"));
        let options = SaveOptions {
            record: Some(record.to_owned()),
            ..SaveOptions::default()
        };
        save(
            &path,
            &Planes::filled(9, 8, [0.3, 0.6, 0.9]),
            None,
            &options,
        )
        .unwrap();
        std::fs::read(path).unwrap()
    }

    fn found(bytes: &[u8]) -> Option<String> {
        find_record(&mut Cursor::new(bytes)).unwrap()
    }

    /// Every prefix, every byte replaced by several values, and every four bytes by the largest
    /// length: the answer may be anything, but it must come, and memory must stay bounded.
    #[test]
    fn no_damage_makes_it_fail() {
        for extension in ["png", "jpg", "webp", "tif"] {
            let whole = saved(extension);
            assert_eq!(found(&whole).as_deref(), Some(RECORD), "{extension}");
            for at in 0..whole.len() {
                let _ = found(&whole[..at]);
                let mut damaged = whole.clone();
                for value in [0, 1, 0x7f, 0x80, 0xff, whole[at] ^ 1] {
                    damaged[at] = value;
                    let _ = found(&damaged);
                }
                damaged[at] = whole[at];
                let end = (at + 4).min(whole.len());
                damaged[at..end].fill(0xff);
                if let Some(record) = found(&damaged) {
                    assert!(record.len() <= MAX_RECORD_BYTES);
                }
            }
        }
    }

    /// Longer than a segment of JPEG holds, and much longer.
    #[test]
    fn long_records_come_back_from_every_format() {
        for length in [65_000, 65_500, 66_000, 200_000, MAX_RECORD_BYTES] {
            let record: String = ('a'..='z').cycle().take(length).collect();
            for extension in ["png", "jpg", "webp", "tif"] {
                let whole = saved_with(extension, &record);
                let read = found(&whole);
                assert_eq!(read.as_deref(), Some(&*record), "{extension}, {length}");
                let picture = crate::pixels::Picture::from_bytes(&whole, "a").unwrap();
                assert_eq!(picture.planes.width, 9, "{extension}");
                assert!(picture.notes.is_empty());
            }
        }
    }

    #[test]
    fn a_long_record_that_lost_a_part_is_none() {
        let record = "r".repeat(200_000);
        let jpeg = saved_with("jpg", &record);
        let parts: Vec<usize> = jpeg
            .windows(20)
            .enumerate()
            .filter(|(_, name)| name == b"http://ns.adobe.com/")
            .map(|(at, _)| at - 4)
            .filter(|&at| jpeg[at..at + 2] == [0xff, 0xe1])
            .collect();
        assert_eq!(parts.len(), 5, "a reference and four parts");
        let lost = [&jpeg[..parts[2]], &jpeg[parts[3]..]].concat();
        assert_eq!(found(&lost), None);
        let mut damaged = jpeg;
        damaged[parts[1] + 45..parts[1] + 55].fill(0xff);
        assert_eq!(found(&damaged), None);
    }

    #[test]
    fn the_record_is_found_behind_the_pixels_too() {
        let png = saved("png");
        let text = png.windows(4).position(|name| name == b"iTXt").unwrap() - 4;
        let length = u32::from_be_bytes(png[text..text + 4].try_into().unwrap()) as usize + 12;
        let end = png.len() - 12;
        let moved = [
            &png[..text],
            &png[text + length..end],
            &png[text..text + length],
            &png[end..],
        ]
        .concat();
        assert_eq!(found(&moved).as_deref(), Some(RECORD));
    }

    #[test]
    fn texts_of_others_are_passed_over() {
        let png = saved("png");
        let text = png.windows(4).position(|name| name == b"iTXt").unwrap() - 4;
        let foreign = b"\0\0\0\x0biTXtother\0\0\0\0\0xCRC.";
        let more = [&png[..text], foreign, &png[text..]].concat();
        assert_eq!(found(&more).as_deref(), Some(RECORD));
    }

    #[test]
    fn big_endian_tiff_is_understood() {
        let packet = xmp::packet(RECORD);
        let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x02\xbc\0\x01".to_vec();
        tiff.extend((packet.len() as u32).to_be_bytes());
        tiff.extend(26u32.to_be_bytes());
        tiff.extend([0; 4]);
        tiff.extend(packet);
        assert_eq!(found(&tiff).as_deref(), Some(RECORD));
    }

    #[test]
    fn other_kinds_of_files_have_none() {
        assert_eq!(found(b""), None);
        assert_eq!(found(b"a text"), None);
        assert_eq!(found(b"GIF89a"), None);
    }
}

//! The record in JPEG: an XMP packet in a segment APP1, directly behind the start of the image and
//! the JFIF header.

use std::io::{self, Read, Seek};

use super::{
    bounded::{next_array, next_bytes, skip},
    xmp,
};

const SIGNATURE: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;

/// Puts `record` into an encoded JPEG. A segment holds 65533 bytes, so long records do not fit.
pub(in crate::pixels) fn insert(jpeg: &mut Vec<u8>, record: &str) -> Result<(), String> {
    let packet = xmp::packet(record);
    let length = u16::try_from(2 + SIGNATURE.len() + packet.len())
        .map_err(|_too_long| "its record is too long for a JPEG file".to_owned())?;
    let mut segment = vec![0xff, APP1];
    segment.extend(length.to_be_bytes());
    segment.extend(SIGNATURE);
    segment.extend(packet);
    // Readers expect the JFIF header first.
    let at = match jpeg.get(2..6) {
        Some(&[0xff, APP0, high, low]) => 4 + usize::from(u16::from_be_bytes([high, low])),
        _ => 2,
    };
    if at > jpeg.len() {
        return Err("the encoder left an incomplete header".to_owned());
    }
    jpeg.splice(at..at, segment);
    Ok(())
}

pub(super) fn find(reader: &mut (impl Read + Seek)) -> io::Result<Option<String>> {
    skip(reader, 2)?;
    loop {
        let [fill, mut marker]: [u8; 2] = next_array(reader)?;
        if fill != 0xff {
            return Ok(None);
        }
        while marker == 0xff {
            [marker] = next_array(reader)?;
        }
        if matches!(marker, START_OF_SCAN | END_OF_IMAGE) {
            return Ok(None);
        }
        let length = u16::from_be_bytes(next_array(reader)?);
        let body = next_bytes(reader, u64::from(length.saturating_sub(2)))?;
        if marker == APP1
            && let Some(packet) = body.strip_prefix(SIGNATURE)
            && let Some(record) = xmp::record_in(packet)
        {
            return Ok(Some(record));
        }
    }
}

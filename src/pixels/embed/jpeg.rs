//! The record in JPEG: an XMP packet in a segment APP1, directly behind the start of the image and
//! the JFIF header. A segment holds 65533 bytes; a longer packet is laid out as extended XMP (XMP
//! specification part 3, 1.1.3.1): the first segment names the MD5 digest of another packet, which
//! follows in numbered parts.

use std::io::{self, Read, Seek};

use md5::{Digest as _, Md5};

use super::{
    bounded::{MAX_PACKET_BYTES, next_array, next_bytes, skip},
    xmp,
};
use crate::pixels::read::hex;

const SIGNATURE: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXTENDED: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// Behind that: digest, length of the packet, place of the part.
const DIGEST_BYTES: usize = 32;
const PART_HEAD_BYTES: usize = DIGEST_BYTES + 8;
/// As much of a packet as goes into one part.
const PART_BYTES: usize = 65_000;
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;

/// Puts `record` into an encoded JPEG.
pub(in crate::pixels) fn insert(jpeg: &mut Vec<u8>, record: &str) -> Result<(), String> {
    let packet = xmp::packet(record);
    let segments = match segment(&[SIGNATURE, &packet]) {
        Some(segment) => segment,
        None => extended(&packet).ok_or_else(|| "its record is too long for a JPEG".to_owned())?,
    };
    // Readers expect the JFIF header first.
    let at = match jpeg.get(2..6) {
        Some(&[0xff, APP0, high, low]) => 4 + usize::from(u16::from_be_bytes([high, low])),
        _ => 2,
    };
    if at > jpeg.len() {
        return Err("the encoder left an incomplete header".to_owned());
    }
    jpeg.splice(at..at, segments);
    Ok(())
}

/// A segment APP1 of these parts; none when they are too long.
fn segment(parts: &[&[u8]]) -> Option<Vec<u8>> {
    let body = parts.concat();
    let length = u16::try_from(2 + body.len()).ok()?;
    let mut segment = vec![0xff, APP1];
    segment.extend(length.to_be_bytes());
    segment.extend(body);
    Some(segment)
}

/// The segments of a packet that is too long for one.
fn extended(packet: &[u8]) -> Option<Vec<u8>> {
    let digest = hex(&Md5::digest(packet)).to_ascii_uppercase();
    let mut segments = segment(&[SIGNATURE, &xmp::reference(&digest)])?;
    let length = u32::try_from(packet.len()).ok()?.to_be_bytes();
    for (index, part) in packet.chunks(PART_BYTES).enumerate() {
        let place = u32::try_from(index * PART_BYTES).ok()?.to_be_bytes();
        let digest = digest.as_bytes();
        segments.extend(segment(&[EXTENDED, digest, &length, &place, part])?);
    }
    Some(segments)
}

/// The parts of an extended packet that have come so far, those of others left out.
#[derive(Default)]
struct Parts {
    digest: Vec<u8>,
    packet: Vec<u8>,
    length: u64,
}

impl Parts {
    /// Takes the next part; they come in order.
    fn take(&mut self, body: &[u8]) {
        let Some((head, part)) = body.split_at_checked(PART_HEAD_BYTES) else {
            return;
        };
        let number = |at: usize| {
            head[at..]
                .first_chunk()
                .map(|b| u32::from_be_bytes(*b).into())
        };
        let (Some(length), Some(place)) = (number(DIGEST_BYTES), number(DIGEST_BYTES + 4)) else {
            return;
        };
        if place == 0 {
            self.digest = head[..DIGEST_BYTES].to_vec();
            self.packet.clear();
            self.length = length;
        }
        let is_next = self.digest == head[..DIGEST_BYTES]
            && length == self.length
            && length <= MAX_PACKET_BYTES
            && place == self.packet.len() as u64;
        if is_next && self.packet.len() as u64 + part.len() as u64 <= length {
            self.packet.extend(part);
        }
    }

    /// The record, once all parts are there.
    fn record(&self) -> Option<String> {
        let is_whole = !self.packet.is_empty() && self.packet.len() as u64 == self.length;
        is_whole.then(|| xmp::record_in(&self.packet)).flatten()
    }
}

pub(super) fn find(reader: &mut (impl Read + Seek)) -> io::Result<Option<String>> {
    skip(reader, 2)?;
    let mut parts = Parts::default();
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
        if marker != APP1 {
            continue;
        }
        let record = if let Some(packet) = body.strip_prefix(SIGNATURE) {
            xmp::record_in(packet)
        } else if let Some(part) = body.strip_prefix(EXTENDED) {
            parts.take(part);
            parts.record()
        } else {
            None
        };
        if record.is_some() {
            return Ok(record);
        }
    }
}

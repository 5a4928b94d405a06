//! The record in TIFF: tag 700, an XMP packet. Source: TIFF 6.0, section 2; `ExtraSamples`, page 31.
//!
//! The encoder cannot write tags of our choice, so the directory is written anew at the end of the
//! file with the entries added, and the header is pointed at it. `BigTIFF` is neither written nor
//! looked into.

use std::io::{self, Read, Seek, SeekFrom};

use super::{
    bounded::{MAX_PACKET_BYTES, next_array, next_bytes},
    xmp,
};

const XMP_TAG: u16 = 700;
const EXTRA_SAMPLES_TAG: u16 = 338;
const BYTE: u16 = 1;
const SHORT: u16 = 3;
const UNDEFINED: u16 = 7;
const STRAIGHT_ALPHA: u16 = 2;
const ENTRY_BYTES: usize = 12;

/// Byte order of a file.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn of(signature: [u8; 4]) -> Option<Self> {
        match &signature {
            b"II\x2a\0" => Some(Self::Little),
            b"MM\0\x2a" => Some(Self::Big),
            _ => None,
        }
    }

    fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }

    fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }

    fn bytes_of_u16(self, value: u16) -> [u8; 2] {
        match self {
            Self::Little => value.to_le_bytes(),
            Self::Big => value.to_be_bytes(),
        }
    }

    fn bytes_of_u32(self, value: u32) -> [u8; 4] {
        match self {
            Self::Little => value.to_le_bytes(),
            Self::Big => value.to_be_bytes(),
        }
    }

    /// A directory entry: tag, type, count, value or offset.
    fn entry(self, tag: u16, kind: u16, count: u32, value: [u8; 4]) -> [u8; ENTRY_BYTES] {
        let mut entry = [0; ENTRY_BYTES];
        entry[..2].copy_from_slice(&self.bytes_of_u16(tag));
        entry[2..4].copy_from_slice(&self.bytes_of_u16(kind));
        entry[4..8].copy_from_slice(&self.bytes_of_u32(count));
        entry[8..].copy_from_slice(&value);
        entry
    }
}

/// Adds what the encoder leaves out: that the fourth sample is straight alpha, and `record`.
pub(in crate::pixels) fn complete(
    tiff: &mut Vec<u8>,
    record: Option<&str>,
    has_alpha: bool,
) -> Result<(), String> {
    if record.is_none() && !has_alpha {
        return Ok(());
    }
    let incomplete = || "the encoder left an incomplete directory".to_owned();
    let too_large = |_| "it is too large for a TIFF file".to_owned();
    let (order, mut entries) = directory(tiff).ok_or_else(incomplete)?;
    if has_alpha {
        let [first, second] = order.bytes_of_u16(STRAIGHT_ALPHA);
        let value = [first, second, 0, 0];
        entries.retain(|entry| tag_of(order, entry) != EXTRA_SAMPLES_TAG);
        entries.push(order.entry(EXTRA_SAMPLES_TAG, SHORT, 1, value));
    }
    if let Some(record) = record {
        let packet = xmp::packet(record);
        let at = append_even(tiff, &packet).map_err(too_large)?;
        let count = u32::try_from(packet.len()).map_err(too_large)?;
        entries.push(order.entry(XMP_TAG, BYTE, count, order.bytes_of_u32(at)));
    }
    entries.sort_by_key(|entry| tag_of(order, entry));
    let mut directory = order.bytes_of_u16(entries.len() as u16).to_vec();
    directory.extend(entries.concat());
    // No further picture.
    directory.extend([0; 4]);
    let at = append_even(tiff, &directory).map_err(too_large)?;
    tiff[4..8].copy_from_slice(&order.bytes_of_u32(at));
    Ok(())
}

fn append_even(tiff: &mut Vec<u8>, block: &[u8]) -> Result<u32, std::num::TryFromIntError> {
    if tiff.len() % 2 == 1 {
        tiff.push(0);
    }
    let at = u32::try_from(tiff.len())?;
    tiff.extend(block);
    Ok(at)
}

fn directory(tiff: &[u8]) -> Option<(Order, Vec<[u8; ENTRY_BYTES]>)> {
    let order = Order::of(*tiff.first_chunk()?)?;
    let at = order.u32(*tiff.get(4..)?.first_chunk()?) as usize;
    let count = order.u16(*tiff.get(at..)?.first_chunk()?);
    let bytes = tiff.get(at + 2..at + 2 + usize::from(count) * ENTRY_BYTES)?;
    Some((order, bytes.as_chunks().0.to_vec()))
}

fn tag_of(order: Order, entry: &[u8; ENTRY_BYTES]) -> u16 {
    order.u16([entry[0], entry[1]])
}

pub(super) fn find(reader: &mut (impl Read + Seek)) -> io::Result<Option<String>> {
    let Some(order) = Order::of(next_array(reader)?) else {
        return Ok(None);
    };
    let directory_at = order.u32(next_array(reader)?);
    reader.seek(SeekFrom::Start(directory_at.into()))?;
    let count = order.u16(next_array(reader)?);
    for _ in 0..count {
        let entry: [u8; ENTRY_BYTES] = next_array(reader)?;
        if tag_of(order, &entry) != XMP_TAG {
            continue;
        }
        let [_, _, kind @ .., a, b, c, d] = entry;
        let ([k0, k1, n0, n1, n2, n3], at) = (kind, order.u32([a, b, c, d]));
        if !matches!(order.u16([k0, k1]), BYTE | UNDEFINED) {
            return Ok(None);
        }
        let length = u64::from(order.u32([n0, n1, n2, n3])).min(MAX_PACKET_BYTES);
        reader.seek(SeekFrom::Start(at.into()))?;
        return Ok(xmp::record_in(&next_bytes(reader, length)?));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_directory_is_sorted_and_has_each_tag_once() {
        for order in [Order::Little, Order::Big] {
            let mut tiff = match order {
                Order::Little => b"II\x2a\0".to_vec(),
                Order::Big => b"MM\0\x2a".to_vec(),
            };
            tiff.extend(order.bytes_of_u32(9));
            // One odd byte, then a directory of two entries.
            tiff.push(7);
            tiff.extend(order.bytes_of_u16(2));
            tiff.extend(order.entry(EXTRA_SAMPLES_TAG, SHORT, 1, [0; 4]));
            tiff.extend(order.entry(800, SHORT, 1, [1, 2, 3, 4]));
            tiff.extend([0; 4]);
            complete(&mut tiff, Some("text"), true).unwrap();
            let at = order.u32(*tiff[4..].first_chunk().unwrap());
            assert_eq!(at % 2, 0);
            let (_, entries) = directory(&tiff).unwrap();
            let tags: Vec<u16> = entries.iter().map(|entry| tag_of(order, entry)).collect();
            assert_eq!(tags, [EXTRA_SAMPLES_TAG, XMP_TAG, 800]);
            let straight = order.bytes_of_u16(STRAIGHT_ALPHA);
            assert_eq!(entries[0][8..10], straight);
            assert_eq!(entries[2][8..], [1, 2, 3, 4]);
        }
    }

    #[test]
    fn without_record_and_alpha_nothing_changes() {
        let mut tiff = b"II\x2a\0".to_vec();
        complete(&mut tiff, None, false).unwrap();
        assert_eq!(tiff, b"II\x2a\0");
        assert!(complete(&mut tiff, Some("text"), false).is_err());
    }
}

//! The record in WebP: an XMP packet in the chunk `XMP `, last in the file.

use std::io::{self, Read, Seek};

use super::{
    bounded::{MAX_PACKET_BYTES, next_array, next_bytes, skip},
    xmp,
};

/// Flag of the `VP8X` chunk that announces an XMP chunk.
const HAS_XMP: u8 = 0x04;
/// Where that flag stands: `RIFF`, size, `WEBP`, `VP8X`, size, flags.
const FLAGS_AT: usize = 20;

/// Puts `record` into an encoded WebP of the extended form (the form that carries a profile).
pub(in crate::pixels) fn append(webp: &mut Vec<u8>, record: &str) -> Result<(), String> {
    if webp.get(12..16) != Some(b"VP8X") || webp.len() <= FLAGS_AT {
        return Err("the encoder wrote a WebP without room for a record".to_owned());
    }
    let packet = xmp::packet(record);
    webp[FLAGS_AT] |= HAS_XMP;
    webp.extend(b"XMP ");
    webp.extend((packet.len() as u32).to_le_bytes());
    webp.extend(&packet);
    // Chunks start at even places.
    if packet.len() % 2 == 1 {
        webp.push(0);
    }
    let riff_length = u32::try_from(webp.len() - 8)
        .map_err(|_too_long| "it is too large for a WebP file".to_owned())?;
    webp[4..8].copy_from_slice(&riff_length.to_le_bytes());
    Ok(())
}

pub(super) fn find(reader: &mut (impl Read + Seek)) -> io::Result<Option<String>> {
    skip(reader, 12)?;
    loop {
        let kind: [u8; 4] = next_array(reader)?;
        let length = u32::from_le_bytes(next_array(reader)?);
        if &kind == b"XMP " {
            let packet = next_bytes(reader, u64::from(length).min(MAX_PACKET_BYTES))?;
            return Ok(xmp::record_in(&packet));
        }
        skip(reader, length)?;
        skip(reader, length % 2)?;
    }
}

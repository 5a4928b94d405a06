//! The record in PNG: an uncompressed `iTXt` chunk. Written by the encoder in `write`.

use std::io::{self, Read, Seek};

use super::bounded::{MAX_RECORD_BYTES, next_array, next_bytes, skip};

/// Keyword of the chunk.
pub(in crate::pixels) const KEYWORD: &str = "impasto";

/// Keyword, flags, language and translated keyword in front of the text.
const MAX_PREFIX_BYTES: u32 = 1024;

pub(super) fn find(reader: &mut (impl Read + Seek)) -> io::Result<Option<String>> {
    const CHECKSUM_BYTES: u32 = 4;
    let longest = MAX_RECORD_BYTES as u32 + MAX_PREFIX_BYTES;
    skip(reader, 8)?;
    loop {
        let length = u32::from_be_bytes(next_array(reader)?);
        let kind: [u8; 4] = next_array(reader)?;
        if &kind == b"IEND" {
            return Ok(None);
        }
        if &kind == b"iTXt" && length <= longest {
            let chunk = next_bytes(reader, length.into())?;
            if let Some(record) = record_in(&chunk) {
                return Ok(Some(record));
            }
            skip(reader, CHECKSUM_BYTES)?;
        } else {
            skip(reader, length)?;
            skip(reader, CHECKSUM_BYTES)?;
        }
    }
}

/// Keyword, 0, compression flag, compression method, language, 0, translated keyword, 0, text.
fn record_in(chunk: &[u8]) -> Option<String> {
    let rest = chunk.strip_prefix(KEYWORD.as_bytes())?;
    let rest = rest.strip_prefix(&[0, 0, 0])?;
    let mut parts = rest.splitn(3, |&byte| byte == 0);
    let text = parts.nth(2)?;
    String::from_utf8(text.to_vec()).ok()
}

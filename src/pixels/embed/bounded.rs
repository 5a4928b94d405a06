//! Reading a file of unknown origin: nothing is longer than it may be.

use std::io::{self, Read, Seek, SeekFrom};

/// Longest record that is written or read: hundreds of times a full set of settings.
pub(in crate::pixels) const MAX_RECORD_BYTES: usize = 1 << 20;
/// Longest XMP packet that is looked through: a record may grow sixfold by escapes.
pub(super) const MAX_PACKET_BYTES: u64 = 8 << 20;

/// The next `length` bytes, or fewer at the end of the file: memory grows with what is there, not
/// with what a header claims.
pub(super) fn next_bytes(reader: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn next_array<const N: usize>(reader: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn skip(reader: &mut impl Seek, length: u32) -> io::Result<()> {
    reader.seek(SeekFrom::Current(i64::from(length))).map(drop)
}

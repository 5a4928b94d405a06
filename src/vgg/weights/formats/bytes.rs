//! A bounds-checked view of a file's bytes: every number a file gives is checked here before it
//! is used as a place or a length.

use super::contents::Reason;

/// A place in a file, moving forward.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Begins at `offset` of `file`.
    pub(super) fn at(file: &'a [u8], offset: u64) -> Reason<Self> {
        match usize::try_from(offset) {
            Ok(at) if at <= file.len() => Ok(Self { file, at }),
            _ => Err(format!(
                "it points at byte {offset} and has only {}",
                file.len()
            )),
        }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.file.len()
    }

    /// The next `count` bytes.
    pub(super) fn take(&mut self, count: u64) -> Reason<&'a [u8]> {
        let rest = &self.file[self.at..];
        let piece = usize::try_from(count)
            .ok()
            .and_then(|count| rest.get(..count))
            .ok_or_else(|| format!("it ends inside a piece of {count} bytes at {}", self.at))?;
        self.at += piece.len();
        Ok(piece)
    }

    fn array<const N: usize>(&mut self) -> Reason<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N as u64)?);
        Ok(array)
    }

    pub(super) fn u8(&mut self) -> Reason<u8> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn u16(&mut self) -> Reason<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Reason<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Reason<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// Bytes up to (without) `end`, which is skipped: a name of at most 1024 bytes.
    pub(super) fn until(&mut self, end: u8) -> Reason<&'a [u8]> {
        let rest = &self.file[self.at..];
        let length = rest
            .iter()
            .take(1024)
            .position(|&byte| byte == end)
            .ok_or_else(|| format!("a name at byte {} has no end", self.at))?;
        self.at += length + 1;
        Ok(&rest[..length])
    }

    /// A base-128 number of Protocol Buffers.
    pub(super) fn varint(&mut self) -> Reason<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(format!(
            "a number at byte {} is longer than 64 bits",
            self.at
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_beyond_the_end() {
        let file = [1, 2, 3, 4];
        let mut cursor = Cursor::at(&file, 0).unwrap();
        assert_eq!(cursor.u16().unwrap(), 0x201);
        assert!(cursor.u32().is_err());
        assert!(cursor.take(u64::MAX).is_err());
        assert!(cursor.until(0).is_err());
        assert_eq!(cursor.u16().unwrap(), 0x403);
        assert!(cursor.is_at_end());
        assert!(Cursor::at(&file, 5).is_err());
        assert!(Cursor::at(&file, u64::MAX).is_err());
    }

    #[test]
    fn endless_numbers_are_refused() {
        let cursor = |bytes| Cursor::at(bytes, 0).unwrap();
        assert_eq!(cursor(&[0xac, 2]).varint().unwrap(), 300);
        assert!(cursor(&[0xff; 20]).varint().is_err());
        assert!(cursor(&[0x80]).varint().is_err());
    }
}

//! The directories of TIFF and `BigTIFF`, and of EXIF, which is laid out alike: what tags say, and
//! where in the file. Sources: TIFF 6.0, section 2; the `BigTIFF` design of libtiff; EXIF 2.32, 4.6.2.
//!
//! Nothing is trusted: a place outside the file has no value.

/// Values that are read of one tag: strips of the tallest picture, many times over.
const MAX_VALUES: u64 = 1 << 22;
/// Directories of a file that are looked at.
const MAX_DIRECTORIES: usize = 1024;
/// Entries of a directory that are looked at.
const MAX_ENTRIES: u64 = 4096;

/// How a file writes its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) big_endian: bool,
    /// `BigTIFF`: places have eight bytes.
    pub(super) big: bool,
}

impl Form {
    /// The form of a file that begins like this.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let (big_endian, big) = match bytes.first_chunk()? {
            b"II\x2a\0" => (false, false),
            b"MM\0\x2a" => (true, false),
            b"II\x2b\0" => (false, true),
            b"MM\0\x2b" => (true, true),
            _ => return None,
        };
        Some(Self { big_endian, big })
    }

    /// The number of `length` bytes, up to 8, at a place.
    fn number(self, bytes: &[u8], at: u64, length: usize) -> Option<u64> {
        let at = usize::try_from(at).ok()?;
        let part = bytes.get(at..at.checked_add(length)?)?;
        let join = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(if self.big_endian {
            part.iter().fold(0, join)
        } else {
            part.iter().rev().fold(0, join)
        })
    }

    /// Bytes of a place in the file.
    pub(super) fn place_bytes(self) -> usize {
        if self.big { 8 } else { 4 }
    }

    /// Where the place of the first directory stands.
    pub(super) fn first_place_at(self) -> usize {
        if self.big { 8 } else { 4 }
    }

    /// `value` as the file writes it, in `length` bytes.
    pub(super) fn written(self, value: u64, length: usize) -> Vec<u8> {
        let mut bytes = value.to_le_bytes()[..length].to_vec();
        if self.big_endian {
            bytes.reverse();
        }
        bytes
    }
}

/// One tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) tag: u16,
    kind: u16,
    count: u64,
    /// Where the entry stands: its tag, and its values if they are short.
    pub(super) at: usize,
    /// Where its values stand.
    values_at: u64,
}

impl Entry {
    /// Bytes of one value; 0 for kinds that are not known.
    fn value_bytes(self) -> usize {
        match self.kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16..=18 => 8,
            _ => 0,
        }
    }
}

/// The tags of one picture.
#[derive(Clone, Debug)]
pub(super) struct Directory<'a> {
    bytes: &'a [u8],
    form: Form,
    /// Where it stands.
    pub(super) at: u64,
    entries: Vec<Entry>,
    next: u64,
}

impl<'a> Directory<'a> {
    /// The directory at a place.
    pub(super) fn at(bytes: &'a [u8], form: Form, at: u64) -> Option<Self> {
        let (count_bytes, entry_bytes) = if form.big { (8, 20) } else { (2, 12) };
        let place_bytes = form.place_bytes();
        let count = form.number(bytes, at, count_bytes)?.min(MAX_ENTRIES);
        let first = at.checked_add(count_bytes as u64)?;
        let mut entries = Vec::new();
        for index in 0..count {
            let at = first.checked_add(index * entry_bytes)?;
            let count_at = at + 4;
            let inside = count_at + place_bytes as u64;
            let mut entry = Entry {
                tag: form.number(bytes, at, 2)? as u16,
                kind: form.number(bytes, at + 2, 2)? as u16,
                count: form.number(bytes, count_at, place_bytes)?,
                at: usize::try_from(at).ok()?,
                values_at: inside,
            };
            let length = entry.count.saturating_mul(entry.value_bytes() as u64);
            if length > place_bytes as u64 {
                entry.values_at = form.number(bytes, inside, place_bytes)?;
            }
            entries.push(entry);
        }
        let next_at = first + count * entry_bytes;
        Some(Self {
            bytes,
            form,
            at,
            entries,
            // A file that ends here has no next one.
            next: form.number(bytes, next_at, place_bytes).unwrap_or(0),
        })
    }

    /// The first directory of a file.
    pub(super) fn first(bytes: &'a [u8]) -> Option<Self> {
        let form = Form::of(bytes)?;
        let at = form.number(bytes, form.first_place_at() as u64, form.place_bytes())?;
        Self::at(bytes, form, at)
    }

    /// All directories of a file: the chain, and behind each the ones that it holds.
    pub(super) fn all(bytes: &'a [u8]) -> Vec<Self> {
        const SUB_DIRECTORIES: u16 = 330;
        let mut found: Vec<Self> = Vec::new();
        let mut next = Self::first(bytes);
        while let Some(directory) = next {
            let is_known = found.iter().any(|known| known.at == directory.at);
            if is_known || found.len() >= MAX_DIRECTORIES {
                break;
            }
            let (form, after) = (directory.form, directory.next);
            let inner = directory.numbers(SUB_DIRECTORIES);
            found.push(directory);
            let inner = inner.iter().take(MAX_DIRECTORIES);
            found.extend(inner.filter_map(|&at| Self::at(bytes, form, at)));
            next = (after != 0).then(|| Self::at(bytes, form, after)).flatten();
        }
        found
    }

    pub(super) fn form(&self) -> Form {
        self.form
    }

    pub(super) fn entry(&self, tag: u16) -> Option<Entry> {
        self.entries.iter().find(|entry| entry.tag == tag).copied()
    }

    /// The whole numbers of a tag; none where it is missing or of another kind.
    pub(super) fn numbers(&self, tag: u16) -> Vec<u64> {
        let Some(entry) = self.entry(tag) else {
            return Vec::new();
        };
        if !matches!(entry.kind, 1 | 3 | 4 | 7 | 13 | 16 | 18) {
            return Vec::new();
        }
        let length = entry.value_bytes();
        (0..entry.count.min(MAX_VALUES))
            .map_while(|index| {
                let at = entry.values_at.checked_add(index * length as u64)?;
                self.form.number(self.bytes, at, length)
            })
            .collect()
    }

    /// The first whole number of a tag.
    pub(super) fn number(&self, tag: u16) -> Option<u64> {
        self.numbers(tag).first().copied()
    }

    /// The fractions of a tag.
    pub(super) fn fractions(&self, tag: u16) -> Vec<f64> {
        const RATIONAL: u16 = 5;
        let Some(entry) = self.entry(tag).filter(|entry| entry.kind == RATIONAL) else {
            return Vec::new();
        };
        (0..entry.count.min(MAX_VALUES))
            .map_while(|index| {
                let at = entry.values_at.checked_add(index * 8)?;
                let above = self.form.number(self.bytes, at, 4)?;
                let below = self.form.number(self.bytes, at + 4, 4)?;
                Some(above as f64 / below as f64)
            })
            .collect()
    }

    /// The bytes of a tag.
    pub(super) fn block(&self, tag: u16) -> Option<&'a [u8]> {
        let entry = self.entry(tag)?;
        let length = entry.count.checked_mul(entry.value_bytes() as u64)?;
        let at = usize::try_from(entry.values_at).ok()?;
        let end = at.checked_add(usize::try_from(length).ok()?)?;
        self.bytes.get(at..end)
    }
}

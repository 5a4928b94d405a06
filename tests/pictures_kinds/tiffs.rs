//! TIFF files written by hand, one picture each or several.

/// A tag's values.
pub(crate) enum Value {
    Short(Vec<u16>),
    Long(Vec<u32>),
    Bytes(Vec<u8>),
}

/// A page: its tags but for the place and length of its one strip, and what is in that.
pub(crate) struct Page {
    pub(crate) tags: Vec<(u16, Value)>,
    pub(crate) strips: Vec<Vec<u8>>,
}

impl Page {
    /// Values of a pixel of so many bits.
    pub(crate) fn new(
        (width, height): (u16, u16),
        photometric: u16,
        bits: &[u16],
        data: Vec<u8>,
    ) -> Self {
        let tags = vec![
            (256, Value::Short(vec![width])),
            (257, Value::Short(vec![height])),
            (258, Value::Short(bits.to_vec())),
            (259, Value::Short(vec![1])),
            (262, Value::Short(vec![photometric])),
            (277, Value::Short(vec![bits.len() as u16])),
        ];
        Self {
            tags,
            strips: vec![data],
        }
    }

    /// The same with a tag more, or another value of it.
    pub(crate) fn with(mut self, tag: u16, value: Value) -> Self {
        self.tags.retain(|(other, _)| *other != tag);
        self.tags.push((tag, value));
        self
    }
}

/// How a file writes its numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    pub(crate) big_endian: bool,
    pub(crate) big: bool,
}

pub(crate) const FORMS: [Form; 4] = [
    Form {
        big_endian: false,
        big: false,
    },
    Form {
        big_endian: true,
        big: false,
    },
    Form {
        big_endian: false,
        big: true,
    },
    Form {
        big_endian: true,
        big: true,
    },
];

impl Form {
    fn number(self, value: u64, length: usize) -> Vec<u8> {
        let mut bytes = value.to_le_bytes()[..length].to_vec();
        if self.big_endian {
            bytes.reverse();
        }
        bytes
    }

    pub(crate) fn words(self, values: &[u16]) -> Vec<u8> {
        let words = values.iter();
        words
            .flat_map(|&value| self.number(value.into(), 2))
            .collect()
    }

    pub(crate) fn longs(self, values: &[u32]) -> Vec<u8> {
        let longs = values.iter();
        longs
            .flat_map(|&value| self.number(value.into(), 4))
            .collect()
    }

    fn place(self) -> usize {
        if self.big { 8 } else { 4 }
    }

    fn value(self, value: &Value) -> (u64, usize, Vec<u8>) {
        match value {
            Value::Short(values) => (3, values.len(), self.words(values)),
            Value::Long(values) => (4, values.len(), self.longs(values)),
            Value::Bytes(values) => (7, values.len(), values.clone()),
        }
    }

    /// A file of pages in a chain.
    pub(crate) fn file(self, pages: &[Page]) -> Vec<u8> {
        let mut file = if self.big_endian {
            b"MM".to_vec()
        } else {
            b"II".to_vec()
        };
        if self.big {
            file.extend(self.words(&[43, 8, 0]));
        } else {
            file.extend(self.words(&[42]));
        }
        let mut next_at = file.len();
        file.extend(vec![0; self.place()]);
        for page in pages {
            let mut tags: Vec<(u16, u64, usize, Vec<u8>)> = Vec::new();
            for (tag, value) in &page.tags {
                let (kind, count, bytes) = self.value(value);
                tags.push((*tag, kind, count, bytes));
            }
            let (mut places, mut lengths) = (Vec::new(), Vec::new());
            for strip in &page.strips {
                places.push(file.len() as u32);
                lengths.push(strip.len() as u32);
                file.extend(strip);
                file.resize(file.len().next_multiple_of(8), 0);
            }
            let tiled = page.tags.iter().any(|(tag, _)| *tag == 322);
            let (place_tag, length_tag) = if tiled { (324, 325) } else { (273, 279) };
            tags.push((place_tag, 4, places.len(), self.longs(&places)));
            tags.push((length_tag, 4, lengths.len(), self.longs(&lengths)));
            tags.sort_by_key(|tag| tag.0);
            let mut directory = self.number(tags.len() as u64, if self.big { 8 } else { 2 });
            for (tag, kind, count, mut bytes) in tags {
                directory.extend(self.words(&[tag, kind as u16]));
                directory.extend(self.number(count as u64, self.place()));
                if bytes.len() > self.place() {
                    let at = file.len() as u64;
                    file.extend(bytes);
                    file.resize(file.len().next_multiple_of(8), 0);
                    directory.extend(self.number(at, self.place()));
                } else {
                    bytes.resize(self.place(), 0);
                    directory.extend(bytes);
                }
            }
            let at = self.number(file.len() as u64, self.place());
            file[next_at..next_at + self.place()].copy_from_slice(&at);
            file.extend(directory);
            next_at = file.len();
            file.extend(vec![0; self.place()]);
        }
        file
    }
}

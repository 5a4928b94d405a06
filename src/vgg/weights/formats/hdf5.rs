//! HDF5 as Keras writes it: superblock 0 or 1, groups as symbol tables, contiguous floats.
//!
//! Written after the HDF5 File Format Specification, version 3. Left out on purpose: newer
//! superblocks, chunks, compression, links, attributes. Weights have none of them, and what is
//! not read cannot go wrong.

use super::{
    bytes::Cursor,
    contents::{Element, Reason, Stored},
};

/// Groups inside groups: Keras has three levels.
const MAX_DEPTH: usize = 8;

/// Objects, tree nodes and header blocks of one file: VGG-19 with its classifier has under 200.
const MAX_PIECES: usize = 1 << 14;

/// The address that means "none".
const UNDEFINED: u64 = u64::MAX;

/// Every float dataset of a file, under its path.
pub(super) fn read(file: &[u8]) -> Reason<Vec<Stored<'_>>> {
    let mut cursor = Cursor::at(file, 8)?;
    let version = cursor.u8()?;
    if version > 1 {
        return Err(format!(
            "its HDF5 superblock has version {version}; only 0 and 1 are read, as Keras writes them"
        ));
    }
    cursor.take(4)?;
    let (offset_bytes, length_bytes) = (cursor.u8()?, cursor.u8()?);
    if (offset_bytes, length_bytes) != (8, 8) {
        return Err(format!(
            "its HDF5 addresses have {offset_bytes} and {length_bytes} bytes, not 8"
        ));
    }
    // Reserved byte, two ranks of trees, flags; version 1 has one more rank.
    cursor.take(if version == 0 { 9 } else { 13 })?;
    if cursor.u64()? != 0 {
        return Err("its HDF5 part does not begin at the first byte".to_owned());
    }
    // Free space, end of file, driver; then the root group's name and header.
    cursor.take(32)?;
    let root = cursor.u64()?;
    let mut reader = Reader {
        file,
        pieces: 0,
        tensors: Vec::new(),
    };
    reader.object(root, "", 0)?;
    Ok(reader.tensors)
}

struct Reader<'a> {
    file: &'a [u8],
    pieces: usize,
    tensors: Vec<Stored<'a>>,
}

/// The messages of an object header that weights need.
#[derive(Default)]
struct Header<'a> {
    /// Addresses of a group's tree and of its heap of names.
    symbols: Option<(u64, u64)>,
    shape: Option<Vec<usize>>,
    element: Option<Element>,
    data: Option<&'a [u8]>,
    /// Why the data cannot be read.
    layout_fault: Option<String>,
}

impl<'a> Reader<'a> {
    /// Counts a piece, so that circles end.
    fn count(&mut self) -> Reason<()> {
        self.pieces += 1;
        if self.pieces > MAX_PIECES {
            return Err(format!("it has more than {MAX_PIECES} HDF5 objects"));
        }
        Ok(())
    }

    /// A group or dataset whose header lies at `address`.
    fn object(&mut self, address: u64, path: &str, depth: usize) -> Reason<()> {
        if depth > MAX_DEPTH {
            return Err(format!("its groups are more than {MAX_DEPTH} deep"));
        }
        let header = self.header(address)?;
        if let Some((tree, heap)) = header.symbols {
            let names = self.heap(heap)?;
            return self.tree(tree, names, path, depth, u8::MAX);
        }
        let (Some(shape), Some(element)) = (header.shape, header.element) else {
            return Ok(());
        };
        match (header.data, header.layout_fault) {
            (Some(data), _) => {
                self.tensors
                    .push(Stored::new(path.to_owned(), shape, element, data)?);
                Ok(())
            }
            (None, Some(why)) => Err(format!("{path} {why}")),
            (None, None) => Ok(()),
        }
    }

    /// Version 1 object header: blocks of messages.
    fn header(&mut self, address: u64) -> Reason<Header<'a>> {
        let mut cursor = Cursor::at(self.file, address)?;
        let version = cursor.u8()?;
        if version != 1 {
            return Err(format!(
                "an HDF5 object header at byte {address} has version {version}, not 1"
            ));
        }
        cursor.take(7)?;
        let size = u64::from(cursor.u32()?);
        cursor.take(4)?;
        let mut header = Header::default();
        let mut blocks = vec![cursor.take(size)?];
        while let Some(block) = blocks.pop() {
            self.count()?;
            let mut cursor = Cursor::at(block, 0)?;
            while block.len() - cursor.position() >= 8 {
                let kind = cursor.u16()?;
                let size = cursor.u16()?;
                cursor.take(4)?;
                let body = cursor.take(u64::from(size))?;
                if kind == 0x10 {
                    let mut place = Cursor::at(body, 0)?;
                    let (offset, length) = (place.u64()?, place.u64()?);
                    blocks.push(Cursor::at(self.file, offset)?.take(length)?);
                } else {
                    self.message(kind, body, &mut header)?;
                }
            }
        }
        Ok(header)
    }

    fn message(&self, kind: u16, body: &[u8], header: &mut Header<'a>) -> Reason<()> {
        let mut cursor = Cursor::at(body, 0)?;
        match kind {
            0x01 => header.shape = Some(dataspace(&mut cursor)?),
            0x03 => header.element = datatype(&mut cursor)?,
            0x08 => match self.layout(&mut cursor)? {
                Ok(data) => header.data = Some(data),
                Err(why) => header.layout_fault = Some(why),
            },
            0x11 => header.symbols = Some((cursor.u64()?, cursor.u64()?)),
            _ => {}
        }
        Ok(())
    }

    /// A dataset's bytes, or why they cannot be read.
    fn layout(&self, cursor: &mut Cursor<'_>) -> Reason<Reason<&'a [u8]>> {
        let version = cursor.u8()?;
        let refused = |what: &str| Ok(Err(format!("is stored {what}, not in one piece")));
        let (address, size) = match version {
            1 | 2 => {
                let (rank, class) = (cursor.u8()?, cursor.u8()?);
                if class != 1 {
                    return refused("in chunks or inside its header");
                }
                cursor.take(5)?;
                let address = cursor.u64()?;
                // The sides, the last of them being the size of an element.
                let size = (0..rank).try_fold(1, |size: u64, _| {
                    Ok::<_, String>(size.saturating_mul(u64::from(cursor.u32()?)))
                })?;
                (address, size)
            }
            3 => match cursor.u8()? {
                1 => (cursor.u64()?, cursor.u64()?),
                0 => return refused("inside its header"),
                _ => return refused("in chunks"),
            },
            _ => return refused("in a newer way"),
        };
        if address == UNDEFINED {
            return Ok(Err("was never written".to_owned()));
        }
        Cursor::at(self.file, address)?.take(size).map(Ok)
    }

    /// The bytes of a group's names.
    fn heap(&mut self, address: u64) -> Reason<&'a [u8]> {
        self.count()?;
        let mut cursor = Cursor::at(self.file, address)?;
        signature(&mut cursor, *b"HEAP")?;
        cursor.take(4)?;
        let size = cursor.u64()?;
        cursor.take(8)?;
        Cursor::at(self.file, cursor.u64()?)?.take(size)
    }

    /// A node of a group's tree. Levels fall from parent to child, so no path is a circle.
    fn tree(
        &mut self,
        address: u64,
        names: &'a [u8],
        path: &str,
        depth: usize,
        parent: u8,
    ) -> Reason<()> {
        self.count()?;
        let mut cursor = Cursor::at(self.file, address)?;
        signature(&mut cursor, *b"TREE")?;
        let (kind, level, entries) = (cursor.u8()?, cursor.u8()?, cursor.u16()?);
        if kind != 0 || level >= parent || level > MAX_DEPTH as u8 {
            return Err(format!("the HDF5 tree at byte {address} is not a group's"));
        }
        cursor.take(16)?;
        for _ in 0..entries {
            cursor.take(8)?;
            let child = cursor.u64()?;
            if level > 0 {
                self.tree(child, names, path, depth, level)?;
            } else {
                self.symbols(child, names, path, depth)?;
            }
        }
        Ok(())
    }

    /// A leaf of the tree: names and headers of the group's members.
    fn symbols(&mut self, address: u64, names: &'a [u8], path: &str, depth: usize) -> Reason<()> {
        self.count()?;
        let mut cursor = Cursor::at(self.file, address)?;
        signature(&mut cursor, *b"SNOD")?;
        cursor.take(2)?;
        let members = cursor.u16()?;
        for _ in 0..members {
            let name = Cursor::at(names, cursor.u64()?)?.until(0)?;
            let header = cursor.u64()?;
            let cache = cursor.u32()?;
            cursor.take(20)?;
            if cache == 2 {
                // A symbolic link: nothing of its own.
                continue;
            }
            self.count()?;
            let name = String::from_utf8_lossy(name);
            let path = match path {
                "" => name.into_owned(),
                path => format!("{path}/{name}"),
            };
            self.object(header, &path, depth + 1)?;
        }
        Ok(())
    }
}

fn signature(cursor: &mut Cursor<'_>, expected: [u8; 4]) -> Reason<()> {
    let at = cursor.position();
    if cursor.take(4)? == expected {
        return Ok(());
    }
    let name = String::from_utf8_lossy(&expected);
    Err(format!("it has no HDF5 {name} at byte {at}"))
}

fn dataspace(cursor: &mut Cursor<'_>) -> Reason<Vec<usize>> {
    let (version, rank) = (cursor.u8()?, cursor.u8()?);
    cursor.take(if version == 1 { 6 } else { 2 })?;
    (0..rank)
        .map(|_| {
            let side = cursor.u64()?;
            usize::try_from(side)
                .ok()
                .ok_or_else(|| format!("a side of {side} is beyond bounds"))
        })
        .collect()
}

/// `None` for whatever is not a little-endian IEEE float.
fn datatype(cursor: &mut Cursor<'_>) -> Reason<Option<Element>> {
    const FLOAT: u8 = 1;
    let class = cursor.u8()? & 0x0f;
    let order = cursor.u8()?;
    cursor.take(2)?;
    let size = cursor.u32()?;
    // Bits 0 and 6 of the bit field: 0 for little-endian.
    let little = order & 0b100_0001 == 0;
    Ok(match size {
        2 if class == FLOAT && little => Some(Element::F16),
        4 if class == FLOAT && little => Some(Element::F32),
        8 if class == FLOAT && little => Some(Element::F64),
        _ => None,
    })
}

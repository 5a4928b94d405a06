//! What `torch.save` has written since version 1.6: a zip archive, never compressed, with
//! `data.pkl` and one file `data/KEY` for each storage.

use std::collections::BTreeMap;

use super::{
    bytes::Cursor,
    contents::{Reason, Stored},
    pickle::Pickle,
};

/// Length of the end record without its comment.
const END_BYTES: usize = 22;

/// Tensors of a whole archive.
pub(super) fn read(file: &[u8]) -> Reason<Vec<Stored<'_>>> {
    let entries = entries(file)?;
    let (root, program) = entries
        .iter()
        .find_map(|(name, bytes)| Some((name.strip_suffix("data.pkl")?, *bytes)))
        .ok_or("its archive has no data.pkl; it is not a PyTorch file of weights")?;
    if entries
        .get(&format!("{root}byteorder"))
        .is_some_and(|order| !order.starts_with(b"little"))
    {
        return Err("its numbers are big-endian".to_owned());
    }
    let pickle = Pickle::read(&mut Cursor::at(program, 0)?)?;
    let mut tensors = Vec::new();
    for (name, tensor) in pickle.tensors() {
        let Some(element) = tensor.element else {
            continue;
        };
        let storage = entries
            .get(&format!("{root}data/{}", tensor.storage))
            .ok_or_else(|| format!("its archive lacks the values of {name}"))?;
        let bytes = tensor.bytes(&name, storage)?;
        tensors.push(Stored::new(name, tensor.shape, element, bytes)?);
    }
    Ok(tensors)
}

/// Names and bytes of an archive's files.
fn entries(file: &[u8]) -> Reason<BTreeMap<String, &[u8]>> {
    let (count, size, start) = directory(file)?;
    let mut cursor = Cursor::at(Cursor::at(file, start)?.take(size)?, 0)?;
    let mut entries = BTreeMap::new();
    for _ in 0..count {
        if cursor.u32()? != 0x0201_4b50 {
            return Err("the directory of its archive is damaged".to_owned());
        }
        cursor.take(6)?;
        let method = cursor.u16()?;
        cursor.take(8)?;
        let mut sizes = [u64::from(cursor.u32()?), u64::from(cursor.u32()?)];
        let name_bytes = cursor.u16()?;
        let extra_bytes = cursor.u16()?;
        let comment_bytes = cursor.u16()?;
        cursor.take(8)?;
        let mut offset = u64::from(cursor.u32()?);
        let name = String::from_utf8_lossy(cursor.take(u64::from(name_bytes))?).into_owned();
        let extra = cursor.take(u64::from(extra_bytes))?;
        cursor.take(u64::from(comment_bytes))?;
        // Unpacked size, packed size and place follow in the extra field where 32 bits are short.
        let [packed, unpacked] = &mut sizes;
        widen(extra, [unpacked, packed, &mut offset])?;
        if method != 0 || sizes[0] != sizes[1] {
            return Err(format!("{name} in its archive is compressed"));
        }
        let mut local = Cursor::at(file, offset)?;
        if local.u32()? != 0x0403_4b50 {
            return Err(format!("{name} is not where its archive says"));
        }
        local.take(22)?;
        let skip = u64::from(local.u16()?) + u64::from(local.u16()?);
        local.take(skip)?;
        entries.insert(name, local.take(sizes[0])?);
    }
    Ok(entries)
}

/// Count of entries, size and place of the directory.
fn directory(file: &[u8]) -> Reason<(u64, u64, u64)> {
    // The end record stands last, before a comment of at most 65,535 bytes.
    let first = file.len().saturating_sub(END_BYTES + usize::from(u16::MAX));
    let end = file[first..]
        .windows(END_BYTES)
        .rposition(|window| window.starts_with(b"PK\x05\x06"))
        .map(|at| first + at)
        .ok_or("its archive has no end: the file is cut off")?;
    let mut cursor = Cursor::at(file, end as u64 + 10)?;
    let (count, size, start) = (cursor.u16()?, cursor.u32()?, cursor.u32()?);
    let fits = count != u16::MAX && size != u32::MAX && start != u32::MAX;
    let locator = end.checked_sub(20).map(|at| &file[at..]);
    match locator.filter(|bytes| !fits && bytes.starts_with(b"PK\x06\x07")) {
        None => Ok((u64::from(count), u64::from(size), u64::from(start))),
        Some(locator) => {
            let mut locator = Cursor::at(locator, 8)?;
            let mut cursor = Cursor::at(file, locator.u64()?)?;
            if cursor.u32()? != 0x0606_4b50 {
                return Err("the end of its archive is damaged".to_owned());
            }
            cursor.take(28)?;
            Ok((cursor.u64()?, cursor.u64()?, cursor.u64()?))
        }
    }
}

/// Replaces those of `values` that 32 bits could not hold by the 64-bit ones of an extra field.
fn widen(extra: &[u8], values: [&mut u64; 3]) -> Reason<()> {
    let mut cursor = Cursor::at(extra, 0)?;
    while extra.len() - cursor.position() >= 4 {
        let (kind, size) = (cursor.u16()?, cursor.u16()?);
        let body = cursor.take(u64::from(size))?;
        if kind == 1 {
            let mut wide = Cursor::at(body, 0)?;
            for value in values {
                if *value == u64::from(u32::MAX) {
                    *value = wide.u64()?;
                }
            }
            break;
        }
    }
    Ok(())
}

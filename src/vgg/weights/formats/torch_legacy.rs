//! What `torch.save` wrote before version 1.6: pickles of a magic number, a version, the system,
//! the object and the keys of its storages; then each storage as a count and its values.

use std::collections::BTreeMap;

use super::{
    bytes::Cursor,
    contents::{Element, Reason, Stored},
    pickle::Pickle,
};

/// The pickle of the magic number 0x1950a86a20f9469cfc6c.
const MAGIC: [u8; 15] = [
    0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, b'.',
];

/// Whether a file begins like this format.
pub(super) fn begins(file: &[u8]) -> bool {
    file.starts_with(&MAGIC)
}

/// Tensors of a whole file.
pub(super) fn read(file: &[u8]) -> Reason<Vec<Stored<'_>>> {
    let mut cursor = Cursor::at(file, 0)?;
    if cursor.take(MAGIC.len() as u64)? != MAGIC {
        return Err("it does not begin like a PyTorch file".to_owned());
    }
    let _version = Pickle::read(&mut cursor)?;
    let _system = Pickle::read(&mut cursor)?;
    let tensors = Pickle::read(&mut cursor)?.tensors();
    let keys = Pickle::read(&mut cursor)?;
    let keys = keys.texts().ok_or("it has no list of storages")?;
    let elements: BTreeMap<&str, Option<Element>> = tensors
        .iter()
        .map(|(_, tensor)| (tensor.storage.as_str(), tensor.element))
        .collect();
    let mut storages = BTreeMap::new();
    for key in keys {
        let count = cursor.u64()?;
        // Storages of integers are counters of eight bytes, each used by one tensor.
        let size = elements
            .get(key)
            .copied()
            .flatten()
            .map_or(8, Element::bytes) as u64;
        let bytes = count
            .checked_mul(size)
            .ok_or_else(|| format!("storage {key} has {count} values"))?;
        storages.insert(key, cursor.take(bytes)?);
    }
    let mut found = Vec::new();
    for (name, tensor) in &tensors {
        let Some(element) = tensor.element else {
            continue;
        };
        let storage = storages
            .get(tensor.storage.as_str())
            .ok_or_else(|| format!("it lacks the values of {name}"))?;
        let bytes = tensor.bytes(name, storage)?;
        let shape = tensor.shape.clone();
        found.push(Stored::new(name.clone(), shape, element, bytes)?);
    }
    Ok(found)
}

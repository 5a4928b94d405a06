//! A caffemodel: Caffe's `NetParameter` in Protocol Buffers, layers of the first version (field
//! 2) and of the second (field 100).

use super::{
    bytes::Cursor,
    contents::{Element, Reason, Stored},
};

/// A field of a message.
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// Four or eight bytes, which weights do not need.
    Fixed,
}

/// Every blob of every layer that has at most two of them (weight and bias).
pub(super) fn read(file: &[u8]) -> Reason<Vec<Stored<'_>>> {
    let mut tensors = Vec::new();
    fields(file, |number, field| {
        match (number, field) {
            // Layers: field numbers of their name and blobs.
            (2, Field::Bytes(body)) => layer(body, 4, 6, &mut tensors)?,
            (100, Field::Bytes(body)) => layer(body, 1, 7, &mut tensors)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(tensors)
}

fn layer<'a>(body: &'a [u8], name: u64, blobs: u64, into: &mut Vec<Stored<'a>>) -> Reason<()> {
    let mut title = String::new();
    let mut found = Vec::new();
    fields(body, |number, field| {
        match field {
            Field::Bytes(bytes) if number == name => {
                title = String::from_utf8_lossy(bytes).into_owned();
            }
            Field::Bytes(bytes) if number == blobs => found.push(bytes),
            _ => {}
        }
        Ok(())
    })?;
    for (bytes, role) in found.into_iter().zip(["weight", "bias"]) {
        into.push(blob(format!("{title}.{role}"), bytes)?);
    }
    Ok(())
}

fn blob(name: String, body: &[u8]) -> Reason<Stored<'_>> {
    let mut old_shape = [None; 4];
    let mut shape = None;
    let mut data = None;
    fields(body, |number, field| {
        match (number, field) {
            (1..=4, Field::Number(side)) => old_shape[number as usize - 1] = Some(side),
            (5, Field::Bytes(bytes)) => data = Some((Element::F32, bytes)),
            (8, Field::Bytes(bytes)) => data = Some((Element::F64, bytes)),
            (7, Field::Bytes(bytes)) => shape = Some(sides(bytes)?),
            _ => {}
        }
        Ok(())
    })?;
    let shape = match shape {
        Some(shape) => shape,
        None => old_shape
            .into_iter()
            .flatten()
            .map(side)
            .collect::<Reason<_>>()?,
    };
    let (element, bytes) = data.ok_or_else(|| format!("{name} has no values"))?;
    Stored::new(name, shape, element, bytes)
}

/// A `BlobShape`: its sides packed or one by one.
fn sides(body: &[u8]) -> Reason<Vec<usize>> {
    let mut sides = Vec::new();
    fields(body, |number, field| {
        match (number, field) {
            (1, Field::Number(value)) => sides.push(side(value)?),
            (1, Field::Bytes(packed)) => {
                let mut cursor = Cursor::at(packed, 0)?;
                while !cursor.is_at_end() {
                    sides.push(side(cursor.varint()?)?);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(sides)
}

fn side(value: u64) -> Reason<usize> {
    usize::try_from(value)
        .ok()
        .ok_or_else(|| format!("a side of {value} is beyond bounds"))
}

/// Calls `visit` with number and value of each field of a message.
fn fields<'a>(
    message: &'a [u8],
    mut visit: impl FnMut(u64, Field<'a>) -> Reason<()>,
) -> Reason<()> {
    let mut cursor = Cursor::at(message, 0)?;
    while !cursor.is_at_end() {
        let key = cursor.varint()?;
        let field = match key & 7 {
            0 => Field::Number(cursor.varint()?),
            1 => cursor.take(8).map(|_| Field::Fixed)?,
            2 => {
                let length = cursor.varint()?;
                Field::Bytes(cursor.take(length)?)
            }
            5 => cursor.take(4).map(|_| Field::Fixed)?,
            kind => return Err(format!("it has a field of the unknown kind {kind}")),
        };
        visit(key >> 3, field)?;
    }
    Ok(())
}

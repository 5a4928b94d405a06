//! Pickles, read as data: nothing is imported, called or built.
//!
//! A pickle is a program for a stack machine. Of its operations only those that a dictionary of
//! tensors needs are known, and of all globals only the storage types, the functions that make a
//! tensor from a storage, and `OrderedDict`; whatever else a pickle names is refused. Values live
//! in one list and name each other by index, so a pickle that refers to itself costs nothing and
//! a deep one needs no recursion.

mod machine;

use std::collections::BTreeSet;

use self::machine::Machine;
use super::{
    bytes::Cursor,
    contents::{Element, Reason},
};

/// A value's place in [`Pickle`].
type Id = u32;

enum Value {
    None,
    /// True and False as well.
    Integer(i64),
    Text(String),
    /// Tuples and lists.
    Sequence(Vec<Id>),
    Dictionary(Vec<(Id, Id)>),
    Global(Global),
    /// A persistent id: key of a storage and its element; `None` for integers.
    Storage(String, Option<Element>),
    Tensor(Tensor),
    /// What is accepted and of no use, such as fractions.
    Nothing,
}

#[derive(Clone, Copy)]
enum Global {
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    Storage(Option<Element>),
}

/// A tensor: a piece of a storage.
#[derive(Clone)]
pub(super) struct Tensor {
    pub(super) storage: String,
    /// `None` when it holds integers.
    pub(super) element: Option<Element>,
    /// First element in the storage.
    pub(super) offset: usize,
    pub(super) shape: Vec<usize>,
    stride: Vec<usize>,
}

impl Tensor {
    /// The tensor's piece of its `storage`.
    pub(super) fn bytes<'a>(&self, name: &str, storage: &'a [u8]) -> Reason<&'a [u8]> {
        let beyond = || format!("{name} reaches beyond its storage");
        let size = self.element.map_or(1, Element::bytes);
        let mut length = size;
        for (&side, &stride) in self.shape.iter().zip(&self.stride).rev() {
            if side > 1 && stride.checked_mul(size) != Some(length) {
                return Err(format!("{name} is not stored row by row"));
            }
            length = length.checked_mul(side).ok_or_else(beyond)?;
        }
        let start = self.offset.checked_mul(size).ok_or_else(beyond)?;
        let end = start.checked_add(length).ok_or_else(beyond)?;
        storage.get(start..end).ok_or_else(beyond)
    }
}

/// A pickle that was read.
pub(super) struct Pickle {
    values: Vec<Value>,
    root: Id,
}

impl Pickle {
    /// Reads one pickle; `cursor` is left behind it.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Reason<Self> {
        let mut machine = Machine::default();
        let root = machine.run(cursor)?;
        Ok(Self {
            values: machine.values,
            root,
        })
    }

    fn value(&self, id: Id) -> &Value {
        &self.values[id as usize]
    }

    /// The tensors of a dictionary, or of dictionaries directly inside it (`state_dict`).
    pub(super) fn tensors(&self) -> Vec<(String, Tensor)> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([self.root]);
        let mut inner = Vec::new();
        for (key, id) in self.items(self.root) {
            match self.value(id) {
                Value::Dictionary(_) if seen.insert(id) => inner.push((key, id)),
                value => keep(key.to_owned(), value, &mut found),
            }
        }
        for (prefix, id) in inner {
            for (key, id) in self.items(id) {
                keep(format!("{prefix}.{key}"), self.value(id), &mut found);
            }
        }
        found
    }

    /// The items of a dictionary that have texts as keys.
    fn items(&self, id: Id) -> impl Iterator<Item = (&str, Id)> {
        let items = match self.value(id) {
            Value::Dictionary(items) => items.as_slice(),
            _ => &[],
        };
        items
            .iter()
            .filter_map(|&(key, value)| match self.value(key) {
                Value::Text(key) => Some((key.as_str(), value)),
                _ => None,
            })
    }

    /// The texts of a list, as the legacy format names its storages.
    pub(super) fn texts(&self) -> Option<Vec<&str>> {
        let Value::Sequence(items) = self.value(self.root) else {
            return None;
        };
        let text = |&id: &Id| match self.value(id) {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        };
        items.iter().map(text).collect()
    }
}

/// Keeps a tensor; one more than allowed, so that the caller sees that there are too many.
fn keep(name: String, value: &Value, found: &mut Vec<(String, Tensor)>) {
    if let Value::Tensor(tensor) = value
        && found.len() <= super::contents::MAX_TENSORS
    {
        found.push((name, tensor.clone()));
    }
}

//! The file of a checkpoint: safetensors with the record among its metadata, so that any tool of the
//! field can look inside.

use std::{borrow::Cow, collections::HashMap};

use safetensors::{Dtype, SafeTensors, View};

use super::Checkpoint;
use crate::{
    error::{Error, Result},
    state::{Numbers, State},
    transfer::record::Record,
};

/// The metadata that hold the record, a note, and the number of the format.
const RECORD: &str = "impasto.record";
const NOTE: &str = "impasto.note";
const FORMAT: &str = "impasto.checkpoint";
/// Other numbers are formats of other versions of the program.
const NUMBER: &str = "1";

/// Numbers as little-endian bytes.
struct Bytes {
    kind: Dtype,
    shape: [usize; 1],
    data: Vec<u8>,
}

impl From<&Numbers> for Bytes {
    fn from(numbers: &Numbers) -> Self {
        let (kind, length, data): (_, _, Vec<u8>) = match numbers {
            Numbers::Floats(v) => (
                Dtype::F32,
                v.len(),
                v.iter().flat_map(|v| v.to_le_bytes()).collect(),
            ),
            Numbers::Doubles(v) => (
                Dtype::F64,
                v.len(),
                v.iter().flat_map(|v| v.to_le_bytes()).collect(),
            ),
            Numbers::Whole(v) => (
                Dtype::U64,
                v.len(),
                v.iter().flat_map(|v| v.to_le_bytes()).collect(),
            ),
        };
        Self {
            kind,
            shape: [length],
            data,
        }
    }
}

impl View for Bytes {
    fn dtype(&self) -> Dtype {
        self.kind
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        (&self.data).into()
    }

    fn data_len(&self) -> usize {
        self.data.len()
    }
}

/// Numbers from little-endian bytes; `None` for kinds that no checkpoint has.
fn numbers(kind: Dtype, data: &[u8]) -> Option<Numbers> {
    let eights = || data.as_chunks::<8>().0.iter().copied();
    Some(match kind {
        Dtype::F32 => {
            let fours = data.as_chunks::<4>().0.iter().copied();
            Numbers::Floats(fours.map(f32::from_le_bytes).collect())
        }
        Dtype::F64 => Numbers::Doubles(eights().map(f64::from_le_bytes).collect()),
        Dtype::U64 => Numbers::Whole(eights().map(u64::from_le_bytes).collect()),
        _ => return None,
    })
}

impl Checkpoint {
    /// The bytes of a file that [`Self::from_bytes`] reads.
    ///
    /// # Errors
    /// Never in practice: names and lengths are the program's own.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let tensors = self.state.values();
        let tensors = tensors.map(|(name, numbers)| (name, Bytes::from(numbers)));
        let mut metadata = HashMap::from([
            (FORMAT.to_owned(), NUMBER.to_owned()),
            (RECORD.to_owned(), self.record.to_json()),
        ]);
        metadata.extend(self.note.clone().map(|note| (NOTE.to_owned(), note)));
        safetensors::serialize(tensors, Some(metadata))
            .map_err(|why| Error::Internal(format!("a checkpoint cannot be written: {why}")))
    }

    /// The checkpoint in the bytes of a file.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when they are damaged, cut off, or something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let damaged = |why| Error::Checkpoint(format!("it is not a whole checkpoint ({why})"));
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let text = |key| header.metadata().as_ref().and_then(|texts| texts.get(key));
        match text(FORMAT).map(String::as_str) {
            Some(NUMBER) => {}
            Some(_) => {
                let why = "it was written by another version of the program";
                return Err(Error::Checkpoint(why.to_owned()));
            }
            None => {
                let why = "the file is no checkpoint of a run";
                return Err(Error::Checkpoint(why.to_owned()));
            }
        }
        let record = text(RECORD).and_then(|text| Record::from_json(text));
        let record = record.ok_or_else(|| Error::Checkpoint("its record is damaged".to_owned()))?;
        let mut state = State::default();
        for (name, view) in tensors.tensors() {
            let read = numbers(view.dtype(), view.data());
            let read =
                read.ok_or_else(|| Error::Checkpoint(format!("its entry {name} is damaged")))?;
            state.put(&name, read);
        }
        Ok(Self {
            record,
            note: text(NOTE).cloned(),
            state,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        let mut state = State::default();
        state.put_floats("x", &[1.5, f32::NAN, f32::MIN_POSITIVE]);
        state.put_double("loss", f64::INFINITY);
        state.put_whole("draws", u64::MAX);
        let record = Record {
            program: "impasto 1".to_owned(),
            step: 3,
            ..Record::default()
        };
        Checkpoint {
            record,
            note: Some("{\"output\":\"ä.png\"}".to_owned()),
            state,
        }
    }

    #[test]
    fn a_file_gives_back_every_bit() {
        let bytes = checkpoint().to_bytes().unwrap();
        let back = Checkpoint::from_bytes(&bytes).unwrap();
        let before = checkpoint().state;
        let bits = |state: &State| -> Vec<(String, Vec<u8>)> {
            let values = state.values();
            let values = values.map(|(name, numbers)| (name.to_owned(), Bytes::from(numbers).data));
            values.collect()
        };
        assert_eq!(bits(&back.state), bits(&before));
        assert_eq!(back.record, checkpoint().record);
        assert_eq!(back.note, checkpoint().note);
        let mut state = back.state;
        assert_eq!(state.take_whole("draws").unwrap(), u64::MAX);
        assert_eq!(state.take_floats("x", 3).unwrap()[0], 1.5);
    }

    #[test]
    fn what_is_cut_off_or_foreign_is_refused_in_words() {
        let bytes = checkpoint().to_bytes().unwrap();
        for length in 0..bytes.len() {
            assert!(
                Checkpoint::from_bytes(&bytes[..length]).is_err(),
                "{length}"
            );
        }
        let foreign = safetensors::serialize([("x", Bytes::from(&Numbers::Whole(vec![1])))], None);
        let error = Checkpoint::from_bytes(&foreign.unwrap()).unwrap_err();
        assert!(error.to_string().contains("no checkpoint"), "{error}");
    }
}

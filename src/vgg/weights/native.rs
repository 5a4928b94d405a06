//! This program's own form of weights: safetensors, keys `conv1_1.weight` and `.bias`, OIHW, RGB,
//! float16, with words about their origin; and the file inside the program.

use std::{
    collections::BTreeMap,
    io::Read as _,
    path::Path,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use half::f16;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{Convolution, Weights};
use crate::{
    error::{Error, Result},
    ordinary,
};

pub(super) const EMBEDDED: &[u8] = include_bytes!("../../../weights/vgg16-conv-f16.safetensors");

/// The words in the header of the file inside the program.
pub(super) fn embedded_words() -> BTreeMap<String, String> {
    let header = EMBEDDED
        .split_first_chunk::<8>()
        .and_then(|(length, rest)| {
            let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
            serde_json::from_slice::<Header>(rest.get(..length)?).ok()
        });
    header.unwrap_or_default().words
}

pub(super) fn embedded() -> Result<Arc<Weights>> {
    // Decoded they take 59 MB: kept only as long as somebody has them.
    static WEIGHTS: Mutex<Weak<Weights>> = Mutex::new(Weak::new());
    let mut kept = WEIGHTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(weights) = kept.upgrade() {
        return Ok(weights);
    }
    let weights = Weights::from_bytes(EMBEDDED, "embedded VGG-16 (Oxford)", None)?;
    let weights = Arc::new(weights);
    *kept = Arc::downgrade(&weights);
    Ok(weights)
}

/// A file of this program's own form. Values are rounded to float16, which changes features by
/// less than a thousandth.
///
/// # Errors
/// When a value is beyond float16 (65,504).
pub(super) fn file(
    convolutions: &[Convolution],
    metadata: &BTreeMap<&str, String>,
) -> Result<Vec<u8>, String> {
    let mut header = Map::new();
    header.insert("__metadata__".to_owned(), json!(metadata));
    let mut data = Vec::new();
    for convolution in convolutions {
        let name = convolution.layer.convolution();
        let (outputs, inputs) = (convolution.outputs, convolution.inputs);
        let tensors: [(&str, Value, &[f32]); 2] = [
            (
                "weight",
                json!([outputs, inputs, 3, 3]),
                &convolution.weight,
            ),
            ("bias", json!([outputs]), &convolution.bias),
        ];
        for (role, shape, values) in tensors {
            let start = data.len();
            for &value in values {
                let half = f16::from_f32(value);
                if half.is_infinite() {
                    return Err(format!("{name}.{role} holds {value}, beyond float16"));
                }
                data.extend(half.to_le_bytes());
            }
            let place = json!({
                "dtype": "F16",
                "shape": shape,
                "data_offsets": [start, data.len()],
            });
            header.insert(format!("{name}.{role}"), place);
        }
    }
    let mut text = Value::Object(header).to_string();
    // The tensors begin at a multiple of eight, as the format asks.
    text.extend(std::iter::repeat_n(
        ' ',
        text.len().next_multiple_of(8) - text.len(),
    ));
    let mut file = Vec::with_capacity(8 + text.len() + data.len());
    file.extend((text.len() as u64).to_le_bytes());
    file.extend(text.as_bytes());
    file.extend(data);
    Ok(file)
}

/// SHA-256, lower-case hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

/// What is wrong with weights, and what to do.
pub(super) fn unfit(name: &str, why: impl Into<String>) -> Error {
    Error::Weights {
        name: name.to_owned(),
        why: why.into(),
        advice: "Give VGG-16 or VGG-19 as safetensors, Keras .h5, PyTorch .pth or .caffemodel",
    }
}

/// Largest header that is read for a list.
const MAX_HEADER_BYTES: u64 = 1 << 20;

/// The part of a header that a list needs.
#[derive(Default, Deserialize)]
struct Header {
    #[serde(default, rename = "__metadata__")]
    words: BTreeMap<String, String>,
}

/// The words in a file's header.
pub(super) fn words(path: &Path) -> Option<BTreeMap<String, String>> {
    let mut file = ordinary::open(path).ok()?;
    let mut length = [0; 8];
    file.read_exact(&mut length).ok()?;
    let length = u64::from_le_bytes(length);
    let mut header = Vec::new();
    file.take(length.min(MAX_HEADER_BYTES))
        .read_to_end(&mut header)
        .ok()?;
    let header: Header = serde_json::from_slice(&header).ok()?;
    Some(header.words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Family, Network};

    fn from_bytes(bytes: &[u8]) -> Result<Weights> {
        Weights::from_bytes(bytes, "test", None)
    }

    #[test]
    fn the_embedded_file_is_the_documented_one() {
        let weights = embedded().unwrap();
        assert_eq!(weights.network, Network::Vgg16);
        assert_eq!(weights.convolutions.len(), 13);
        assert_eq!(
            weights.sha256,
            "28e7d7a5acb302aec00108d4660e1029371da4bb1a0c22d9d056ceeaf0100832"
        );
    }

    #[test]
    fn damaged_files_are_refused_with_the_reason() {
        for (bytes, expected) in [
            (&EMBEDDED[..EMBEDDED.len() - 2], "not a whole safetensors"),
            (&b""[..], "an empty file"),
            (&[0xff; 64][..], "neither safetensors, HDF5"),
            (&b"\x02\0\0\0\0\0\0\0{}"[..], "no tensor conv1_1"),
            (&b"\x03\0\0\0\0\0\0\0{}"[..], "not a whole safetensors"),
            (&b"<!DOCTYPE html>"[..], "a web page"),
            (
                &b"version https://git-lfs.github.com/spec/v1"[..],
                "LFS pointer",
            ),
        ] {
            let message = from_bytes(bytes).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let weights = embedded().unwrap();
        let metadata = BTreeMap::from([("family", "oxford".to_owned())]);
        let bytes = file(&weights.convolutions, &metadata).unwrap();
        assert_eq!(
            from_bytes(&bytes).unwrap().convolutions,
            weights.convolutions
        );
        assert_eq!(file(&weights.convolutions, &metadata).unwrap(), bytes);
    }

    #[test]
    fn values_beyond_float16_are_refused() {
        let mut weights = Weights::clone(&Weights::random(Network::Vgg16, 1));
        weights.convolutions[3].bias[7] = 1e6;
        let message = file(&weights.convolutions, &BTreeMap::new()).unwrap_err();
        assert!(message.contains("conv2_2.bias holds 1000000"), "{message}");
    }

    #[test]
    fn the_deviation_of_torchvision_is_folded_in() {
        let weights = embedded().unwrap();
        let metadata = BTreeMap::from([("family", "torchvision".to_owned())]);
        let bytes = file(&weights.convolutions, &metadata).unwrap();
        let folded = from_bytes(&bytes).unwrap();
        assert_eq!(folded.family, Family::Torchvision);
        for (place, (plain, folded)) in weights.convolutions[0]
            .weight
            .iter()
            .zip(&folded.convolutions[0].weight)
            .enumerate()
        {
            let deviation = Family::Torchvision.deviation()[place / 9 % 3];
            assert!((plain - folded * deviation).abs() <= plain.abs() * 1e-6);
        }
        assert_eq!(weights.convolutions[1..], folded.convolutions[1..]);
    }
}

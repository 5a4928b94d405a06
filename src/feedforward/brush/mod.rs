//! Brushes: styles as files of some kilobytes, learnt from a painting or inside the program.
//!
//! A brush is the gammas and betas of one style (Dumoulin and others 2017), with a small picture of
//! what it does and a record of how it was learnt. The file is safetensors: `norms` (float32),
//! `preview` (the bytes of a JPEG), and a header with name, network and record.

mod built_in;
mod folder;

use std::{collections::HashMap, io::ErrorKind, path::Path};

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Architecture, Norms};
use crate::{
    error::{Error, Result},
    ordinary,
};

pub use built_in::built_in;
pub use folder::{BRUSH_FOLDER_VARIABLE, BrushFolder};

/// Ending of a brush's file.
pub const BRUSH_EXTENSION: &str = "brush";

/// Files beyond this are no brushes.
const MOST_BYTES: u64 = 4 << 20;

/// A style for a feed-forward network.
#[derive(Clone, Debug, PartialEq)]
pub struct Brush {
    /// Its name.
    pub name: String,
    /// Gammas and betas.
    pub norms: Norms,
    /// What it does to a photograph, as JPEG; empty where nobody has looked.
    pub preview: Vec<u8>,
    /// How it was learnt.
    pub record: BrushRecord,
}

/// How a brush was learnt; empty for those inside the program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BrushRecord {
    /// Name and version of the program.
    pub program: String,
    /// The style image's name.
    pub style: String,
    /// SHA-256 of the style image's file, lower-case hex; empty when it was no file.
    pub style_sha256: String,
    /// Names of the photographs it was learnt on.
    pub photographs: Vec<String>,
    /// Steps taken.
    pub steps: u32,
    /// Seconds of computing.
    pub secs: f64,
    /// Mean style loss over the photographs, relative to theirs unpainted: before and after.
    pub style_loss: Option<[f64; 2]>,
}

impl Brush {
    /// Reads a brush's file.
    ///
    /// # Errors
    /// When it cannot be read, or is no brush.
    pub fn open(path: &Path) -> Result<Self> {
        let unreadable = |fault| Error::file("read", path, fault, "Check its name and permissions");
        let name = path.display().to_string();
        let bytes = ordinary::read(path, MOST_BYTES).map_err(|fault| match fault.kind() {
            ErrorKind::FileTooLarge => unusable(&name, &fault.to_string()),
            _ => unreadable(fault),
        })?;
        Self::from_bytes(&bytes, &name)
    }

    /// Reads a brush from the bytes of its file; `file` names it in errors.
    ///
    /// # Errors
    /// When they are no brush.
    pub fn from_bytes(bytes: &[u8], file: &str) -> Result<Self> {
        let broken = |fault: &dyn std::fmt::Display| unusable(file, &fault.to_string());
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|fault| broken(&fault))?;
        let tensors = SafeTensors::deserialize(bytes).map_err(|fault| broken(&fault))?;
        let words = header.metadata().clone().unwrap_or_default();
        let word = |key: &str| {
            words
                .get(key)
                .ok_or_else(|| broken(&format!("{key} is missing")))
        };
        let architecture: Architecture = word("network")?.parse()?;
        let norms = tensors.tensor("norms").map_err(|fault| broken(&fault))?;
        if norms.dtype() != Dtype::F32 {
            return Err(broken(&"its numbers are not float32"));
        }
        let (values, _) = norms.data().as_chunks::<4>();
        let values = values.iter().map(|bytes| f32::from_le_bytes(*bytes));
        let norms = Norms::new(architecture, values.collect()).map_err(|fault| broken(&fault))?;
        let preview = tensors.tensor("preview");
        Ok(Self {
            name: word("name")?.clone(),
            norms,
            preview: preview.map_or_else(|_| Vec::new(), |preview| preview.data().to_vec()),
            // Records of the future are read as far as they are understood.
            record: serde_json::from_str(word("record")?).unwrap_or_default(),
        })
    }

    /// The bytes of its file.
    ///
    /// # Errors
    /// Never for a brush that can be used.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let fault = |fault: &dyn std::fmt::Display| Error::Internal(format!("brush: {fault}"));
        let values = self.norms.values();
        let norms: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let tensor = |dtype, length: usize, data| {
            TensorView::new(dtype, vec![length], data).map_err(|error| fault(&error))
        };
        let record = serde_json::to_string(&self.record).map_err(|error| fault(&error))?;
        let words: HashMap<String, String> = [
            ("name", self.name.clone()),
            ("network", self.norms.architecture().to_string()),
            ("record", record),
        ]
        .map(|(key, word)| (key.to_owned(), word))
        .into();
        let tensors = [
            ("norms", tensor(Dtype::F32, values.len(), &norms)?),
            (
                "preview",
                tensor(Dtype::U8, self.preview.len(), &self.preview)?,
            ),
        ];
        safetensors::serialize(tensors, Some(words)).map_err(|error| fault(&error))
    }

    /// SHA-256 of its numbers, lower-case hex: two brushes with the same paint the same.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for value in self.norms.values() {
            hash.update(value.to_le_bytes());
        }
        let bytes = hash.finalize();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn unusable(name: &str, why: &str) -> Error {
    Error::Brush {
        name: name.to_owned(),
        why: why.to_owned(),
        advice: "`impasto brush list` shows the brushes there are",
    }
}

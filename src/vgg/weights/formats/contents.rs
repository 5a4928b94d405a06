//! What a file of weights holds: named tensors that borrow the file's bytes.

use std::collections::BTreeMap;

use half::{bf16, f16};

/// What a reader says when a file is not what it should be: words that follow "because".
pub(in crate::vgg::weights) type Reason<T> = Result<T, String>;

/// More tensors than any VGG has, however it is stored.
pub(super) const MAX_TENSORS: usize = 4096;

/// What a file holds.
pub(in crate::vgg::weights) struct Contents<'a> {
    pub(in crate::vgg::weights) tensors: Vec<Stored<'a>>,
    /// Words about the file, where the format has room for them.
    pub(in crate::vgg::weights) metadata: BTreeMap<String, String>,
}

impl<'a> From<Vec<Stored<'a>>> for Contents<'a> {
    fn from(tensors: Vec<Stored<'a>>) -> Self {
        Self {
            tensors,
            metadata: BTreeMap::new(),
        }
    }
}

/// How a number is stored, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::vgg::weights) enum Element {
    F16,
    Bf16,
    F32,
    F64,
}

impl Element {
    pub(super) const fn bytes(self) -> usize {
        match self {
            Self::F16 | Self::Bf16 => 2,
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

/// A tensor in a file, row-major.
pub(in crate::vgg::weights) struct Stored<'a> {
    pub(in crate::vgg::weights) name: String,
    pub(in crate::vgg::weights) shape: Vec<usize>,
    element: Element,
    bytes: &'a [u8],
}

impl<'a> Stored<'a> {
    /// Checks the bytes against the shape.
    pub(super) fn new(
        name: String,
        shape: Vec<usize>,
        element: Element,
        bytes: &'a [u8],
    ) -> Reason<Self> {
        let expected = shape
            .iter()
            .try_fold(element.bytes(), |size, &side| size.checked_mul(side));
        if expected == Some(bytes.len()) {
            Ok(Self {
                name,
                shape,
                element,
                bytes,
            })
        } else {
            Err(format!(
                "{name} of shape {shape:?} cannot have {} bytes",
                bytes.len()
            ))
        }
    }

    /// The values as f32. Allocates what the file holds, not what it claims.
    pub(in crate::vgg::weights) fn values(&self) -> Vec<f32> {
        fn convert<const N: usize>(bytes: &[u8], value: impl Fn([u8; N]) -> f32) -> Vec<f32> {
            bytes
                .as_chunks()
                .0
                .iter()
                .map(|&chunk| value(chunk))
                .collect()
        }
        match self.element {
            Element::F16 => convert(self.bytes, |chunk| f16::from_le_bytes(chunk).to_f32()),
            Element::Bf16 => convert(self.bytes, |chunk| bf16::from_le_bytes(chunk).to_f32()),
            Element::F32 => convert(self.bytes, f32::from_le_bytes),
            Element::F64 => convert(self.bytes, |chunk| f64::from_le_bytes(chunk) as f32),
        }
    }
}

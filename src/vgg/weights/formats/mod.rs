//! The files that VGG's weights come in, read to one form: named tensors that borrow the file's
//! bytes.
//!
//! Every reader treats its file as hostile: places and lengths are checked against the file
//! ([`bytes`]), nothing is allocated by a number that the file gives, recursion and the number of
//! objects are limited, and nothing in a file is ever executed (a pickle is read by [`pickle`],
//! which knows data only). What the tensors mean is decided in [`super::detect`].

mod bytes;
mod caffemodel;
mod hdf5;
mod pickle;
mod safetensors;
mod torch_legacy;
mod torch_zip;

use std::collections::BTreeMap;

use half::{bf16, f16};

/// What a reader says when a file is not what it should be: words that follow "because".
pub(super) type Reason<T> = Result<T, String>;

/// More tensors than any VGG has, however it is stored.
const MAX_TENSORS: usize = 4096;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON header and plain tensors.
    Safetensors,
    /// HDF5 as Keras writes it: superblock 0 or 1, symbol tables, contiguous tensors.
    Hdf5,
    /// What `torch.save` has written since `PyTorch` 1.6: a zip archive with a pickle in it.
    TorchZip,
    /// What `torch.save` wrote before: pickles, then the tensors.
    TorchLegacy,
    /// A network of Caffe in Protocol Buffers.
    Caffe,
}

impl Format {
    /// Detects a file by its first bytes.
    pub(super) fn of(file: &[u8]) -> Reason<Self> {
        let foreign = |what| Err(format!("it is {what}, not a file of weights"));
        match file {
            [] => foreign("an empty file"),
            [0x89, b'H', b'D', b'F', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(Self::Hdf5),
            [b'P', b'K', 3, 4, ..] => Ok(Self::TorchZip),
            [b'<', ..] => foreign("a web page"),
            _ if file.starts_with(b"version https://git-lfs") => {
                foreign("a Git LFS pointer (the weights are elsewhere)")
            }
            _ if torch_legacy::begins(file) => Ok(Self::TorchLegacy),
            [_, _, _, _, _, _, _, _, b'{', ..] => Ok(Self::Safetensors),
            // A name, or layers: the first fields of Caffe's NetParameter.
            [0x0a | 0x12, ..] | [0xa2, 6, ..] => Ok(Self::Caffe),
            _ => Err("it is neither safetensors, HDF5, a PyTorch file nor a caffemodel".to_owned()),
        }
    }

    /// Every tensor of a file, in the file's order.
    pub(super) fn read(self, file: &[u8]) -> Reason<Contents<'_>> {
        let contents = match self {
            Self::Safetensors => safetensors::read(file),
            Self::Hdf5 => hdf5::read(file).map(Contents::from),
            Self::TorchZip => torch_zip::read(file).map(Contents::from),
            Self::TorchLegacy => torch_legacy::read(file).map(Contents::from),
            Self::Caffe => caffemodel::read(file).map(Contents::from),
        }?;
        if contents.tensors.len() > MAX_TENSORS {
            return Err(format!("it has {} tensors", contents.tensors.len()));
        }
        Ok(contents)
    }

    /// The field's name of the format.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Safetensors => "safetensors",
            Self::Hdf5 => "HDF5 (Keras)",
            Self::TorchZip => "PyTorch",
            Self::TorchLegacy => "PyTorch (before 1.6)",
            Self::Caffe => "caffemodel",
        }
    }
}

/// What a file holds.
pub(super) struct Contents<'a> {
    pub(super) tensors: Vec<Stored<'a>>,
    /// Words about the file, where the format has room for them.
    pub(super) metadata: BTreeMap<String, String>,
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
pub(super) enum Element {
    F16,
    Bf16,
    F32,
    F64,
}

impl Element {
    const fn bytes(self) -> usize {
        match self {
            Self::F16 | Self::Bf16 => 2,
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

/// A tensor in a file, row-major.
pub(super) struct Stored<'a> {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    element: Element,
    bytes: &'a [u8],
}

impl<'a> Stored<'a> {
    /// Checks the bytes against the shape.
    fn new(name: String, shape: Vec<usize>, element: Element, bytes: &'a [u8]) -> Reason<Self> {
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
    pub(super) fn values(&self) -> Vec<f32> {
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

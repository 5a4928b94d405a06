//! The files that VGG's weights come in, read to one form: named tensors that borrow the file's
//! bytes.
//!
//! Every reader treats its file as hostile: places and lengths are checked against the file
//! ([`bytes`]), nothing is allocated by a number that the file gives, recursion and the number of
//! objects are limited, and nothing in a file is ever executed (a pickle is read by [`pickle`],
//! which knows data only). What the tensors mean is decided in [`super::detect`].

mod bytes;
mod caffemodel;
mod contents;
mod hdf5;
mod pickle;
mod safetensors;
mod torch_legacy;
mod torch_zip;

use self::contents::MAX_TENSORS;
pub(super) use self::contents::{Contents, Reason, Stored};

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

//! Why a file gives no picture, before it is put in words.

use std::io::ErrorKind;

use image::ImageError;
use tiff::TiffError;

/// What a decoder has against a file.
#[derive(Debug)]
pub(in crate::pixels) enum Fault {
    /// More memory or longer sides than are allowed.
    TooLarge,
    /// These sides are more than is read.
    Sides(u64, u64),
    /// A kind of its format that is not read, in words: "it is ...".
    Kind(String),
    /// A feature of its format that is not read, as the decoder calls it.
    Unsupported(String),
    /// It ends too early.
    CutOff,
    /// It is damaged, in the decoder's words.
    Damaged(String),
}

impl From<ImageError> for Fault {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            ImageError::Unsupported(what) => Self::Unsupported(what.to_string()),
            ImageError::IoError(source) if source.kind() == ErrorKind::UnexpectedEof => {
                Self::CutOff
            }
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl From<TiffError> for Fault {
    fn from(error: TiffError) -> Self {
        match error {
            TiffError::LimitsExceeded => Self::TooLarge,
            TiffError::UnsupportedError(what) => Self::Unsupported(what.to_string()),
            TiffError::IoError(source) if source.kind() == ErrorKind::UnexpectedEof => Self::CutOff,
            other => Self::Damaged(other.to_string()),
        }
    }
}

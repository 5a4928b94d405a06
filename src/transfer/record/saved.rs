//! How a picture was saved, as its record tells, so that it is saved so again.

use serde::{Deserialize, Serialize};

use crate::pixels::{BitDepth, SaveOptions};

/// How a picture was saved, where its format has a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedAs {
    /// Bits for each color: 8 or 16.
    pub bits: u8,
    /// Quality of JPEG, 1 to 100.
    pub jpeg_quality: u8,
}

impl Default for SavedAs {
    fn default() -> Self {
        Self::from(&SaveOptions::default())
    }
}

impl From<&SaveOptions> for SavedAs {
    fn from(options: &SaveOptions) -> Self {
        Self {
            bits: match options.bit_depth {
                BitDepth::Eight => 8,
                BitDepth::Sixteen => 16,
            },
            jpeg_quality: options.jpeg_quality,
        }
    }
}

impl SavedAs {
    /// The bits for each color.
    pub fn bit_depth(self) -> BitDepth {
        match self.bits {
            16 => BitDepth::Sixteen,
            _ => BitDepth::Eight,
        }
    }
}

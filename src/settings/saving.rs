//! How the window saves pictures.

use serde::{Deserialize, Serialize};

use super::range;

/// What the window's question about saving was answered with last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SaveChoices {
    /// The file format.
    pub format: PictureFormat,
    /// Sixteen bits for each color instead of eight, where the format has a choice.
    pub sixteen_bits: bool,
    /// Quality of JPEG ([`range::JPEG_QUALITY`]).
    pub jpeg_quality: u8,
    /// Whether the picture carries how it was made.
    pub remember: bool,
}

impl Default for SaveChoices {
    fn default() -> Self {
        Self {
            format: PictureFormat::Png,
            sixteen_bits: false,
            jpeg_quality: 95,
            remember: true,
        }
    }
}

impl SaveChoices {
    /// The choices with what is out of range brought back.
    #[must_use]
    pub fn repaired(mut self) -> Self {
        let range = range::JPEG_QUALITY;
        self.jpeg_quality = self.jpeg_quality.clamp(range.min as u8, range.max as u8);
        self
    }
}

/// A file format that remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PictureFormat {
    /// Lossless, 8 or 16 bits.
    #[default]
    Png,
    /// Small, lossy.
    Jpeg,
    /// Lossless, smaller than PNG.
    WebP,
    /// Lossless, 8 or 16 bits, for print.
    Tiff,
}

impl PictureFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Png, Self::Jpeg, Self::WebP, Self::Tiff];

    /// The ending of its files, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::WebP => "webp",
            Self::Tiff => "tif",
        }
    }

    /// Whether it can hold sixteen bits for each color.
    pub const fn is_deep(self) -> bool {
        matches!(self, Self::Png | Self::Tiff)
    }
}

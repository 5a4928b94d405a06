//! Pictures: files to sRGB planes and back.
//!
//! A [`Picture`] is what every other room sees: planar sRGB in 0..1, upright, converted from its
//! ICC profile, with its alpha apart. Reading and writing files happens here and nowhere else.

/// Planar RGB: plane by plane, row by row, `[3, H, W]`. Values are sRGB in 0..1 unless a name
/// says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Planes {
    /// W in pixels, at least 1.
    pub width: usize,
    /// H in pixels, at least 1.
    pub height: usize,
    /// `3 · height · width` values.
    pub data: Vec<f32>,
}

/// A picture that was read or made.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Colours, sRGB 0..1.
    pub planes: Planes,
    /// Opacity 0..1, `[H, W]`, when the picture has any.
    pub alpha: Option<Vec<f32>>,
    /// Name for people: the file's name, or "clipboard".
    pub name: String,
    /// The file, when there is one.
    pub path: Option<std::path::PathBuf>,
    /// SHA-256 of the file's bytes, lower-case hex; empty for pictures that were made.
    pub sha256: String,
}

//! Pictures: files to sRGB planes and back.
//!
//! A [`Picture`] is what every other module sees: planar sRGB in 0..1, upright, converted from its
//! ICC profile, with its alpha apart. Reading and writing files happens here and nowhere else.
//!
//! | file | what it does |
//! |---|---|
//! | `kind` | recognizes a file by its first bytes |
//! | `read` | file or clipboard to [`Picture`], within limits |
//! | `decode` | every format to planes in sRGB |
//! | `complete` | tells a whole file from one that is cut off |
//! | `hidden` | colors where a picture is transparent |
//! | `edit` | a picture turned and cut |
//! | `color_profile` | what a file says of its colors to sRGB |
//! | `resample` | filters and separable resampling of a plane |
//! | `resize` | pictures at other sizes |
//! | `network_input` | sRGB planes to the network's input and back |
//! | `rgba8` | planes to bytes for the screen |
//! | `color` | the content image's colors for the result |
//! | `hues` | the content image's hues in the style images' palette |
//! | `palette` | the colors of a picture as a distribution |
//! | `oklab` | sRGB to OkLab and back |
//! | `guided_filter` | a smooth plane that keeps to another's contours |
//! | `fade` | one picture faded to another |
//! | `write` | planes to a file |
//! | `embed` | the settings inside a saved picture |
//! | `animation` | many pictures to a moving one |
//! | `find` | pictures that a record names |
//! | `samples` | the pictures inside the program |
//!
//! It never logs, never shows anything and never keeps a file open.

mod animation;
mod color;
mod color_profile;
mod complete;
mod decode;
mod edit;
mod embed;
mod fade;
mod find;
mod guided_filter;
mod hidden;
mod hues;
mod kind;
mod network_input;
mod oklab;
mod palette;
mod read;
mod resample;
mod resize;
mod rgba8;
mod samples;
mod write;

pub use animation::{AnimationFormat, AnimationOptions, AnimationWriter, ffmpeg};
pub use color::{keep_content_colors, recolor};
pub use embed::read_record;
pub use fade::faded;
pub use find::{Found, FoundAt, find_input};
pub use hues::{Hues, Toward};
pub use network_input::{srgb_from_vgg, vgg_from_srgb};
pub use palette::Palette;
pub use read::OPEN_EXTENSIONS;
pub use resample::{Filter, resample_plane};
pub use rgba8::{Rgba8, part_rgba8, preview_rgba8};
pub use samples::{PHOTOGRAPHS, SAMPLE_CONTENT, SAMPLE_STYLE, Sample};
pub use write::{
    BitDepth, SAVE_EXTENSIONS, SaveFormat, SaveOptions, encode_jpeg, encoded, record_fits, save,
};

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

impl Planes {
    /// Planes of one color.
    pub fn filled(width: usize, height: usize, rgb: [f32; 3]) -> Self {
        let mut data = Vec::with_capacity(3 * width * height);
        for value in rgb {
            data.resize(data.len() + width * height, value);
        }
        Self {
            width,
            height,
            data,
        }
    }

    /// The longer side.
    pub fn longest_px(&self) -> usize {
        self.width.max(self.height)
    }

    /// H · W.
    pub fn pixels(&self) -> usize {
        self.width * self.height
    }

    /// One color's plane, `[H, W]`: 0 red, 1 green, 2 blue.
    pub fn plane(&self, channel: usize) -> &[f32] {
        &self.data[channel * self.pixels()..(channel + 1) * self.pixels()]
    }
}

/// A picture that was read or made.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Colors, sRGB 0..1, not multiplied by opacity. Where nothing can be seen of a pixel, it has
    /// the color of its surroundings, whatever the file hides there.
    pub planes: Planes,
    /// Opacity 0..1, `[H, W]`, unless all is opaque.
    pub alpha: Option<Vec<f32>>,
    /// Name for people: the file's name, or "clipboard".
    pub name: String,
    /// The file, when there is one.
    pub path: Option<std::path::PathBuf>,
    /// SHA-256 of the file's bytes, lower-case hex; empty for pictures that were made.
    pub sha256: String,
    /// What was amiss with the file although it could be read: sentences for people, without a dot.
    pub notes: Vec<String>,
}

//! The formats of moving pictures, and what each has to do.

use std::path::Path;

use crate::error::{Error, Result};

/// A way to keep moving pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnimationFormat {
    /// 256 colors a frame; plays everywhere.
    #[default]
    Gif,
    /// Lossless; plays in browsers.
    Apng,
    /// One PNG file a frame, in a folder.
    Sequence,
    /// A film, made by ffmpeg.
    Mp4,
}

impl AnimationFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Gif, Self::Apng, Self::Sequence, Self::Mp4];

    /// The ending of its files, without the dot; a folder has none.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Gif => "gif",
            Self::Apng => "png",
            Self::Sequence => "",
            Self::Mp4 => "mp4",
        }
    }

    /// The format that a file or folder of this name is written in.
    ///
    /// # Errors
    /// When the extension is of no such format.
    pub fn from_path(path: &Path) -> Result<Self> {
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        match extension.to_ascii_lowercase().as_str() {
            "gif" => Ok(Self::Gif),
            "png" | "apng" => Ok(Self::Apng),
            "mp4" => Ok(Self::Mp4),
            "" => Ok(Self::Sequence),
            _ => Err(Error::setting(
                "film",
                path.display(),
                "it must end in .gif, .png (an animated one) or .mp4, or in nothing: a folder of \
                 PNG files",
            )),
        }
    }
}

/// How long the last frame stays: it is what one wants to see.
pub(super) const LAST_FRAME_SECS: f64 = 1.5;

/// What is to be written.
#[derive(Clone, Debug)]
pub struct AnimationOptions {
    /// The format.
    pub format: AnimationFormat,
    /// W and H in pixels that all frames are brought to.
    pub size_px: (usize, usize),
    /// Number of frames that will be added.
    pub frames: usize,
    /// Frames a second.
    pub frames_per_sec: f64,
}

impl AnimationOptions {
    /// Options for `frames` frames of which the largest has `own_px`, in `secs` seconds, at most
    /// `longest_px` a side.
    pub fn new(
        format: AnimationFormat,
        own_px: (usize, usize),
        longest_px: usize,
        frames: usize,
        secs: f64,
    ) -> Self {
        let longest = own_px.0.max(own_px.1);
        let scale = (longest_px as f64 / longest as f64).min(1.0);
        let side = |side: usize| {
            let side = (side as f64 * scale).round().max(1.0) as usize;
            // Common players ask for even sides.
            if format == AnimationFormat::Mp4 {
                side.next_multiple_of(2)
            } else {
                side
            }
        };
        // Faster than screens draw, or so slow that it looks stuck, helps nobody.
        let frames_per_sec = (frames as f64 / secs.max(0.1)).clamp(1.0, 50.0);
        Self {
            format,
            size_px: (side(own_px.0), side(own_px.1)),
            frames,
            frames_per_sec,
        }
    }
}

/// One format's way to write.
pub(super) trait Encoder {
    /// Adds a frame of R, G, B bytes; the last one stays longer.
    fn add(&mut self, rgb: &[u8], is_last: bool) -> Result<(), String>;
    /// Writes what is left.
    fn finish(self: Box<Self>) -> Result<(), String>;
}

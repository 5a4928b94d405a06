//! Pictures to a moving one: GIF, APNG, a folder of PNG files, or MP4 where ffmpeg is there.
//!
//! Called by `app` and `cli`, frame by frame, so that they can show progress and stop in between.
//! What is not finished leaves nothing behind.

mod apng;
mod gif;
mod mp4;
mod sequence;

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

pub use self::mp4::ffmpeg;
use super::{Picture, Planes, rgba8::byte_of, write::temporary_beside};
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
const LAST_FRAME_SECS: f64 = 1.5;

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
trait Encoder {
    /// Adds a frame of R, G, B bytes; the last one stays longer.
    fn add(&mut self, rgb: &[u8], is_last: bool) -> Result<(), String>;
    /// Writes what is left.
    fn finish(self: Box<Self>) -> Result<(), String>;
}

/// A moving picture that is being written.
pub struct AnimationWriter {
    options: AnimationOptions,
    encoder: Option<Box<dyn Encoder + Send>>,
    path: PathBuf,
    /// Where it is written until it is whole.
    temporary: PathBuf,
    added: usize,
}

impl AnimationWriter {
    /// Begins to write at `path`; what is there is replaced in the end. A folder must be new or
    /// empty.
    ///
    /// # Errors
    /// When the place cannot be written, or ffmpeg is needed and missing.
    pub fn create(path: &Path, options: AnimationOptions) -> Result<Self> {
        let temporary = temporary_beside(path);
        let failed = |source: std::io::Error| {
            let advice = match source.kind() {
                ErrorKind::NotFound => "Make the folder first, or choose another",
                ErrorKind::DirectoryNotEmpty => "Choose a new folder, or an empty one",
                _ => "Choose a folder that you may write in",
            };
            Error::file("write", path, source, advice)
        };
        let sequence = options.format == AnimationFormat::Sequence;
        if sequence && fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(failed(ErrorKind::DirectoryNotEmpty.into()));
        }
        if !sequence && path.is_dir() {
            return Err(failed(ErrorKind::IsADirectory.into()));
        }
        let encoder: Box<dyn Encoder + Send> = match options.format {
            AnimationFormat::Gif => {
                Box::new(gif::Gif::create(&temporary, &options).map_err(failed)?)
            }
            AnimationFormat::Apng => {
                let file = fs::File::create(&temporary).map_err(failed)?;
                Box::new(apng::Apng::new(file, &options).map_err(|why| fault(path, why))?)
            }
            AnimationFormat::Sequence => {
                Box::new(sequence::Sequence::create(&temporary, &options).map_err(failed)?)
            }
            AnimationFormat::Mp4 => Box::new(mp4::Mp4::begin(&temporary, &options)?),
        };
        Ok(Self {
            options,
            encoder: Some(encoder),
            path: path.to_owned(),
            temporary,
            added: 0,
        })
    }

    /// Adds a frame, brought to the size of all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, picture: &Picture) -> Result<()> {
        let (width, height) = self.options.size_px;
        let planes = picture.planes.resize(width, height);
        let rgb = interleaved(&planes, picture.alpha.as_deref(), &picture.planes);
        self.added += 1;
        let is_last = self.added == self.options.frames;
        let Some(encoder) = &mut self.encoder else {
            return Err(Error::Internal("the film is finished already".to_owned()));
        };
        let added = encoder.add(&rgb, is_last);
        added.map_err(|why| fault(&self.path, why))
    }

    /// Ends the film and puts it in its place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<()> {
        if let Some(encoder) = self.encoder.take() {
            encoder.finish().map_err(|why| fault(&self.path, why))?;
        }
        if self.options.format == AnimationFormat::Sequence {
            // An empty folder of that name makes way.
            drop(fs::remove_dir(&self.path));
        }
        fs::rename(&self.temporary, &self.path).map_err(|source| {
            Error::file("write", &self.path, source, "Choose another folder or name")
        })
    }
}

impl Drop for AnimationWriter {
    fn drop(&mut self) {
        // After `finish` there is nothing of that name any more.
        drop(self.encoder.take());
        let left = if self.temporary.is_dir() {
            fs::remove_dir_all(&self.temporary)
        } else if self.temporary.exists() {
            fs::remove_file(&self.temporary)
        } else {
            Ok(())
        };
        if let Err(fault) = left {
            log::warn!("{} stays behind: {fault}", self.temporary.display());
        }
    }
}

fn fault(path: &Path, why: String) -> Error {
    Error::Picture {
        name: path.display().to_string(),
        why,
        advice: "Make room on the disk, choose a smaller size, or another format",
    }
}

/// R, G, B of each pixel; transparent parts lie on white.
fn interleaved(planes: &Planes, alpha: Option<&[f32]>, own: &Planes) -> Vec<u8> {
    let alpha = alpha.map(|alpha| {
        let (from, to) = ((own.width, own.height), (planes.width, planes.height));
        super::resample_plane(alpha, from, to, super::Filter::Bilinear)
    });
    let mut rgb = Vec::with_capacity(3 * planes.pixels());
    for at in 0..planes.pixels() {
        let opacity = alpha
            .as_ref()
            .map_or(1.0, |alpha| alpha[at].clamp(0.0, 1.0));
        for channel in 0..3 {
            let value = planes.plane(channel)[at].clamp(0.0, 1.0);
            rgb.push(byte_of(value * opacity + 1.0 - opacity));
        }
    }
    rgb
}

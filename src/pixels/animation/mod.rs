//! Pictures to a moving one: GIF, APNG, a folder of PNG files, or MP4 where ffmpeg is there.
//!
//! Called by `app` and `cli`, frame by frame, so that they can show progress and stop in between.
//! What is not finished leaves nothing behind.

mod apng;
mod gif;
mod mp4;
mod options;
mod sequence;

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use self::options::Encoder;
pub use self::{
    mp4::ffmpeg,
    options::{AnimationFormat, AnimationOptions},
};
use super::{Picture, Planes, rgba8::byte_of, write::temporary_beside};
use crate::error::{Error, Result};

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

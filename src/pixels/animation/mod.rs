//! Pictures to a moving one: GIF, APNG, a folder of PNG files, or MP4 where ffmpeg is there.
//!
//! Called by `app` and `cli`, frame by frame, so that they can show progress and stop in between.
//! What is not finished leaves nothing behind.

mod apng;
mod gif;
mod mp4;
mod options;
mod sequence;

use std::path::{Path, PathBuf};

use self::options::Encoder;
pub use self::{
    mp4::ffmpeg,
    options::{AnimationFormat, AnimationOptions},
};
use super::{Picture, Planes, rgba8::byte_of};
use crate::{
    error::{Error, Result},
    files::{Draft, unwritable},
};

/// A moving picture that is being written.
pub struct AnimationWriter {
    options: AnimationOptions,
    // Before the draft: what is dropped first lets go of its files.
    encoder: Option<Box<dyn Encoder + Send>>,
    draft: Draft,
    path: PathBuf,
    added: usize,
}

impl AnimationWriter {
    /// Begins to write at `path`; what is there is replaced in the end. A folder must be new or
    /// empty.
    ///
    /// # Errors
    /// When the place cannot be written, or ffmpeg is needed and missing.
    pub fn create(path: &Path, options: AnimationOptions) -> Result<Self> {
        let failed = |source| unwritable(path, source);
        let draft = match options.format {
            AnimationFormat::Gif | AnimationFormat::Apng => Draft::create(path),
            AnimationFormat::Sequence | AnimationFormat::Mp4 => Draft::by_path(path),
        }
        .map_err(failed)?;
        let file = || draft.file().try_clone().map_err(failed);
        let encoder: Box<dyn Encoder + Send> = match options.format {
            AnimationFormat::Gif => Box::new(gif::Gif::new(file()?, &options).map_err(failed)?),
            AnimationFormat::Apng => {
                Box::new(apng::Apng::new(file()?, &options).map_err(|why| fault(path, why))?)
            }
            AnimationFormat::Sequence => {
                let folder = draft.content();
                Box::new(sequence::Sequence::create(folder, &options).map_err(failed)?)
            }
            AnimationFormat::Mp4 => Box::new(mp4::Mp4::begin(draft.content(), &options)?),
        };
        Ok(Self {
            options,
            encoder: Some(encoder),
            draft,
            path: path.to_owned(),
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
        let Self { draft, path, .. } = self;
        draft.keep().map_err(|source| unwritable(&path, source))
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

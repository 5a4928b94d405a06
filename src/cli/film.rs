//! `impasto render --film FILE`: the run as a moving picture.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{claims::Claims, output, place};
use crate::{
    error::{Error, Result},
    pixels::{AnimationFormat, AnimationOptions, AnimationWriter, ffmpeg},
    settings::range,
    transfer::{
        StepReport, Transfer,
        film::{Camera, DEFAULT_BUDGET_MB, Film, paced},
    },
};

/// Options of filming.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
pub(super) struct FilmArguments {
    /// Save the run as a moving picture: FILE.gif, FILE.png (animated), FILE.mp4 (needs ffmpeg),
    /// or a folder of PNG files.
    #[arg(long, value_name = "FILE")]
    #[serde(with = "crate::paths::optional")]
    film: Option<PathBuf>,
    /// Longest side of the film in pixels [default: the picture's own].
    #[arg(long, value_name = "PX", requires = "film")]
    film_size: Option<u32>,
    /// Length of the film in seconds; frames are repeated or left out where they do not suffice or
    /// are too many. The last one stays longer. A folder has all frames.
    #[arg(long, value_name = "N", requires = "film", default_value_t = 8.0)]
    film_seconds: f64,
}

impl FilmArguments {
    /// Those of a run that goes on: what is not given is as it was, and a part of the film that is
    /// there already stays.
    #[must_use]
    pub(super) fn going_on(&self, before: &Self) -> Self {
        let chosen = if self.film.is_some() { self } else { before };
        let mut chosen = chosen.clone();
        if let Some(path) = &mut chosen.film {
            let free = place::free_name(path);
            if free != *path {
                output::say(&format!(
                    "impasto: the film goes on in {}: its beginning is {}",
                    free.display(),
                    path.display()
                ));
                *path = free;
            }
        }
        chosen
    }

    /// Claims the film's place.
    ///
    /// # Errors
    /// When its format is unknown.
    pub(super) fn claim(&self, claims: &mut Claims) -> Result<()> {
        let Some(path) = &self.film else {
            return Ok(());
        };
        match AnimationFormat::from_path(path)? {
            AnimationFormat::Sequence => claims.fills("the film", "film", path),
            _ => claims.writes("the film", "film", path),
        }
        Ok(())
    }
}

/// The only run.
const RUN: u64 = 1;

/// A film that is being taken.
pub(super) struct Filming {
    path: PathBuf,
    format: AnimationFormat,
    longest_px: usize,
    secs: f64,
    film: Film,
    camera: Camera,
    /// Whether a frame could not be taken: that is told once.
    failed: bool,
}

impl Filming {
    /// Makes ready, if a film is asked for.
    ///
    /// # Errors
    /// When its format is unknown or cannot be made here: before an hour is spent on it.
    pub(super) fn begin(arguments: &FilmArguments) -> Result<Option<Self>> {
        let Some(path) = &arguments.film else {
            return Ok(None);
        };
        let format = AnimationFormat::from_path(path)?;
        if format == AnimationFormat::Mp4 && ffmpeg().is_none() {
            let expected = "MP4 needs the program ffmpeg, which is not installed or not where \
                            IMPASTO_FFMPEG says; .gif and .png need nothing";
            return Err(Error::setting("film", path.display(), expected));
        }
        if let Some(size) = arguments.film_size {
            range::SIZE_PX.check(f64::from(size))?;
        }
        range::FILM_SECONDS.check(arguments.film_seconds)?;
        let mut film = Film::new(DEFAULT_BUDGET_MB as usize * 1_000_000);
        film.begin(RUN, None, 0);
        Ok(Some(Self {
            path: path.clone(),
            format,
            longest_px: arguments.film_size.map_or(usize::MAX, |size| size as usize),
            secs: arguments.film_seconds,
            film,
            camera: Camera::new(RUN),
            failed: false,
        }))
    }

    /// Takes a frame of the step that was just taken, where it is worth one. A frame that cannot be
    /// taken is told, and the run goes on without it.
    pub(super) fn watch(&mut self, transfer: &Transfer, report: &StepReport) {
        match self.camera.watch(transfer, report) {
            Ok(Some(frame)) => self.film.push(frame),
            Ok(None) => {}
            Err(_) if self.failed => {}
            Err(error) => {
                self.failed = true;
                output::say(&format!(
                    "impasto: the film lacks the frame of step {}: {error}",
                    report.step
                ));
            }
        }
    }

    /// Writes the film.
    ///
    /// # Errors
    /// When it cannot be written there; [`Error::Elsewhere`] when it is somewhere else then.
    pub(super) fn save(&self) -> Result<()> {
        place::keep(&self.path, |path| self.write(path))
    }

    fn write(&self, path: &Path) -> Result<()> {
        let mut frames = Film::frames(self.film.reels(), RUN);
        if self.format != AnimationFormat::Sequence {
            frames = paced(&frames, self.secs);
        }
        let sizes = frames.iter().map(|frame| frame.size_px);
        let own = sizes.max_by_key(|size| size.0 * size.1).unwrap_or((1, 1));
        let (px, secs) = (self.longest_px, self.secs);
        let options = AnimationOptions::new(self.format, own, px, frames.len(), secs);
        let mut writer = AnimationWriter::create(path, options)?;
        for frame in frames {
            writer.add(&frame.picture()?)?;
        }
        writer.finish()
    }
}

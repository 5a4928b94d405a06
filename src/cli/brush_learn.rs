//! `impasto brush learn`: the numbers of a brush are fitted to a painting.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use serde::Serialize;

use super::{
    contents::{check_free, pictures},
    output,
};
use crate::{
    error::Result,
    feedforward::{BRUSH_EXTENSION, Brush, BrushFolder},
    pixels::{PHOTOGRAPHS, Picture},
    settings::range,
    transfer::{Compute, Learner, Lesson, LessonReport},
};

#[derive(Debug, Args)]
pub(super) struct LearnArguments {
    /// The painting.
    #[arg(long, value_name = "FILE")]
    style: PathBuf,
    /// Photographs to learn on, or folders of them; two or three that differ are enough [default:
    /// three inside the program].
    #[arg(long, value_name = "FILE|FOLDER", num_args = 1..)]
    photos: Vec<PathBuf>,
    /// The brush's name, or a file (.brush) to write it to.
    #[arg(long, short, value_name = "NAME|FILE")]
    output: String,
    /// Steps to take.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..10_000))]
    steps: u32,
    /// Longest side of photographs and painting in pixels: at this size strokes are as wide as the
    /// painting's.
    #[arg(long, value_name = "PX", default_value_t = 320, value_parser = clap::value_parser!(u32).range(64..=1024))]
    size: u32,
    /// From content (0) to style (100).
    #[arg(long, value_name = "PERCENT", default_value_t = 50.0)]
    dial: f64,
    /// Replace a brush of yours, or a file, that has this name.
    #[arg(long)]
    force: bool,
    /// Threads to compute with [default: all].
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print one JSON object a step.
    #[arg(long)]
    json: bool,
}

/// A step on the wire.
#[derive(Serialize)]
struct Told {
    step: u32,
    style_loss: f64,
    content_kept: f64,
    seconds: f64,
}

impl From<LessonReport> for Told {
    fn from(report: LessonReport) -> Self {
        Self {
            step: report.step,
            style_loss: report.style_loss,
            content_kept: report.content_kept,
            seconds: report.secs,
        }
    }
}

impl LearnArguments {
    /// Learns and keeps a brush.
    ///
    /// # Errors
    /// When a picture cannot be read, a setting is out of range, the name is taken, or memory runs
    /// out.
    pub(super) fn run(&self) -> Result<()> {
        range::Range {
            name: "dial",
            min: 0.0,
            max: 100.0,
        }
        .check(self.dial)?;
        let place = Place::of(&self.output)?;
        place.check(self.force)?;
        let compute = Compute::new(self.threads)?;
        let lesson = Lesson {
            style: Arc::new(Picture::open(&self.style)?),
            photographs: self.photographs()?,
            steps: self.steps,
            size_px: self.size,
            dial: self.dial / 100.0,
        };
        let mut learner = Learner::new(&compute, lesson)?;
        let progress = output::progress_bar(self.steps, self.json);
        while !learner.finished() {
            let report = learner.step(&compute)?;
            if self.json {
                output::json(&Told::from(report))?;
            }
            progress.set_position(u64::from(report.step));
            progress.set_message(format!(
                "style loss {:.3}  content {:.0} %",
                report.style_loss,
                100.0 * report.content_kept
            ));
        }
        progress.finish_and_clear();
        let brush = learner.brush(&compute, &place.name())?;
        let path = place.keep(&brush, self.force)?;
        if self.json {
            return Ok(());
        }
        let [before, after] = brush.record.style_loss.unwrap_or([f64::NAN; 2]);
        output::line(&format!(
            "{}: style loss {before:.3} to {after:.3} in {:.0} s",
            path.display(),
            brush.record.secs
        ))
    }

    fn photographs(&self) -> Result<Vec<Arc<Picture>>> {
        if self.photos.is_empty() {
            let inside = PHOTOGRAPHS.iter();
            return inside
                .map(|sample| Picture::from_bytes(sample.bytes, sample.name).map(Arc::new))
                .collect();
        }
        let files = pictures(&self.photos)?;
        files
            .iter()
            .map(|path| Picture::open(path).map(Arc::new))
            .collect()
    }
}

/// Where a brush goes.
enum Place {
    File(PathBuf),
    Folder(BrushFolder, String),
}

impl Place {
    fn of(output: &str) -> Result<Self> {
        let path = PathBuf::from(output);
        if path
            .extension()
            .is_some_and(|ending| ending == BRUSH_EXTENSION)
        {
            return Ok(Self::File(path));
        }
        Ok(Self::Folder(BrushFolder::standard()?, output.to_owned()))
    }

    fn name(&self) -> String {
        match self {
            Self::File(path) => {
                let stem = path.file_stem().unwrap_or_default();
                stem.to_string_lossy().into_owned()
            }
            Self::Folder(_, name) => name.clone(),
        }
    }

    /// Known before a minute is spent.
    fn check(&self, force: bool) -> Result<()> {
        match self {
            Self::File(path) => check_free(path, force),
            Self::Folder(folder, name) => folder.check_free(name, force),
        }
    }

    fn keep(&self, brush: &Brush, force: bool) -> Result<PathBuf> {
        match self {
            Self::File(path) => brush.save(path).map(|()| path.clone()),
            Self::Folder(folder, _) => folder.keep(brush, force),
        }
    }
}

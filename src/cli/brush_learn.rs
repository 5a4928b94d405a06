//! `impasto brush learn`: the numbers of a brush are fitted to a painting.

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
    sync::Arc,
};

use clap::Args;
use serde::Serialize;

use super::{
    claims::Claims,
    contents::pictures,
    inputs::check_standard_input,
    interrupts::Interrupts,
    output::{self, Teller},
    place,
    standard::open_picture,
};
use crate::{
    error::{Error, Result},
    feedforward::{BRUSH_EXTENSION, Brush, BrushFolder},
    pixels::{PHOTOGRAPHS, Picture},
    settings::range,
    transfer::{Compute, Learner, Lesson, LessonReport},
    words::counted,
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
    output: OsString,
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
    #[arg(long, alias = "force")]
    overwrite: bool,
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
        let interrupts = Interrupts::watch()?;
        let place = Place::of(&self.output)?;
        let photos = pictures(&self.photos)?;
        let mut claims = Claims::default();
        let named = photos.iter().map(PathBuf::as_path);
        check_standard_input(named.chain([self.style.as_path()]))?;
        claims.reads("the painting", "style", &self.style);
        for photo in &photos {
            claims.reads("a photograph", "photos", photo);
        }
        place.check(&mut claims, self.overwrite)?;
        let compute = Compute::new(self.threads)?;
        let lesson = Lesson {
            style: Arc::new(open_picture(&self.style)?),
            photographs: photographs(&photos)?,
            steps: self.steps,
            size_px: self.size,
            dial: self.dial / 100.0,
        };
        let mut learner = Learner::new(&compute, lesson)?;
        let progress = output::progress_bar(self.steps, self.json);
        let mut teller = Teller::default();
        let (mut step, mut failed) = (0, None);
        while !learner.finished() && interrupts.caught().is_none() {
            let report = match learner.step(&compute) {
                Ok(report) => report,
                Err(error) => {
                    failed = Some(error.on_the_way());
                    break;
                }
            };
            if self.json {
                teller.json(&Told::from(report));
            }
            step = report.step;
            progress.set_position(u64::from(report.step));
            progress.set_message(format!(
                "style loss {:.3}  content {:.0} %",
                report.style_loss,
                100.0 * report.content_kept
            ));
        }
        progress.finish_and_clear();
        let early = interrupts.caught().filter(|_| !learner.finished());
        if step == 0 && (early.is_some() || failed.is_some()) {
            let nothing = early.map(|signal| signal.end("nothing was learnt yet"));
            return Err(failed.or(nothing).unwrap_or(Error::Canceled));
        }
        let brush = learner
            .brush(&compute, &place.name())
            .map_err(Error::on_the_way)?;
        let path = place.keep(&brush, self.overwrite)?;
        let so_far = format!(
            "{} was learnt for {}",
            path.display(),
            counted(step, "step")
        );
        if let Some(error) = failed {
            output::say(&format!("impasto: {so_far}"));
            return Err(error);
        }
        if let Some(signal) = early {
            return Err(signal.end(&so_far));
        }
        teller.end()?;
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
}

/// The photographs in these files, or those inside the program.
fn photographs(files: &[PathBuf]) -> Result<Vec<Arc<Picture>>> {
    if files.is_empty() {
        let inside = PHOTOGRAPHS.iter();
        return inside
            .map(|sample| Picture::from_bytes(sample.bytes, sample.name).map(Arc::new))
            .collect();
    }
    let photographs = files.iter().map(|path| open_picture(path).map(Arc::new));
    photographs.collect()
}

/// Where a brush goes.
enum Place {
    File(PathBuf),
    Folder(BrushFolder, String),
}

impl Place {
    fn of(output: &OsStr) -> Result<Self> {
        let path = PathBuf::from(output);
        if path
            .extension()
            .is_some_and(|ending| ending == BRUSH_EXTENSION)
        {
            return Ok(Self::File(path));
        }
        let name = output.to_string_lossy().into_owned();
        Ok(Self::Folder(BrushFolder::standard()?, name))
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
    fn check(&self, claims: &mut Claims, overwrite: bool) -> Result<()> {
        match self {
            Self::File(path) => {
                claims.writes("the brush", "output", path);
                claims.check()?;
                claims.check_free(overwrite, None, |_| false)
            }
            Self::Folder(folder, name) => {
                folder.check_free(name, overwrite)?;
                folder.make()?;
                place::prove_file(&folder.path().join(format!("{name}.{BRUSH_EXTENSION}")))
            }
        }
    }

    fn keep(&self, brush: &Brush, overwrite: bool) -> Result<PathBuf> {
        let (path, into_folder) = match self {
            Self::File(path) => (path.clone(), None),
            Self::Folder(folder, name) => {
                let file = format!("{name}.{BRUSH_EXTENSION}");
                (folder.path().join(file), Some(folder))
            }
        };
        place::keep(&path, |at| match into_folder {
            Some(folder) if at == path => folder.keep(brush, overwrite).map(|_| ()),
            _ => brush.save(at),
        })?;
        Ok(path)
    }
}

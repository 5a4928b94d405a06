//! `impasto stylize`: pictures in one pass, many at a time.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use clap::Args;
use serde::Serialize;

use super::{
    contents::{check_free, pictures, results},
    inputs::{open_brushes, open_styles},
    like::Like,
    output,
    saving::SavingArguments,
};
use crate::{
    error::{Error, Result},
    pixels::{Picture, SaveOptions, save},
    settings::{ColorMode, TransferSettings, range},
    transfer::{Job, Look, StyleImage, Stylist},
};

#[derive(Debug, Args)]
pub(super) struct StylizeArguments {
    /// What is painted: pictures, or folders, which stand for the pictures in them.
    #[arg(long, value_name = "FILE|FOLDER", num_args = 1.., required_unless_present = "like")]
    content: Vec<PathBuf>,
    /// A style image: how it is painted. Several are blended; FILE=2 counts twice.
    #[arg(long, value_name = "FILE[=WEIGHT]", required_unless_present_any = ["like", "brush"])]
    style: Vec<String>,
    /// A brush, blended with the others and with style images: a name that `impasto brush list`
    /// shows, or a file.
    #[arg(long, value_name = "NAME|FILE[=WEIGHT]")]
    brush: Vec<String>,
    /// Repeat the picture as it remembers: one that this command saved. All other options
    /// override what it remembers.
    #[arg(long, value_name = "PICTURE")]
    like: Option<PathBuf>,
    /// How strong the style is: 0 stays near the content image [default: 100].
    #[arg(long, value_name = "PERCENT")]
    strength: Option<f64>,
    /// Longest side of the results in pixels [default: the content images' own].
    #[arg(long, value_name = "PX")]
    size: Option<u32>,
    /// Whose colors the pictures have.
    #[arg(long, alias = "colour")]
    color: Option<ColorMode>,
    /// How far the pictures are faded to their content images: 0 to 100.
    #[arg(long, value_name = "PERCENT")]
    fade: Option<f64>,
    /// Where to save the picture (png, jpg, webp, tif, bmp); a folder for several, which is made
    /// where it is missing.
    #[arg(long, short, value_name = "FILE|FOLDER")]
    output: PathBuf,
    /// Replace files that are there already.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    saving: SavingArguments,
    /// Threads to compute with [default: all].
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print one JSON object a picture.
    #[arg(long)]
    json: bool,
}

/// What happened to a picture.
#[derive(Serialize)]
struct Told<'a> {
    content: &'a Path,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'a Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    seconds: f64,
}

/// What is the same for all pictures.
struct Plan {
    stylist: Stylist,
    styles: Vec<StyleImage>,
    look: Look,
    settings: TransferSettings,
    options: SaveOptions,
    record: bool,
}

/// Paints and saves pictures. One that cannot be used is told, and the others go on.
///
/// # Errors
/// At once when a setting is not valid, a style image cannot be read or a result would replace a
/// file; at the end when some pictures could not be painted.
pub(super) fn run(arguments: &StylizeArguments) -> Result<()> {
    let begin = Instant::now();
    let like = arguments.like.as_deref().map(Like::open).transpose()?;
    let (strength, settings) = settings(arguments, like.as_ref())?;
    // With --like, styles and brushes are replaced together.
    let other_style = !(arguments.style.is_empty() && arguments.brush.is_empty());
    let like_style = like.as_ref().filter(|_| !other_style);
    let contents = match &like {
        Some(like) if arguments.content.is_empty() => vec![like.content_file()?],
        _ => pictures(&arguments.content)?,
    };
    let folder_named = arguments.content.iter().any(|path| path.is_dir());
    let results = results(&contents, folder_named, &arguments.output)?;
    for result in &results {
        arguments.saving.check(result)?;
        check_free(result, arguments.force)?;
    }
    let mut plan = Plan {
        stylist: Stylist::new(arguments.threads)?,
        styles: match like_style {
            Some(like) => like.styles()?,
            None => open_styles(&arguments.style)?,
        },
        look: Look {
            strength,
            brushes: match like_style {
                Some(like) => like.brushes()?,
                None => open_brushes(&arguments.brush)?,
            },
            learnt: Vec::new(),
        },
        settings,
        options: arguments.saving.options()?,
        record: !arguments.saving.no_record,
    };
    let progress = output::progress_bar(contents.len() as u32, arguments.json);
    let mut codes = Vec::new();
    for (content, result) in contents.iter().zip(&results) {
        progress.set_message(content.display().to_string());
        let begin = Instant::now();
        let painted = plan.paint(content, result);
        if let Err(error) = &painted {
            progress.suspend(|| output::complain(error));
            codes.push(error.exit_code());
        }
        if arguments.json {
            output::json(&Told::new(content, result, &painted, begin))?;
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    let total = contents.len();
    let painted = total - codes.len();
    if !arguments.json && painted > 0 {
        let what = match &results[..] {
            [result] => result.display().to_string(),
            _ => format!("{}: {painted} pictures", arguments.output.display()),
        };
        output::line(&format!("{what} in {:.1} s", begin.elapsed().as_secs_f64()))?;
    }
    match codes.iter().max() {
        None => Ok(()),
        Some(code) => Err(Error::Partly {
            failed: codes.len(),
            total,
            code: *code,
        }),
    }
}

/// Strength (0..1) and settings of all pictures.
fn settings(arguments: &StylizeArguments, like: Option<&Like>) -> Result<(f64, TransferSettings)> {
    let remembered = like.map(Like::instant).transpose()?;
    let (mut strength, mut settings) = remembered.unwrap_or((1.0, TransferSettings::default()));
    if let Some(percent) = arguments.strength {
        range::Range {
            name: "strength",
            min: 0.0,
            max: 100.0,
        }
        .check(percent)?;
        strength = percent / 100.0;
    }
    settings.size_px = arguments.size.or(settings.size_px);
    settings.color = arguments.color.unwrap_or(settings.color);
    if let Some(percent) = arguments.fade {
        range::FADE_PERCENT.check(percent)?;
        settings.fade = percent / 100.0;
    }
    settings.validate()?;
    Ok((strength, settings))
}

impl Plan {
    /// Paints and saves one picture; answers its width and height.
    fn paint(&mut self, content: &Path, result: &Path) -> Result<(usize, usize)> {
        let content = Arc::new(Picture::open(content)?);
        let job = Job::new(content, self.styles.clone(), self.settings.clone());
        let stylized = self.stylist.paint(&job, &self.look)?;
        let options = SaveOptions {
            record: self.record.then(|| stylized.record.to_json()),
            ..self.options.clone()
        };
        let picture = stylized.painting.into_picture();
        let alpha = picture.alpha.as_deref();
        self.stylist
            .install(|| save(result, &picture.planes, alpha, &options))?;
        Ok((picture.planes.width, picture.planes.height))
    }
}

impl<'a> Told<'a> {
    fn new(
        content: &'a Path,
        result: &'a Path,
        painted: &Result<(usize, usize)>,
        begin: Instant,
    ) -> Self {
        let size = painted.as_ref().ok();
        Self {
            content,
            output: size.map(|_| result),
            width: size.map(|size| size.0),
            height: size.map(|size| size.1),
            error: painted.as_ref().err().map(Error::to_string),
            seconds: begin.elapsed().as_secs_f64(),
        }
    }
}

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
    inputs::open_styles,
    output,
    saving::SavingArguments,
};
use crate::{
    error::{Error, Result},
    pixels::{Picture, SaveOptions, save},
    settings::{ColorMode, TransferSettings, range},
    transfer::{Job, StyleImage, Stylist},
};

#[derive(Debug, Args)]
pub(super) struct StylizeArguments {
    /// What is painted: pictures, or folders, which stand for the pictures in them.
    #[arg(long, value_name = "FILE|FOLDER", num_args = 1.., required = true)]
    content: Vec<PathBuf>,
    /// A style image: how it is painted. Several are blended; FILE=2 counts twice.
    #[arg(long, value_name = "FILE[=WEIGHT]", required = true)]
    style: Vec<String>,
    /// How strong the style is: 0 stays near the content image.
    #[arg(long, value_name = "PERCENT", default_value_t = 100.0)]
    strength: f64,
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

/// Paints and saves pictures. One that cannot be used is told, and the others go on.
///
/// # Errors
/// At once when a setting is not valid, a style image cannot be read or a result would replace a
/// file; at the end when some pictures could not be painted.
pub(super) fn run(arguments: &StylizeArguments) -> Result<()> {
    let begin = Instant::now();
    let settings = settings(arguments)?;
    let options = arguments.saving.options()?;
    let contents = pictures(&arguments.content)?;
    let folder_named = arguments.content.iter().any(|path| path.is_dir());
    let results = results(&contents, folder_named, &arguments.output)?;
    for result in &results {
        arguments.saving.check(result)?;
        check_free(result, arguments.force)?;
    }
    let styles = open_styles(&arguments.style)?;
    let mut stylist = Stylist::new(arguments.threads)?;
    let progress = output::progress_bar(contents.len() as u32, arguments.json);
    let mut codes = Vec::new();
    for (content, result) in contents.iter().zip(&results) {
        progress.set_message(content.display().to_string());
        let begin = Instant::now();
        let painted = one(
            arguments,
            &mut stylist,
            (content, result),
            &styles,
            &settings,
            &options,
        );
        let (size, error) = match painted {
            Ok(size) => (Some(size), None),
            Err(error) => {
                progress.suspend(|| output::complain(&error));
                codes.push(error.exit_code());
                (None, Some(error.to_string()))
            }
        };
        if arguments.json {
            output::json(&Told {
                content,
                output: size.is_some().then_some(result),
                width: size.map(|(width, _)| width),
                height: size.map(|(_, height)| height),
                error,
                seconds: begin.elapsed().as_secs_f64(),
            })?;
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

fn settings(arguments: &StylizeArguments) -> Result<TransferSettings> {
    let percent = range::Range {
        name: "strength",
        min: 0.0,
        max: 100.0,
    };
    percent.check(arguments.strength)?;
    let mut settings = TransferSettings {
        size_px: arguments.size,
        color: arguments.color.unwrap_or_default(),
        ..TransferSettings::default()
    };
    if let Some(percent) = arguments.fade {
        range::FADE_PERCENT.check(percent)?;
        settings.fade = percent / 100.0;
    }
    settings.validate()?;
    Ok(settings)
}

/// Paints and saves one picture; answers its width and height.
fn one(
    arguments: &StylizeArguments,
    stylist: &mut Stylist,
    (content, result): (&Path, &Path),
    styles: &[StyleImage],
    settings: &TransferSettings,
    options: &SaveOptions,
) -> Result<(usize, usize)> {
    let content = Arc::new(Picture::open(content)?);
    let job = Job::new(content, styles.to_vec(), settings.clone());
    let stylized = stylist.paint(&job, arguments.strength / 100.0)?;
    let options = SaveOptions {
        record: (!arguments.saving.no_record).then(|| stylized.record.to_json()),
        ..options.clone()
    };
    let picture = stylized.painting.picture();
    drop(stylized);
    stylist.install(|| save(result, &picture.planes, picture.alpha.as_deref(), &options))?;
    Ok((picture.planes.width, picture.planes.height))
}

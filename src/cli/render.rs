//! `impasto render`: a picture without the window.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use serde::Serialize;

use super::{
    choices::Choices,
    devices::DeviceArguments,
    film::{FilmArguments, Filming},
    inputs::{open_initial, open_regions, open_styles},
    like::{Like, Plan},
    output,
    saving::SavingArguments,
};
use crate::{
    error::{Error, Result},
    network::Layer,
    pixels::{Picture, SaveOptions, save},
    settings::{InitialImage, Schedule, TransferSettings, range},
    transfer::{Compute, Job, StepReport, StyleImage, Transfer, style_sides},
};

#[derive(Debug, Args)]
pub(super) struct RenderArguments {
    /// The content image: what the picture shows.
    #[arg(long, value_name = "FILE", required_unless_present = "like")]
    content: Option<PathBuf>,
    /// A style image: how it is painted. Several are blended; FILE=2 counts twice.
    #[arg(long, value_name = "FILE[=STRENGTH]", required_unless_present = "like")]
    style: Vec<String>,
    /// Where in the content image a style image applies: a picture that is white inside and
    /// black outside. Once for each --style, in their order; "all" is everywhere.
    #[arg(long, value_name = "MASK|all")]
    region: Vec<PathBuf>,
    /// The part of a style image that counts, in the same way.
    #[arg(long, value_name = "MASK|all")]
    style_region: Vec<PathBuf>,
    /// A finished picture to paint on at a larger --size, with the same look.
    #[arg(long, value_name = "FILE", requires = "size", conflicts_with_all = ["init", "schedule"])]
    continue_from: Option<PathBuf>,
    /// Repeat the run that made this picture: a PNG, JPEG, WebP or TIFF that was saved by this
    /// program. All other options override what the picture remembers.
    #[arg(long, value_name = "PICTURE")]
    like: Option<PathBuf>,
    /// Where to save the picture (png, jpg, webp, tif, bmp) [default with --like: beside
    /// PICTURE, as NAME-again].
    #[arg(long, short, value_name = "FILE", required_unless_present = "like")]
    output: Option<PathBuf>,
    #[command(flatten)]
    saving: SavingArguments,
    #[command(flatten)]
    film: FilmArguments,
    #[command(flatten)]
    choices: Choices,
    #[command(flatten)]
    device: DeviceArguments,
    /// Also save the picture every N steps (OUTPUT-000100.png and so on).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    snapshot_every: Option<u32>,
    /// Start the run even if the estimate says that it will not fit into memory.
    #[arg(long)]
    force: bool,
    /// Print one JSON object a step.
    #[arg(long)]
    json: bool,
}

/// Paints and saves a picture.
///
/// # Errors
/// When a file cannot be read or written, a setting is not valid, or the run fails.
pub(super) fn run(arguments: &RenderArguments) -> Result<()> {
    let like = arguments.like.as_deref().map(Like::open).transpose()?;
    let mut plan = match &like {
        Some(like) => like.plan(&arguments.choices)?,
        None => Plan::of(arguments.choices.settings()?),
    };
    let given = arguments.output.clone();
    let output = given.or_else(|| like.as_ref().map(Like::output));
    let output = output.unwrap_or_default();
    // Know that the result can be saved before an hour is spent on it.
    let saving = saving(arguments, &output)?;
    let mut filming = Filming::begin(&arguments.film)?;
    let threads = arguments.choices.engine.threads;
    let threads = threads.or(like.as_ref().and_then(Like::threads));
    let mut compute = Compute::new(threads)?;
    compute.set_device(arguments.device.device);
    let job = compute.install(|| job(arguments, like.as_ref(), &mut plan.settings))?;
    let mut transfer = compute.begin(job)?;
    if let Some(remark) = compute.remark() {
        output::say(&format!("impasto: {remark}"));
    }
    for remark in transfer.remarks() {
        output::say(&format!("impasto: {remark}"));
    }
    if let Some(like) = &like {
        like.remark(transfer.computed());
    }
    let save_as = |transfer: &Transfer, path: &Path| {
        let options = SaveOptions {
            record: (!arguments.saving.no_record).then(|| transfer.record().to_json()),
            ..saving.clone()
        };
        save_picture(transfer, path, &options)
    };
    let planned = transfer.levels().iter().map(|level| level.steps).sum();
    let total = plan.until.unwrap_or(planned).min(planned);
    let progress = output::progress_bar(total, arguments.json);
    while !transfer.finished() && transfer.steps() < total {
        plan.steer(&mut transfer)?;
        let report = transfer.step()?;
        if let Some(filming) = &mut filming {
            filming.watch(&transfer, &report)?;
        }
        if arguments.json {
            output::json(&JsonStep::from(&report))?;
        }
        progress.set_position(u64::from(report.step));
        progress.set_message(message(&transfer, &report));
        if let Some(every) = arguments.snapshot_every
            && report.step % every == 0
            && report.step < total
        {
            save_as(&transfer, &numbered(&output, report.step))?;
        }
    }
    // A picture may have been taken just behind a change.
    plan.steer(&mut transfer)?;
    progress.finish_and_clear();
    save_as(&transfer, &output)?;
    if let Some(filming) = &filming {
        transfer.install(|| filming.save())?;
    }
    if !arguments.json {
        output::line(&format!(
            "{}: {} steps in {:.1} s",
            output.display(),
            transfer.steps(),
            transfer.secs()
        ))?;
    }
    Ok(())
}

/// How the picture is saved, checked against the format that `output` names.
fn saving(arguments: &RenderArguments, output: &Path) -> Result<SaveOptions> {
    arguments.saving.check(output)?;
    arguments.saving.options()
}

/// The command line asks for these options unless `--like` is there.
fn missing(option: &str) -> Error {
    Error::setting(option, "nothing", "name a file, or a picture by --like")
}

/// Reads the pictures of the run.
fn job(
    arguments: &RenderArguments,
    like: Option<&Like>,
    settings: &mut TransferSettings,
) -> Result<Job> {
    let content = match (&arguments.content, like) {
        (Some(path), _) => Picture::open(path)?,
        (None, Some(like)) => like.content()?,
        (None, None) => return Err(missing("content")),
    };
    if let Some(path) = &arguments.continue_from {
        continue_from(path, &content, settings)?;
    }
    let mut styles = match like {
        Some(like) if arguments.style.is_empty() => like.styles()?,
        _ => open_styles(&arguments.style)?,
    };
    let count = styles.len();
    let regions = open_regions("region", &arguments.region, count)?;
    let style_regions = open_regions("style-region", &arguments.style_region, count)?;
    // With --like, what is not named stays as it is remembered.
    for (style, region) in styles.iter_mut().zip(regions) {
        style.region = region;
    }
    for (style, region) in styles.iter_mut().zip(style_regions) {
        style.style_region = region;
    }
    if arguments.continue_from.is_some() {
        warn_of_finer_strokes(&styles, settings);
    }
    let initial = open_initial(settings)?;
    Ok(Job {
        force: arguments.force,
        ..Job::new(Arc::new(content), styles, settings.clone()).from_picture(initial)
    })
}

/// Makes the run start from the picture at `path` and at its size.
fn continue_from(path: &Path, content: &Picture, settings: &mut TransferSettings) -> Result<()> {
    let result = Picture::open(path)?.planes;
    let longest = result.longest_px() as u32;
    let (width, height) = content.planes.sides_for(longest);
    if width
        .abs_diff(result.width)
        .max(height.abs_diff(result.height))
        > 1
    {
        return Err(Error::Picture {
            name: path.display().to_string(),
            why: format!(
                "it has {}x{} pixels; the content image has {width}x{height} at that size",
                result.width, result.height
            ),
            advice: "Go on from a picture that was made from the same content image",
        });
    }
    if settings.size_px.is_some_and(|size| size <= longest) {
        return Err(Error::setting(
            "size",
            settings.size_px.unwrap_or(longest),
            format!("give more than the {longest} pixels of the picture to go on from"),
        ));
    }
    settings.initial_image = InitialImage::File(path.to_owned());
    settings.schedule = Schedule::CoarseToFine;
    settings.coarsest_px = longest.max(range::COARSEST_PX.min as u32);
    Ok(())
}

/// Style images follow the size of the picture, which keeps strokes in proportion, but they are
/// enlarged by half at the most.
fn warn_of_finer_strokes(styles: &[StyleImage], settings: &TransferSettings) {
    let longest = settings.size_px.unwrap_or(0);
    let wanted = (f64::from(longest) * settings.style_scale).round();
    for style in styles {
        let planes = &style.picture.planes;
        let (width, height) = style_sides(planes, longest as usize, settings);
        if (width.max(height) as f64) < wanted {
            output::say(&format!(
                "impasto: {} has {} pixels where {wanted:.0} would be needed to keep its strokes \
                 in proportion: they will be finer",
                style.picture.name,
                planes.longest_px()
            ));
        }
    }
}

fn save_picture(transfer: &Transfer, path: &Path, options: &SaveOptions) -> Result<()> {
    let picture = transfer.picture();
    transfer.install(|| save(path, &picture.planes, picture.alpha.as_deref(), options))
}

/// `out.png` to `out-000100.png`.
fn numbered(path: &Path, step: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-{step:06}.{extension}"))
}

fn message(transfer: &Transfer, report: &StepReport) -> String {
    let level = transfer.levels()[report.level];
    format!(
        "{}x{}  style {:.0} %  content {:.0} %",
        level.width,
        level.height,
        100.0 * report.style_reached,
        100.0 * report.content_kept
    )
}

/// A step on the wire.
#[derive(Serialize)]
struct JsonStep<'a> {
    step: u32,
    total: f64,
    content: &'a BTreeMap<Layer, f64>,
    style: &'a BTreeMap<Layer, f64>,
    tv: f64,
    seconds: f64,
}

impl<'a> From<&'a StepReport> for JsonStep<'a> {
    fn from(report: &'a StepReport) -> Self {
        Self {
            step: report.step,
            total: report.total,
            content: &report.content,
            style: &report.style,
            tv: report.tv,
            seconds: report.secs,
        }
    }
}

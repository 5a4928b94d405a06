//! `impasto render`: a picture without the window.

use std::{
    collections::BTreeMap,
    io::{IsTerminal as _, stderr},
    path::{Path, PathBuf},
    sync::Arc,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::{
    arguments::RenderArguments,
    film::Filming,
    like::{Like, Plan},
    output,
};
use crate::{
    error::{Error, Result},
    network::Layer,
    pixels::{BitDepth, Picture, SaveFormat, SaveOptions, save},
    settings::{InitialImage, Schedule, TransferSettings, range},
    transfer::{Compute, Job, StepReport, StyleImage, Transfer, style_sides},
};

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
    let progress = progress_bar(total, arguments.json);
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
    let format = SaveFormat::from_path(output)?;
    let options = arguments.saving.options()?;
    if options.bit_depth == BitDepth::Sixteen && !format.is_deep() {
        let expected = "only .png and .tif files hold 16 bits: choose one of those, or 8";
        return Err(Error::setting("depth", 16, expected));
    }
    Ok(options)
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

/// Reads style images given as `FILE` or `FILE=STRENGTH`.
///
/// # Errors
/// When a file cannot be read, or a strength is not valid.
pub(super) fn open_styles(arguments: &[String]) -> Result<Vec<StyleImage>> {
    let styles = arguments.iter().map(|text| {
        let (path, strength) = style_argument(text)?;
        let picture = Arc::new(Picture::open(&path)?);
        Ok(StyleImage::new(picture, strength))
    });
    styles.collect()
}

/// Reads the masks given for `count` style images in their order.
fn open_regions(
    option: &str,
    paths: &[PathBuf],
    count: usize,
) -> Result<Vec<Option<Arc<Picture>>>> {
    if paths.len() > count {
        return Err(Error::setting(
            option,
            format!("{} masks", paths.len()),
            format!("give one for each of the {count} style images, in their order"),
        ));
    }
    let masks = paths.iter().map(|path| {
        let mask = path.as_os_str() != "all";
        mask.then(|| Picture::open(path).map(Arc::new)).transpose()
    });
    masks.collect()
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

/// Reads the picture a run starts from, when it is a file.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn open_initial(settings: &TransferSettings) -> Result<Option<Arc<Picture>>> {
    match &settings.initial_image {
        InitialImage::File(path) => Ok(Some(Arc::new(Picture::open(path)?))),
        _ => Ok(None),
    }
}

/// Splits `FILE=2`. A file whose whole name exists is meant as it stands.
fn style_argument(text: &str) -> Result<(PathBuf, f64)> {
    let whole = PathBuf::from(text);
    match text.rsplit_once('=') {
        Some((file, strength)) if !whole.exists() => {
            let strength: f64 = strength.parse().map_err(|_fault| {
                let expected = "give a number above 0 after the =, as in --style sea.jpg=2";
                Error::setting("style strength", strength, expected)
            })?;
            range::STRENGTH.check(strength)?;
            Ok((PathBuf::from(file), strength))
        }
        _ => Ok((whole, 1.0)),
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

/// A bar on stderr when that is a terminal; none along with JSON.
pub(super) fn progress_bar(total: u32, json: bool) -> ProgressBar {
    let bar = ProgressBar::new(u64::from(total));
    if json || !stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let template = "{bar:30} {pos}/{len}  {msg}  {elapsed}<{eta}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
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

//! `impasto render`: a picture without the window.

use std::{
    collections::BTreeMap,
    io::{IsTerminal as _, stderr},
    path::{Path, PathBuf},
    sync::Arc,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::{arguments::RenderArguments, output};
use crate::{
    error::{Error, Result},
    network::Layer,
    pixels::{Picture, SaveFormat, SaveOptions, save},
    settings::{InitialImage, OptimizerKind, Quality, TransferSettings, preset, range},
    transfer::{Compute, Job, StepReport, StyleImage, Transfer},
};

/// Paints and saves a picture.
///
/// # Errors
/// When a file cannot be read or written, a setting is not valid, or the run fails.
pub(super) fn run(arguments: &RenderArguments) -> Result<()> {
    let settings = settings(arguments)?;
    // Know that the result can be saved before an hour is spent on it.
    SaveFormat::from_path(&arguments.output)?;
    let job = job(arguments, settings)?;
    let mut compute = Compute::new(arguments.engine.threads)?;
    let (mut transfer, _) = compute.begin(job)?;
    let total = transfer.levels().iter().map(|level| level.steps).sum();
    let progress = progress_bar(total, arguments.json);
    while !transfer.finished() {
        let report = compute.install(|| transfer.step())?;
        if arguments.json {
            output::json(&JsonStep::from(&report))?;
        }
        progress.set_position(u64::from(report.step));
        progress.set_message(message(&transfer, &report));
        if let Some(every) = arguments.snapshot_every
            && report.step % every == 0
            && !transfer.finished()
        {
            let path = numbered(&arguments.output, report.step);
            save_picture(&transfer, &path)?;
        }
    }
    progress.finish_and_clear();
    save_picture(&transfer, &arguments.output)?;
    if !arguments.json {
        output::line(&format!(
            "{}: {} steps in {:.1} s",
            arguments.output.display(),
            transfer.steps(),
            transfer.secs()
        ))?;
    }
    Ok(())
}

/// The preset's settings with the arguments' overrides.
fn settings(arguments: &RenderArguments) -> Result<TransferSettings> {
    let mut settings = preset(&arguments.preset)?.settings;
    fn put<T>(field: &mut T, value: Option<impl Into<T>>) {
        if let Some(value) = value {
            *field = value.into();
        }
    }
    settings.size_px = arguments.size;
    put(
        &mut settings.steps,
        arguments.quality.map(|name| Quality::from(name).steps()),
    );
    put(&mut settings.steps, arguments.steps);
    if let Some(percent) = arguments.dial {
        range::Range {
            name: "dial",
            min: 0.0,
            max: 100.0,
        }
        .check(percent)?;
        settings.set_dial(percent / 100.0);
    }
    put(&mut settings.content_weight, arguments.content_weight);
    put(&mut settings.style_weight, arguments.style_weight);
    put(&mut settings.tv_weight, arguments.tv_weight);
    if !arguments.content_layer.is_empty() {
        settings.content_layers = arguments.content_layer.iter().copied().collect();
    }
    if !arguments.style_layer.is_empty() {
        settings.style_layers = arguments.style_layer.iter().copied().collect();
    }
    put(&mut settings.pooling, arguments.pooling);
    if let Some(name) = arguments.optimizer {
        let family = |kind| kind == OptimizerKind::Adam;
        let wanted = OptimizerKind::from(name);
        // The learning rates of Adam and L-BFGS have different units.
        if family(wanted) != family(settings.optimizer) {
            let adam = TransferSettings::default().learning_rate;
            settings.learning_rate = if family(wanted) { adam } else { 1.0 };
            settings.averaging = if family(wanted) {
                settings.averaging
            } else {
                0.0
            };
        }
        settings.optimizer = wanted;
    }
    if arguments.lbfgs_plain {
        if settings.optimizer == OptimizerKind::Adam {
            settings.learning_rate = 1.0;
            settings.averaging = 0.0;
        }
        settings.optimizer = OptimizerKind::LbfgsPlain;
    }
    put(&mut settings.learning_rate, arguments.learning_rate);
    put(&mut settings.history, arguments.history);
    put(&mut settings.initial_image, arguments.init.clone());
    put(&mut settings.seed, arguments.seed);
    put(&mut settings.style_scale, arguments.style_scale);
    put(&mut settings.colour, arguments.colour);
    put(&mut settings.network, arguments.engine.network);
    if arguments.engine.weights.is_some() {
        settings.weights.clone_from(&arguments.engine.weights);
    }
    settings.validate()?;
    Ok(settings)
}

fn job(arguments: &RenderArguments, settings: TransferSettings) -> Result<Job> {
    let content = Arc::new(Picture::open(&arguments.content)?);
    let styles = arguments.style.iter().map(|text| {
        let (path, strength) = style_argument(text)?;
        let picture = Arc::new(Picture::open(&path)?);
        Ok(StyleImage { picture, strength })
    });
    let styles = styles.collect::<Result<_>>()?;
    let initial = match &settings.initial_image {
        InitialImage::File(path) => Some(Arc::new(Picture::open(path)?)),
        _ => None,
    };
    Ok(Job {
        content,
        styles,
        initial,
        settings,
        threads: arguments.engine.threads,
        force: arguments.force,
    })
}

/// Splits `FILE=2`. A file whose whole name exists is meant as it stands.
fn style_argument(text: &str) -> Result<(PathBuf, f64)> {
    let whole = PathBuf::from(text);
    match text.rsplit_once('=') {
        Some((file, strength)) if !whole.exists() => {
            let strength: f64 = strength.parse().map_err(|_| {
                let expected = "give a number above 0 after the =, as in --style sea.jpg=2";
                Error::setting("style strength", strength, expected)
            })?;
            range::STRENGTH.check(strength)?;
            Ok((PathBuf::from(file), strength))
        }
        _ => Ok((whole, 1.0)),
    }
}

fn save_picture(transfer: &Transfer, path: &Path) -> Result<()> {
    let picture = transfer.picture();
    save(
        path,
        &picture.planes,
        picture.alpha.as_deref(),
        &SaveOptions::default(),
    )
}

/// `out.png` to `out-000100.png`.
fn numbered(path: &Path, step: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-{step:06}.{extension}"))
}

fn progress_bar(total: u32, json: bool) -> ProgressBar {
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

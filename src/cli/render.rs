//! `impasto render`: a picture without the window.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;

use super::{
    choices::Choices,
    claims::Claims,
    devices::DeviceArguments,
    film::{FilmArguments, Filming},
    interrupts::Interrupts,
    like::Like,
    output,
    painting::{Painting, Results},
    plan::Plan,
    render_job,
    saving::SavingArguments,
    standard::Target,
};
use crate::{error::Result, transfer::Compute};

#[derive(Debug, Args)]
pub(super) struct RenderArguments {
    /// The content image: what the picture shows; - is standard input.
    #[arg(long, value_name = "FILE", required_unless_present = "like")]
    pub(super) content: Option<PathBuf>,
    /// A style image: how it is painted. Several are blended; FILE=2 counts twice.
    #[arg(long, value_name = "FILE[=STRENGTH]", required_unless_present = "like")]
    pub(super) style: Vec<OsString>,
    /// Where in the content image a style image applies: a picture that is white inside and
    /// black outside. Once for each --style, in their order; "all" is everywhere.
    #[arg(long, value_name = "MASK|all")]
    pub(super) region: Vec<PathBuf>,
    /// The part of a style image that counts, in the same way.
    #[arg(long, value_name = "MASK|all")]
    pub(super) style_region: Vec<PathBuf>,
    /// A finished picture to paint on at a larger --size, with the same look.
    #[arg(long, value_name = "FILE", requires = "size", conflicts_with_all = ["init", "schedule"])]
    pub(super) continue_from: Option<PathBuf>,
    /// Repeat the run that made this picture: a PNG, JPEG, WebP or TIFF that was saved by this
    /// program. All other options override what the picture remembers.
    #[arg(long, value_name = "PICTURE")]
    like: Option<PathBuf>,
    /// Where to save the picture (png, jpg, webp, tif, bmp); - is PNG on standard output, and jpg:-
    /// another format there [default with --like: beside PICTURE, as NAME-again].
    #[arg(long, short, value_name = "FILE", required_unless_present = "like")]
    output: Option<PathBuf>,
    /// Replace files that are there already. A picture that the very same command made is replaced
    /// without it.
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    saving: SavingArguments,
    #[command(flatten)]
    film: FilmArguments,
    #[command(flatten)]
    pub(super) choices: Choices,
    #[command(flatten)]
    device: DeviceArguments,
    /// Also save the picture every N steps (OUTPUT-000100.png and so on).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    snapshot_every: Option<u32>,
    /// Start the run even if the estimate says that it will not fit into memory.
    #[arg(long)]
    pub(super) force: bool,
    /// Print one JSON object a step.
    #[arg(long)]
    json: bool,
}

/// Paints and saves a picture.
///
/// # Errors
/// When a file cannot be read or written, a setting is not valid, or the run fails.
pub(super) fn run(arguments: &RenderArguments) -> Result<()> {
    let interrupts = Interrupts::watch()?;
    let like = arguments.like.as_deref().map(Like::open).transpose()?;
    let mut plan = match &like {
        Some(like) => like.plan(&arguments.choices)?,
        None => Plan::of(arguments.choices.settings()?),
    };
    let given = arguments.output.clone();
    let output = given.or_else(|| like.as_ref().map(Like::output));
    let target = Target::of(&output.unwrap_or_default())?;
    let saved = like.as_ref().and_then(Like::saved);
    let results = Results {
        options: arguments.saving.options(target.format()?, saved)?,
        record: !arguments.saving.no_record,
        every: arguments.snapshot_every,
        json: arguments.json,
        target,
    };
    results.check()?;
    // Know that the result can be saved before an hour is spent on it.
    let mut claims = Claims::default();
    render_job::claim(arguments, &mut claims)?;
    if let Some(like) = &like {
        like.claim(&mut claims);
    }
    if let Some(path) = results.target.file() {
        claims.writes("the picture", "output", path);
    }
    arguments.film.claim(&mut claims)?;
    claims.check()?;
    let filming = Filming::begin(&arguments.film)?;
    let threads = arguments.choices.engine.threads;
    let threads = threads.or(like.as_ref().and_then(Like::threads));
    let mut compute = Compute::new(threads)?;
    compute.set_device(arguments.device.device);
    let job = compute.install(|| render_job::read(arguments, like.as_ref(), &mut plan.settings))?;
    let later = plan.changes();
    for path in results.snapshots(plan.length(&job)) {
        claims.writes("a snapshot", "snapshot-every", &path);
    }
    claims.check()?;
    claims.check_free(arguments.overwrite, |record| record.is_of(&job, &later))?;
    let transfer = compute.begin(job)?;
    if let Some(remark) = compute.remark() {
        output::say(&format!("impasto: {remark}"));
    }
    for remark in transfer.remarks() {
        output::say(&format!("impasto: {remark}"));
    }
    if let Some(like) = &like {
        like.remark(transfer.computed());
    }
    Painting::new(transfer, plan, results, filming, interrupts).paint()
}

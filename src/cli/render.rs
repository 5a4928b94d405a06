//! `impasto render`: a picture without the window.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;

use super::{
    checkpoints::{self, Checkpoints},
    choices::Choices,
    claims::Claims,
    devices::DeviceArguments,
    film::{FilmArguments, Filming},
    interrupts::Interrupts,
    like::Like,
    output,
    painting::{Beside, Painting},
    render_job,
    render_start::Start,
    resume::{self, Kept},
    saving::SavingArguments,
};
use crate::{
    error::Result,
    transfer::{self, Compute, remarks},
};

#[derive(Debug, Args)]
pub(super) struct RenderArguments {
    /// The content image: what the picture shows; - is standard input.
    #[arg(long, value_name = "FILE", required_unless_present_any = ["like", "resume"])]
    pub(super) content: Option<PathBuf>,
    /// A style image: how it is painted. Several are blended; FILE=2 counts twice.
    #[arg(long, value_name = "FILE[=STRENGTH]", required_unless_present_any = ["like", "resume"])]
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
    pub(super) like: Option<PathBuf>,
    /// Where to save the picture (png, jpg, webp, tif, bmp); - is PNG on standard output, and jpg:-
    /// another format there [default with --like: beside PICTURE, as NAME-again].
    #[arg(long, short, value_name = "FILE", required_unless_present_any = ["like", "resume"])]
    pub(super) output: Option<PathBuf>,
    /// Replace files that are there already. A picture that the very same command made is replaced
    /// without it.
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    pub(super) saving: SavingArguments,
    #[command(flatten)]
    pub(super) film: FilmArguments,
    #[command(flatten)]
    pub(super) choices: Choices,
    #[command(flatten)]
    device: DeviceArguments,
    /// Also save the picture every N steps (OUTPUT-000100.png and so on).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) snapshot_every: Option<u32>,
    /// Write a checkpoint beside the output (OUTPUT.impasto-checkpoint) every so many seconds, from
    /// which a run that was killed goes on; less often where that would take more than a twentieth of
    /// the time. It is removed when the picture is saved. 0 writes none [default: 4].
    #[arg(long, value_name = "SECONDS")]
    pub(super) checkpoint_every: Option<f64>,
    /// Go on with a run that was killed or interrupted, exactly as if it had not been: with the very
    /// same command, or by the name of its checkpoint or output alone.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    pub(super) resume: Option<Option<PathBuf>>,
    /// Start the run even if the estimate says that it will not fit into memory.
    #[arg(long)]
    pub(super) force: bool,
    /// Print one JSON object a step.
    #[arg(long)]
    pub(super) json: bool,
}

/// Paints and saves a picture.
///
/// # Errors
/// When a file cannot be read or written, a setting is not valid, or the run fails.
pub(super) fn run(arguments: &RenderArguments) -> Result<()> {
    let interrupts = Interrupts::watch()?;
    let start = Start::of(arguments)?;
    let Start {
        like,
        kept,
        mut plan,
        results,
        note,
    } = start;
    results.check()?;
    // Know that the result can be saved before an hour is spent on it.
    let mut claims = Claims::default();
    render_job::claim(arguments, &mut claims)?;
    if let Some(like) = &like {
        like.claim(&mut claims);
    }
    let keeps = note.every_secs > 0.0 && results.target.file().is_some();
    if let Some(path) = results.target.file() {
        claims.writes("the picture", "output", path);
        if keeps && kept.is_none() && !arguments.overwrite {
            resume::check_none(path)?;
        }
        if keeps {
            claims.writes("the checkpoint", "output", &checkpoints::beside(path));
        }
    }
    note.film.claim(&mut claims)?;
    claims.check()?;
    let filming = Filming::begin(&note.film)?;
    let threads = arguments.choices.engine.threads;
    let threads = threads.or(kept.as_ref().and_then(Kept::threads));
    let threads = threads.or(like.as_ref().and_then(Like::threads));
    let mut compute = Compute::new(threads)?;
    compute.set_device(arguments.device.device);
    let job = compute.install(|| render_job::read(arguments, like.as_ref(), &mut plan.settings))?;
    transfer::check(&job)?;
    let later = plan.changes();
    for path in results.snapshots(plan.length(&job)) {
        claims.writes("a snapshot", "snapshot-every", &path);
    }
    claims.check()?;
    // The run's own checkpoint, and a picture that it left when it was interrupted, make way.
    let own = kept.as_ref().map(|kept| kept.path.clone());
    let forgets = kept.is_some() && !results.remembers()?;
    claims.check_free(arguments.overwrite || forgets, own.as_deref(), |record| {
        record.is_of(&job, &later)
    })?;
    let job = match &kept {
        Some(kept) => kept.go_on(job, &mut plan)?,
        None => job,
    };
    let of_pictures = compute.install(|| remarks(&job));
    let transfer = compute.begin(job)?;
    for remark in of_pictures
        .iter()
        .map(String::as_str)
        .chain(compute.remark())
    {
        output::say(&format!("impasto: {remark}"));
    }
    for remark in transfer.remarks() {
        output::say(&format!("impasto: {remark}"));
    }
    if let Some(like) = &like {
        like.remark(transfer.computed());
    }
    let checkpoints = if keeps {
        Checkpoints::begin(&note)?
    } else {
        None
    };
    let beside = Beside {
        filming,
        checkpoints,
        interrupts,
    };
    Painting::new(transfer, plan, results, beside).paint()
}

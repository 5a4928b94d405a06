//! `impasto render`: a picture without the window.

use super::{
    checkpoints::{self, Checkpoints},
    claims::Claims,
    film::Filming,
    interrupts::Interrupts,
    like::Like,
    output,
    painting::{Beside, Painting},
    render_arguments::RenderArguments,
    render_job,
    render_start::Start,
    resume::{self, Kept},
};
use crate::{
    error::Result,
    transfer::{self, Compute},
};

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
    if let Some(kept) = &kept {
        kept.check(&job, &plan)?;
    }
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
        Some(kept) => kept.go_on(job, &mut plan),
        None => job,
    };
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

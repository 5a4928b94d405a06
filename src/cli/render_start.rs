//! How `impasto render` begins: from settings, from a picture to repeat, or from a checkpoint.

use super::{
    checkpoints::Note, like::Like, painting::Results, plan::Plan,
    render_arguments::RenderArguments, resume::Kept, standard::Target,
};
use crate::{
    error::{Error, Result},
    pixels::SaveOptions,
    settings::range,
};

/// Seconds between checkpoints.
const CHECKPOINT_EVERY_SECS: f64 = 4.0;

/// What is known before any picture is read.
pub(super) struct Start {
    /// Where inputs that are not named are found again.
    pub(super) like: Option<Like>,
    pub(super) kept: Option<Kept>,
    pub(super) plan: Plan,
    pub(super) results: Results,
    /// For the checkpoints.
    pub(super) note: Note,
}

impl Start {
    /// Reads the arguments, and what a picture or a checkpoint says in place of them.
    ///
    /// # Errors
    /// When they are not valid, or a file is no picture or checkpoint that can be used.
    pub(super) fn of(arguments: &RenderArguments) -> Result<Self> {
        let alone =
            arguments.content.is_none() && arguments.style.is_empty() && arguments.like.is_none();
        if !alone {
            return Self::of_arguments(arguments);
        }
        let Some(named) = &arguments.resume else {
            return Self::of_arguments(arguments);
        };
        let Some(path) = named.as_ref().or(arguments.output.as_ref()) else {
            let expected = "name the checkpoint, or give the same command once more";
            return Err(Error::setting("resume", "nothing", expected));
        };
        Self::of_checkpoint(arguments, Kept::open(path)?)
    }

    fn of_arguments(arguments: &RenderArguments) -> Result<Self> {
        let like = arguments.like.as_deref().map(Like::open).transpose()?;
        let plan = match &like {
            Some(like) => like.plan(&arguments.choices)?,
            None => Plan::of(arguments.choices.settings()?),
        };
        let given = arguments.output.clone();
        let output = given.or_else(|| like.as_ref().map(Like::output));
        let output = output.unwrap_or_default();
        let target = Target::of(&output)?;
        let kept = match &arguments.resume {
            None => None,
            Some(Some(file)) => Some(Kept::open(file)?),
            Some(None) => Kept::of_output(target.file())?,
        };
        let before = like.as_ref().and_then(Like::saved);
        let options = arguments.saving.options(target.format()?, before)?;
        let film = match &kept {
            Some(kept) => arguments.film.going_on(&kept.note.film),
            None => arguments.film.clone(),
        };
        let note = Note {
            saved: (&options).into(),
            record: !arguments.saving.no_record,
            snapshot_every: arguments.snapshot_every,
            until: plan.until,
            later: plan.changes(),
            film,
            every_secs: every_secs(arguments, CHECKPOINT_EVERY_SECS)?,
            output: std::path::absolute(&output).unwrap_or(output),
        };
        Ok(Self {
            like,
            kept,
            plan,
            results: results(&note, options, target, arguments.json),
            note,
        })
    }

    /// A checkpoint alone tells everything; what is given besides is where results go and how.
    fn of_checkpoint(arguments: &RenderArguments, kept: Kept) -> Result<Self> {
        let before = kept.note.clone();
        let plan = kept.plan(&arguments.choices)?;
        let output = arguments.output.clone().unwrap_or(before.output);
        let target = Target::of(&output)?;
        let options = arguments
            .saving
            .options(target.format()?, Some(before.saved))?;
        let note = Note {
            saved: (&options).into(),
            record: before.record && !arguments.saving.no_record,
            snapshot_every: arguments.snapshot_every.or(before.snapshot_every),
            until: before.until,
            later: before.later,
            film: arguments.film.going_on(&before.film),
            every_secs: every_secs(arguments, before.every_secs)?,
            output: std::path::absolute(&output).unwrap_or(output),
        };
        Ok(Self {
            like: Some(Like::of_record(&kept.path, kept.checkpoint.record.clone())),
            kept: Some(kept),
            plan,
            results: results(&note, options, target, arguments.json),
            note,
        })
    }
}

/// What comes out, as it is noted.
fn results(note: &Note, options: SaveOptions, target: Target, json: bool) -> Results {
    Results {
        options,
        record: note.record,
        every: note.snapshot_every,
        json,
        target,
    }
}

fn every_secs(arguments: &RenderArguments, otherwise: f64) -> Result<f64> {
    let secs = arguments.checkpoint_every.unwrap_or(otherwise);
    range::CHECKPOINT_SECONDS.check(secs)?;
    Ok(secs)
}

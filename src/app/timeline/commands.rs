//! What can be asked of the film, of saving, and of pictures that remember.

use super::Moment;
use crate::{
    app::{commands::SnapshotId, export::ExportCommand},
    settings::SaveChoices,
};

/// See the module's head.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FilmCommand {
    /// Look at a moment; `None` looks at what is being painted now.
    Look(Option<Moment>),
    /// Show the film of a run, at its end.
    Line(u64),
    /// Go on from a moment with the present settings.
    Branch(Moment),
    /// Take over the settings of a moment.
    SettingsOf(Moment),
    /// How pictures are saved.
    SaveChoices(SaveChoices),
    /// The question about saving was answered: ask where to, or leave it.
    SaveAnswered(Option<SnapshotId>),
    /// Show a snapshot's file in the system's file manager.
    Reveal(SnapshotId),
    /// Whatever has to do with exporting the film.
    Export(ExportCommand),
    /// What to do with a picture that remembers.
    Offer(OfferAnswer),
}

/// Answers to the offer to restore what a picture remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfferAnswer {
    /// Its pictures and settings.
    Everything,
    /// Its settings.
    Settings,
    /// Use it as a content image.
    AsContent,
    /// Use it as a style image.
    AsStyle,
    /// Nothing.
    Nothing,
}

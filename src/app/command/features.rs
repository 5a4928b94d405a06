//! What the views of each feature ask for.

use std::path::PathBuf;

use crate::{
    app::command::ids::{Axis, Compare, ExportChoices, Moment, Role, Row, SnapshotId},
    network::Family,
    settings::{DeviceChoice, PictureEdit, SaveChoices},
};

/// What a view asks for about devices.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DeviceCommand {
    /// Compute the next run on this.
    Choose(DeviceChoice),
}

/// What a view can ask for about networks.
#[derive(Clone, Debug)]
pub(crate) enum NetworksCommand {
    /// Show the list.
    Open,
    /// Hide it.
    Close,
    /// Look at one of the list.
    Look(Row),
    /// Paint with one of the list.
    Use(Row),
    /// Load VGG-19, or go on loading it.
    Fetch,
    /// Hold the download.
    Pause,
    /// Give the download up.
    Cancel,
    /// Ask for a file to import.
    OpenFile,
    /// Import a file; of a family if the user said which.
    Import(PathBuf, Option<Family>),
    /// Compare with the digest.
    Verify(String),
    /// Ask whether to remove.
    AskRemove(String),
    /// Remove.
    Remove(String),
    /// The question was answered with no.
    NoAnswer,
}

/// What can be asked of exports.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ExportCommand {
    /// Open the question.
    Ask,
    /// Other choices.
    Choose(ExportChoices),
    /// The question was answered: go on, or leave it.
    Answer(bool),
    /// Stop the export.
    Cancel,
}

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

/// Commands of these helpers.
#[derive(Clone, Debug)]
pub(crate) enum AssistCommand {
    /// Open the sheet of variations, or turn to another axis.
    Vary(Axis),
    /// Close the sheet.
    CloseSheet,
    /// Go on with a cell of the sheet.
    Choose(usize),
    /// Turn or cut a picture.
    Edit(Role, PictureEdit),
    /// Restart from the picture of the moment.
    GoOn,
    /// Add the present settings and pictures to the queue.
    Enqueue,
    /// Take a run out of the queue.
    Dequeue(u64),
    /// Begin with the first run of the queue.
    StartQueue,
    /// Ask for the name of a new preset, or another name for a user preset.
    NamePreset(Option<String>),
    /// The name was given, or not.
    PresetNamed(Option<String>),
    /// Delete a user preset.
    DeletePreset(String),
}

/// What the keyboard asks of the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ViewCommand {
    /// Show all of the picture.
    Fit,
    /// One picture pixel to one screen pixel.
    OneToOne,
    /// Closer.
    ZoomIn,
    /// Farther.
    ZoomOut,
    /// Switch a way of comparing on or off.
    Compare(Compare),
}

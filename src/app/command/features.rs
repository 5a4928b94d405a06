//! What the views of each feature ask for.

use std::path::PathBuf;

use crate::{
    app::command::ids::{Axis, Compare, ExportChoices, Moment, Row},
    network::Family,
};

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

/// What can be asked about brushes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BrushesCommand {
    /// Learn the style image at this place.
    Learn(usize),
    /// End the lesson and keep what is learnt.
    Stop,
    /// Show all brushes, or hide them.
    Toggle,
    /// Paint with this one of the sheet; with those before it, when it is added.
    Choose {
        /// Its place on the sheet.
        n: usize,
        /// Whether those that are chosen stay.
        add: bool,
    },
    /// How much of this chosen one is in the blend.
    Weight(usize, f64),
    /// How much of the style images is in the blend.
    Images(f64),
    /// Paint without this chosen one.
    Drop(usize),
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

/// What can be asked of the film.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TimelineCommand {
    /// Look at a moment; `None` looks at what is being painted now.
    Look(Option<Moment>),
    /// Show the film of a run, at its end.
    Line(u64),
    /// Go on from a moment with the present settings.
    Branch(Moment),
    /// Take over the settings of a moment.
    SettingsOf(Moment),
}

/// What can be asked about kept sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VaultCommand {
    /// Bring back what was left, or leave it for good.
    Answer(bool),
    /// Ask again at the next start.
    Later,
    /// Show the page about them, or hide it.
    Show(bool),
    /// Remove all but those of open windows.
    Empty,
    /// Show their folder.
    Reveal,
}

/// What dropped files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DropAnswer {
    /// The content image; of several, each that of a run of its own, in the queue.
    Contents,
    /// The style image; several are blended.
    Styles,
    /// The first is the content image, the others are styles.
    Both,
    /// Nothing: they are left.
    Nothing,
}

/// What can be asked of the question for a path.
#[derive(Clone, Debug)]
pub(crate) enum PathCommand {
    /// What is typed has changed: look what it may become.
    Typed,
    /// Type as much as is certain.
    Complete,
    /// Put this in place of what is typed.
    Put(String),
    /// What is typed is meant.
    Given,
    /// Replace the file that is there, or else type another.
    Replace(bool),
    /// Leave it.
    Cancel,
}

/// Answers to the offer to restore what a picture remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RestoreAnswer {
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

/// What can be asked of the sheet of variations.
#[derive(Clone, Copy, Debug)]
pub(crate) enum VariationsCommand {
    /// Open it, or close it.
    Toggle,
    /// Open it along this axis.
    Open(Axis),
    /// Close it.
    Close,
    /// Go on with a cell.
    Choose(usize),
}

/// What can be asked of the queue.
#[derive(Clone, Copy, Debug)]
pub(crate) enum QueueCommand {
    /// Add the present settings and pictures.
    Add,
    /// Take a run out.
    Remove(u64),
    /// Begin with the first run.
    Start,
}

/// What can be asked of presets.
#[derive(Clone, Debug)]
pub(crate) enum PresetsCommand {
    /// Take over the settings of the preset with this name.
    Choose(String),
    /// Ask for the name of a new preset, or another name for a user preset.
    Name(Option<String>),
    /// The name was given, or not.
    Named(Option<String>),
    /// Delete a user preset.
    Delete(String),
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

//! Everything a view can ask for.
//!
//! Views read the session and push commands; the `handle` files are the only places where these
//! change it.

pub(crate) mod features;
pub(crate) mod ids;

use std::path::PathBuf;

use crate::{
    app::command::{
        features::{AssistCommand, DeviceCommand, FilmCommand, NetworksCommand},
        ids::{Role, SnapshotId, Source},
    },
    settings::{ControlDepth, ThemeChoice, TransferSettings},
};

/// What a view asks for.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    /// New settings, by any control.
    Settings(Box<TransferSettings>),
    /// Settings of the preset with this name.
    Preset(String),
    /// One step back in the settings.
    Undo,
    /// One step forward.
    Redo,
    /// Start, pause or resume, whichever is next.
    Primary,
    /// Start anew; with `force` whether or not memory suffices.
    Start {
        /// Ignore the memory check.
        force: bool,
    },
    /// End the run.
    Stop,
    /// Keep the picture of the moment and save it.
    Snapshot,
    /// Ask where to save the picture of the moment, or a snapshot.
    SaveAs(Option<SnapshotId>),
    /// Put a picture on the clipboard.
    Copy(Option<SnapshotId>),
    /// Whatever has to do with the film, with saving, and with pictures that remember.
    Film(FilmCommand),
    /// Show something on the canvas.
    Show(Source),
    /// Give a snapshot a name.
    Rename(SnapshotId, String),
    /// Forget a snapshot.
    Delete(SnapshotId),
    /// Start a run from a snapshot.
    ContinueFrom(SnapshotId),
    /// Take over the settings of a snapshot.
    SettingsOf(SnapshotId),
    /// Ask for a file.
    Open(Role),
    /// Ask for a file by its path, without the system's dialog.
    OpenByPath(Role),
    /// Load a file.
    Load(Role, PathBuf),
    /// Files were dropped, or their paths pasted.
    Drop(Vec<PathBuf>),
    /// A picture was pasted.
    Paste(std::sync::Arc<egui::ColorImage>),
    /// What was taken as content last becomes the style, or the other way round.
    OtherRole,
    /// Content becomes style and style content.
    Swap,
    /// Remove a style image.
    RemoveStyle(usize),
    /// Strength of a style image.
    Strength(usize, f64),
    /// About devices.
    Device(DeviceCommand),
    /// Something about networks and their weights.
    Networks(NetworksCommand),
    /// Ask for the folder that snapshots are saved to.
    ChooseSaveFolder,
    /// Light or dark.
    Theme(ThemeChoice),
    /// How many of the controls are shown.
    Depth(ControlDepth),
    /// Into full screen and back.
    Fullscreen,
    /// Show or hide the list of shortcuts.
    Shortcuts,
    /// The path dialog was answered (or not).
    PathGiven(Option<PathBuf>),
    /// Estimates, variations, edits, queue, user presets.
    Assist(AssistCommand),
    /// The error was read.
    DismissBanner,
    /// The toast with this number was read.
    DismissToast(u64),
}

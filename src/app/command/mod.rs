//! Everything a view can ask for, as plain data.
//!
//! Views read the session and push commands; the `handle` files are the only places where these
//! change it. What keys and buttons do stands in `table`,
//! whose rows are `action::Action`.

pub(crate) mod action;
pub(crate) mod features;
pub(crate) mod ids;
pub(crate) mod table;

use std::{path::PathBuf, sync::Arc};

use eframe::egui::ColorImage;

use crate::{
    app::command::{
        features::{
            BrushesCommand, DropAnswer, ExportCommand, NetworksCommand, PathCommand,
            PresetsCommand, QueueCommand, RestoreAnswer, TimelineCommand, VariationsCommand,
            VaultCommand,
        },
        ids::{Role, SaveSize, SnapshotId, Source, WantedDetail},
    },
    settings::{
        ControlDepth, DeviceChoice, PictureEdit, SaveChoices, ThemeChoice, TransferSettings,
    },
};

/// What a view asks for.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    // Settings
    /// New settings, by any control.
    Settings(Box<TransferSettings>),
    /// One step back in the settings.
    Undo,
    /// One step forward.
    Redo,
    /// Take the deed of this name back.
    TakeBack(u64),
    /// How many of the controls are shown.
    Depth(ControlDepth),
    /// Compute the next runs on this.
    Device(DeviceChoice),

    // The run
    /// Start, pause or resume, whichever is next.
    StartOrPause,
    /// Start from the beginning; with `force` whether or not memory suffices.
    Start {
        /// Ignore the memory check.
        force: bool,
    },
    /// Restart from the picture of the moment.
    GoOn,
    /// End the run.
    Stop,
    /// Go on with the run that was stopped.
    Continue,

    // Pictures
    /// Ask for a file.
    Open(Role),
    /// Ask for a file by its path, without the system's dialog.
    OpenByPath(Role),
    /// About the question for a path.
    Path(PathCommand),
    /// Load a file.
    Load(Role, PathBuf),
    /// Files were dropped.
    Drop(Vec<PathBuf>),
    /// It was said what dropped files are.
    Dropped(DropAnswer),
    /// Paths of files were pasted.
    PasteFiles(Vec<PathBuf>),
    /// A picture was pasted.
    Paste(Arc<ColorImage>),
    /// What was taken as content last becomes the style, or the other way round.
    OtherRole,
    /// Content becomes style and style content.
    Swap,
    /// Remove a style image.
    RemoveStyle(usize),
    /// Strength of a style image.
    Strength(usize, f64),
    /// Turn or cut a picture.
    Edit(Role, PictureEdit),

    // Snapshots and files
    /// Keep the picture of the moment and save it.
    Snapshot,
    /// Put a picture on the clipboard.
    Copy(Option<SnapshotId>),
    /// Give a snapshot a name.
    Rename(SnapshotId, String),
    /// Forget a snapshot.
    Delete(SnapshotId),
    /// Start a run from a snapshot.
    ContinueFrom(SnapshotId),
    /// Take over the settings of a snapshot.
    SettingsOf(SnapshotId),
    /// Show a snapshot's file in the system's file manager.
    Reveal(SnapshotId),
    /// Ask where to save the picture of the moment, or a snapshot.
    SaveAs(Option<SnapshotId>),
    /// How pictures are saved.
    SaveChoices(SaveChoices),
    /// How large it is saved, where it can be larger than it is by now.
    SaveSize(SaveSize),
    /// Save a snapshot again, enlarged to the size that its run ends with.
    SaveEnlarged(SnapshotId),
    /// Keep and save the picture that the run ends with.
    SaveWhenFinished,
    /// The question about saving was answered: ask where to, or leave it.
    SaveAnswered(Option<SnapshotId>),
    /// Ask for the folder that snapshots are saved to.
    ChooseSaveFolder,

    // Features with commands of their own
    /// About the film.
    Timeline(TimelineCommand),
    /// About the film as a file.
    Export(ExportCommand),
    /// What to do with a picture that remembers.
    Restore(RestoreAnswer),
    /// About the sheet of variations.
    Variations(VariationsCommand),
    /// About the queue.
    Queue(QueueCommand),
    /// About presets.
    Presets(PresetsCommand),
    /// About brushes.
    Brushes(BrushesCommand),
    /// About kept sessions.
    Vault(VaultCommand),
    /// About networks and their weights.
    Networks(NetworksCommand),

    // The window
    /// Show something on the canvas.
    Show(Source),
    /// Show a part of a picture as sharp as it is.
    Detail(WantedDetail),
    /// Light or dark.
    Theme(ThemeChoice),
    /// Into full screen and back.
    Fullscreen,
    /// Back from full screen.
    LeaveFullscreen,
    /// Show or hide the list of shortcuts.
    Shortcuts,
    /// The error was read.
    DismissBanner,
    /// The toast with this number was read.
    DismissToast(u64),
}

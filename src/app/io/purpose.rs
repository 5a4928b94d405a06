//! What a file is asked for.

use crate::app::command::ids::{ExportChoices, Role, SnapshotId};

/// What a file dialog was opened for.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    /// To read a picture.
    Open(Role),
    /// To write a snapshot, under a name to begin with.
    Save(SnapshotId, String),
    /// To write the film.
    Film(ExportChoices, String),
    /// To choose the folder of saved snapshots.
    SaveFolder,
    /// To choose a weights file.
    Weights,
}

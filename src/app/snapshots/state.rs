//! A kept picture.

use std::path::PathBuf;

use crate::{
    app::{command::ids::SnapshotId, session::picture::Shown},
    worker::{RunId, Snapshot},
};

/// A kept picture.
pub(crate) struct Kept {
    pub(crate) id: SnapshotId,
    pub(crate) name: String,
    pub(crate) snapshot: Snapshot,
    /// The run it was taken from.
    pub(crate) run: RunId,
    /// The file it was saved to last.
    pub(crate) saved: Option<PathBuf>,
    /// `None` until the thread for pictures is done.
    pub(crate) shown: Option<Shown>,
}

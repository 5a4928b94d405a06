//! The kept pictures, and what the picture of the moment is waited for.

use std::{collections::VecDeque, path::PathBuf, sync::Arc};

use crate::{
    app::{
        command::ids::{SnapshotId, Wish},
        session::picture::Shown,
    },
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

impl Kept {
    /// Whether what is shown is the snapshot as it is now.
    pub(crate) fn is_prepared(&self) -> bool {
        let shown = self.shown.as_ref();
        shown.is_some_and(|shown| Arc::ptr_eq(&shown.picture, &self.snapshot.picture))
    }

    /// The sides that its run ends with, when it is smaller than that by now.
    pub(crate) fn larger_px(&self) -> Option<(usize, usize)> {
        let content = &self.snapshot.content.planes;
        let settings = &self.snapshot.record.settings;
        let px = settings
            .size_px
            .unwrap_or_else(|| content.longest_px() as u32);
        let (now, end) = (&self.snapshot.picture.planes, content.sides_for(px));
        (now.width < end.0 && now.height < end.1).then_some(end)
    }
}

/// The kept pictures of this session.
#[derive(Default)]
pub(crate) struct Snapshots {
    /// Oldest first.
    pub(crate) kept: Vec<Kept>,
    last: u64,
    /// What pictures of the moment are waited for, in the order they were asked for.
    pub(crate) wishes: VecDeque<Wish>,
}

impl Snapshots {
    /// A name for one more.
    pub(crate) fn next_id(&mut self) -> SnapshotId {
        self.last += 1;
        SnapshotId(self.last)
    }
}

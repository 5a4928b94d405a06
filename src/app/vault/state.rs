//! What the window knows of kept sessions: of its own, and of one that was left.

use std::{
    hash::{DefaultHasher, Hasher as _},
    path::PathBuf,
    sync::{Arc, Weak},
};

use crate::{
    app::{
        command::ids::SnapshotId,
        io::vault::file::{PictureRef, RunFile, SessionFile},
    },
    pixels::Picture,
};

/// A session that a window has left.
pub(crate) struct Left {
    pub(crate) file: SessionFile,
    /// Where its run stands.
    pub(crate) step: Option<u32>,
}

/// A kept picture on the disk.
pub(crate) struct Written {
    pub(crate) id: SnapshotId,
    /// Its file in the session's folder.
    pub(crate) file: String,
    /// The picture as it was written.
    pub(crate) picture: Weak<Picture>,
}

/// What the window knows of kept sessions.
#[derive(Default)]
pub(crate) struct Sessions {
    /// The one that is offered.
    pub(crate) left: Option<Left>,
    /// Whether the page about them is open.
    pub(crate) shows: bool,
    /// Bytes that all take, and where.
    pub(crate) room: Option<(u64, PathBuf)>,
    /// Where pictures in use come from.
    origins: Vec<(Weak<Picture>, PictureRef)>,
    /// A run that was brought back and has not taken a step yet.
    pub(crate) unresumed: Option<RunFile>,
    pub(crate) written: Vec<Written>,
    /// When the run of the moment was begun, in seconds since 1970.
    pub(crate) began_secs: i64,
    /// What was put down last, as a number.
    pub(crate) put_down: u64,
}

impl Sessions {
    /// Takes note where a picture comes from.
    pub(crate) fn note_origin(&mut self, picture: &Arc<Picture>, origin: PictureRef) {
        self.origins.retain(|(known, _)| {
            known.strong_count() > 0 && !std::ptr::eq(known.as_ptr(), Arc::as_ptr(picture))
        });
        self.origins.push((Arc::downgrade(picture), origin));
    }

    /// Where a picture comes from.
    pub(crate) fn origin(&self, picture: &Arc<Picture>) -> PictureRef {
        let mut origins = self.origins.iter();
        let known = origins.find(|(known, _)| std::ptr::eq(known.as_ptr(), Arc::as_ptr(picture)));
        known.map_or_else(
            || PictureRef::of(picture, crate::settings::PictureEdit::default()),
            |(_, origin)| origin.clone(),
        )
    }
}

/// Anything as a number that tells one state from another.
pub(crate) fn number_of(parts: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

//! What a run is made from.

use std::sync::Arc;

use crate::{pixels::Picture, transfer::Resume, worker::RunId};

/// The moment that a branch goes on from.
pub(crate) struct BranchFrom {
    /// The picture of the moment.
    pub(crate) picture: Arc<Picture>,
    /// The content image of its run: another one would not lie under it.
    pub(crate) content: Arc<Picture>,
    pub(crate) run: RunId,
    pub(crate) resume: Resume,
}

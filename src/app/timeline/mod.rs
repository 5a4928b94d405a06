//! The bottom panel: the run as a film that can be wound back, its branches, and its losses.

pub(crate) mod axis;
pub(crate) mod curve;
pub(crate) mod handle;
pub(crate) mod head;
pub(crate) mod lanes;
pub(crate) mod state;
pub(crate) mod strip;
pub(crate) mod view;

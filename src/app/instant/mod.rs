//! The instant preview: what a feed-forward network makes of pictures and settings before a run.

pub(crate) mod handle;
pub(crate) mod state;

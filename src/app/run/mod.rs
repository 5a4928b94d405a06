//! Start, pause, stop, and what follows when a run ends.

pub(crate) mod handle;
pub(crate) mod view;

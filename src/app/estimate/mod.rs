//! What a run will take: time and memory.

pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

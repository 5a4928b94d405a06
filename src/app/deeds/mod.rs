//! What was done besides settings, and is taken back by the same key.

pub(crate) mod handle;
pub(crate) mod state;

//! Several runs, one after another.

pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

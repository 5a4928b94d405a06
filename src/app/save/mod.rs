//! How pictures are saved.

pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

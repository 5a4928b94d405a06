//! Kept pictures.

pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

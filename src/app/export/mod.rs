//! The film as a file.

pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

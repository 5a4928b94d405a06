//! Short notices, and errors that wait to be read.

pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

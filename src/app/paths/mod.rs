//! The question for a path, where the system has no file dialog.

pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

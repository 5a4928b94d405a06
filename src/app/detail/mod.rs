//! Pictures larger than their copy for the screen, shown sharp.

pub(crate) mod handle;
pub(crate) mod state;

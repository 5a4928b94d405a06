//! What runs are computed on.

pub(crate) mod handle;
pub(crate) mod state;

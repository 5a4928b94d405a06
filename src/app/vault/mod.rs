//! Nothing is lost: what a window that is gone has left is brought back.

pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

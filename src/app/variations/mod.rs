//! The sheet of variations: the same pictures with one setting at nine values.

pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

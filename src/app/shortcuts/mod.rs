//! Keys, and the list of them.

pub(crate) mod keys;
pub(crate) mod list;

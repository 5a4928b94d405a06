//! Networks and their weights: what there is, where it lies, how it comes here.

pub(crate) mod details;
pub(crate) mod dialog;
pub(crate) mod handle;
pub(crate) mod rows;
pub(crate) mod state;
pub(crate) mod view;

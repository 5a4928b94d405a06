//! Pictures that remember how they were made, and the offer to bring all that back.

pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

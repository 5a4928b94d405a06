//! Files dropped on the window: what is under the pointer is what they become.

pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

//! Content image, style images, and the picture that a run starts from.

pub(crate) mod edit;
pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

//! The middle: the picture being painted, zoomed, moved and compared.

pub(crate) mod bar;
pub(crate) mod keys;
pub(crate) mod overlays;
pub(crate) mod state;
pub(crate) mod view;

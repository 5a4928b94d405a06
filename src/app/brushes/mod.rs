//! Brushes: a style image is learnt, and the instant preview paints with what was learnt.

pub(crate) mod handle;
pub(crate) mod state;
pub(crate) mod view;

//! Brushes: a style image is learnt, all brushes are shown on the user's own picture, and the instant
//! picture is painted with those that are chosen.

pub(crate) mod handle;
pub(crate) mod sheet;
pub(crate) mod state;
pub(crate) mod view;

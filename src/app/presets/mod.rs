//! Presets: the program's and the user's, each with a picture.

pub(crate) mod handle;
pub(crate) mod name;
pub(crate) mod state;
pub(crate) mod view;

//! A picture that remembers, on the way to its use.

use crate::app::{
    io::{picture::Load, remembered::Remembered},
    session::picture::Shown,
};

/// A picture that remembers, on the way to its use.
pub(crate) struct Offer {
    pub(crate) load: Load,
    pub(crate) shown: Shown,
    pub(crate) remembered: Box<Remembered>,
}

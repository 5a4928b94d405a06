//! A picture that remembers, on the way to its use.

use crate::app::{command::ids::Role, io::remembered::Remembered, session::picture::Shown};

/// A picture that remembers, on the way to its use.
pub(crate) struct Offer {
    pub(crate) role: Role,
    pub(crate) shown: Shown,
    pub(crate) remembered: Box<Remembered>,
}

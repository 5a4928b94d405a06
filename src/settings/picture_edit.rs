//! [`PictureEdit`]: how a picture is turned and cut before it is used.

use serde::{Deserialize, Serialize};

/// What is done to a picture once it is read: first it is turned, then cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PictureEdit {
    /// Quarter turns clockwise, 0 to 3.
    pub quarter_turns: u8,
    /// Width to height that the middle of the picture is cut to; `None` keeps all of it.
    pub aspect: Option<(u32, u32)>,
}

impl PictureEdit {
    /// Whether it changes nothing.
    pub fn is_none(&self) -> bool {
        self.quarter_turns.is_multiple_of(4) && self.aspect.is_none()
    }

    /// The same, a quarter further clockwise.
    #[must_use]
    pub fn turned(self) -> Self {
        Self {
            quarter_turns: (self.quarter_turns + 1) % 4,
            ..self
        }
    }
}

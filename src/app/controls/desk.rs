//! What the controls of one frame work with.

use crate::{
    app::{command::Command, session::Session},
    settings::TransferSettings,
};

/// What the controls of one frame work with.
pub(crate) struct Desk<'a> {
    /// Changed by controls.
    pub(crate) settings: &'a mut TransferSettings,
    /// What resets go back to.
    pub(crate) preset: &'a TransferSettings,
    /// Whether the settings are no longer those of the preset.
    pub(crate) changed: bool,
    /// The settings that the run at hand was started with.
    pub(crate) at_work: Option<&'a TransferSettings>,
    pub(crate) session: &'a Session,
    pub(crate) commands: &'a mut Vec<Command>,
}

impl Desk<'_> {
    /// A setting of the run at hand.
    pub(crate) fn at_work<T>(&self, field: impl FnOnce(&TransferSettings) -> T) -> Option<T> {
        self.at_work.map(field)
    }
}

//! The history of settings.

use eframe::egui::util::undoer::{Settings, Undoer};

use crate::settings::TransferSettings;

/// Seconds without a change after which what follows is a change of its own.
pub(crate) const REST_SECS: f32 = 0.25;

/// Name of the preset, and the settings.
pub(crate) type History = Undoer<(String, TransferSettings)>;

/// A history without any past.
pub(crate) fn history() -> History {
    Undoer::with_settings(Settings {
        stable_time: REST_SECS,
        ..Settings::default()
    })
}

//! Undo and redo of settings.

use std::time::Duration;

use eframe::egui::{
    Context,
    util::undoer::{Settings, Undoer},
};

use crate::{app::App, settings::TransferSettings};

/// Seconds without a change after which what follows is a change of its own.
const REST_SECS: f32 = 0.25;

/// Name of the preset, and the settings.
pub(super) type History = Undoer<(String, TransferSettings)>;

/// A history without any past.
pub(super) fn history() -> History {
    Undoer::with_settings(Settings {
        stable_time: REST_SECS,
        ..Settings::default()
    })
}

impl App {
    /// Takes the last change of settings back.
    pub(super) fn undo(&mut self) {
        let state = self.undo_state();
        if let Some((preset, settings)) = self.undoer.undo(&state).cloned() {
            self.session.app.preset = preset;
            self.put_settings(settings);
        }
    }

    /// Brings back what was undone.
    pub(super) fn redo(&mut self) {
        let state = self.undo_state();
        if let Some((preset, settings)) = self.undoer.redo(&state).cloned() {
            self.session.app.preset = preset;
            self.put_settings(settings);
        }
    }

    fn undo_state(&self) -> (String, TransferSettings) {
        let app = &self.session.app;
        (app.preset.clone(), app.transfer.clone())
    }

    /// Lets the history of settings take note.
    pub(super) fn note_history(&mut self, ctx: &Context) {
        let state = self.undo_state();
        let (now, held) = ctx.input(|input| (input.time, input.pointer.any_down()));
        // A slider that is dragged is one change, however often it rests on the way.
        if !held {
            self.undoer.feed_state(now, &state);
        }
        if self.undoer.is_in_flux() {
            ctx.request_repaint_after(Duration::from_secs_f32(1.1 * REST_SECS));
        }
        self.session.can_undo = self.undoer.has_undo(&state);
        self.session.can_redo = self.undoer.has_redo(&state);
    }
}

//! Settings take effect; undo and redo.

use std::time::Duration;

use eframe::egui::Context;

use crate::{
    app::{App, command::ids::Role, controls::state::REST_SECS, io::picture::PictureSource},
    settings::{InitialImage, TransferSettings},
};

impl App {
    /// Takes the last change of settings back.
    pub(crate) fn undo(&mut self) {
        let state = self.undo_state();
        if let Some((preset, settings)) = self.undoer.undo(&state).cloned() {
            self.session.app.preset = preset;
            self.put_settings(settings);
        }
    }

    /// Brings back what was undone.
    pub(crate) fn redo(&mut self) {
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
    pub(crate) fn note_history(&mut self, ctx: &Context) {
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

    /// Puts settings in force; those that can change under way reach the run at hand.
    pub fn put_settings(&mut self, settings: TransferSettings) {
        if settings == self.session.app.transfer {
            return;
        }
        if let InitialImage::File(path) = &settings.initial_image {
            let loaded = self.session.initial.as_ref();
            let loaded = loaded.and_then(|shown| shown.picture.path.as_ref());
            if loaded != Some(path) {
                self.load(Role::Initial, PictureSource::File(path.clone()));
            }
        }
        if self.session.run.phase.is_active() {
            self.worker.update(settings.clone());
        }
        self.session.app.transfer = settings;
    }
}

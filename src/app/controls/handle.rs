//! Settings take effect; undo and redo.

use std::time::Duration;

use eframe::egui::Context;

use crate::{
    app::{
        App,
        command::ids::Role,
        controls::state::{Moment, REST_SECS},
        io::picture::{Load, PictureSource},
        session::run::Phase,
    },
    settings::{InitialImage, TransferSettings},
};

impl App {
    /// Takes the last change of settings, or the last deed, back.
    pub(crate) fn undo(&mut self) {
        // A deed that its own button took back has left an empty place.
        while let Some(before) = {
            let deeds = self.session.deeds.at();
            self.history.undo(&self.session.app, deeds)
        } {
            if self.go_to(&before) {
                break;
            }
        }
    }

    /// Brings back what was undone.
    pub(crate) fn redo(&mut self) {
        while let Some(undone) = {
            let deeds = self.session.deeds.at();
            self.history.redo(&self.session.app, deeds)
        } {
            if self.go_to(&undone) {
                break;
            }
        }
    }

    /// Answers whether that changed anything.
    fn go_to(&mut self, moment: &Moment) -> bool {
        let deeds_changed = self.go_to_deed(moment.deeds);
        let app = &mut self.session.app;
        let changed = app.preset != moment.preset || app.transfer != moment.settings;
        app.preset.clone_from(&moment.preset);
        self.put_settings(moment.settings.clone());
        changed || deeds_changed
    }

    /// Lets the history of settings take note. Called once a frame.
    pub(crate) fn note_history(&mut self, ctx: &Context) {
        let (now, held) = ctx.input(|input| (input.time, input.pointer.any_down()));
        let deeds = self.session.deeds.at();
        if self.history.note(&self.session.app, deeds, now, held) {
            ctx.request_repaint_after(Duration::from_secs_f32(1.1 * REST_SECS));
        }
        (self.session.can_undo, self.session.can_redo) = self.history.reaches();
    }

    /// Puts settings in force; those that can change under way reach the run at hand, and those of
    /// the finish the picture of a run that is over.
    pub fn put_settings(&mut self, settings: TransferSettings) {
        if settings == self.session.app.transfer {
            return;
        }
        if let InitialImage::File(path) = &settings.initial_image {
            let loaded = self.session.pictures.initial.as_ref();
            let loaded = loaded.and_then(|shown| shown.picture.path.as_ref());
            if loaded != Some(path) {
                let source = PictureSource::File(path.clone());
                self.load(Load::new(Role::Initial, source));
            }
        }
        if self.session.run.phase != Phase::Idle {
            self.worker.update(settings.clone());
        }
        self.session.app.transfer = settings;
    }
}

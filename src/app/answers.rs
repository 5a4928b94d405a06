//! What the file thread and the dialogs answer.

use std::path::PathBuf;

use eframe::egui::Context;

use crate::app::{
    App,
    command::features::NetworksCommand,
    io::{dialog::Purpose, files::FileEvent, picture::PictureSource},
    notices::state::Mood,
    session::{Dialog, picture::Shown},
    text,
};

impl App {
    /// An answer has arrived.
    pub(crate) fn file_event(&mut self, ctx: &Context, event: FileEvent) {
        self.undrawn = true;
        match event {
            FileEvent::Loaded(load, loaded) => self.loaded(ctx, *load, loaded),
            FileEvent::Prepared(id, prepared) => {
                let shown = Shown::new(ctx, *prepared);
                self.prepared(id, shown);
            }
            FileEvent::Saved(id, Ok(path)) => {
                self.say_saved(&path);
                if let Some(kept) = self.kept_mut(id) {
                    kept.saved = Some(path);
                }
            }
            FileEvent::Saved(_, Err(error)) => self.complain(&error),
            FileEvent::Developed(frame, wanted, picture) => {
                self.developed(&frame, wanted, picture);
            }
            FileEvent::Revealed(shown) => self.expect(shown),
            FileEvent::Ffmpeg(there) => self.session.export.ffmpeg = Some(there),
            FileEvent::Exported(result) => self.exported(result),
            FileEvent::ForClipboard(image) => {
                ctx.copy_image(image);
                self.session.toasts.add(Mood::Done, text::COPIED);
            }
            FileEvent::Edited(role, prepared) => self.put_edited(ctx, role, *prepared),
            FileEvent::MemoryEstimated(forecast) => self.session.estimate.answer(forecast),
            FileEvent::Presets(event) => self.presets_event(ctx, event),
            FileEvent::Brushes(brushes) => self.brushes_known(brushes),
            FileEvent::BrushKept(kept) => self.brush_kept(kept),
            FileEvent::Memory(bytes) => self.session.memory_bytes = bytes,
            FileEvent::Picked(purpose, paths) => self.picked(&purpose, paths),
            FileEvent::NoDialog(purpose) => self.ask_path(purpose),
            FileEvent::Canceled => {}
        }
    }

    /// Opens one of the system's dialogs.
    pub(super) fn dialog(&mut self, purpose: Purpose) {
        let app = &self.session.app;
        let folder = match purpose {
            Purpose::Save(..) | Purpose::Film(..) | Purpose::SaveFolder => app.save_folder.clone(),
            _ => app.open_folder.clone(),
        };
        let opened = self.files.dialog(purpose, folder.as_deref());
        self.expect(opened);
    }

    /// Asks for a path in the window itself.
    pub(super) fn ask_path(&mut self, purpose: Purpose) {
        let folder = match purpose {
            Purpose::Save(..) | Purpose::Film(..) | Purpose::SaveFolder => {
                &self.session.app.save_folder
            }
            _ => &self.session.app.open_folder,
        };
        let text = folder
            .as_ref()
            .map_or_else(String::new, |folder| folder.join("").display().to_string());
        log::info!("asks for a path");
        self.session.dialog = Some(Dialog::Path { purpose, text });
    }

    pub(crate) fn path_given(&mut self, path: Option<PathBuf>) {
        if let Some(Dialog::Path { purpose, .. }) = self.session.dialog.take()
            && let Some(path) = path
        {
            self.picked(&purpose, vec![path]);
        }
    }

    /// Files were chosen in a dialog.
    pub(super) fn picked(&mut self, purpose: &Purpose, paths: Vec<PathBuf>) {
        for path in paths {
            match purpose {
                Purpose::Open(role) => self.load_chosen(*role, PictureSource::File(path)),
                Purpose::Save(id, _) => self.save_in(*id, path),
                Purpose::Film(choices, _) => self.begin_export(*choices, path),
                Purpose::SaveFolder => {
                    let words = text::saved_from_now_on(&path);
                    self.session.toasts.add(Mood::Done, words);
                    self.save_folder = None;
                    self.session.app.save_folder = Some(path);
                }
                Purpose::Weights => {
                    self.networks_command(NetworksCommand::Import(path, None));
                }
            }
        }
    }
}

//! What the file thread and the dialogs answer.

use std::path::PathBuf;

use eframe::egui::Context;

use crate::app::{
    App,
    command::features::NetworksCommand,
    io::{files::FileEvent, picture::PictureSource, purpose::Purpose},
    notices::state::Mood,
    session::picture::Shown,
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
            FileEvent::Saved(id, saved) => self.saved(id, saved),
            FileEvent::Completed(typed, found) => self.completed(&typed, found),
            FileEvent::Judged(purpose, path, verdict) => self.judged(purpose, path, verdict),
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
            FileEvent::BrushTaken(taken) => self.brush_taken(taken),
            FileEvent::Stylized(wish, painted) => self.stylized(wish, painted),
            FileEvent::Memory(bytes) => self.session.memory_bytes = bytes,
            FileEvent::Picked(purpose, paths) => self.chosen(purpose, paths),
            FileEvent::NoDialog(purpose) => self.ask_path(purpose),
            FileEvent::Canceled => {}
        }
    }

    /// Opens one of the system's dialogs.
    pub(super) fn dialog(&mut self, purpose: Purpose) {
        let folder = self.folder_for(&purpose);
        let opened = self.files.dialog(purpose, &folder);
        self.expect(opened);
    }

    /// Files were chosen in the system's dialog. Where it did not know the ending that a name will
    /// get, it could not ask whether that file is replaced.
    fn chosen(&mut self, purpose: Purpose, paths: Vec<PathBuf>) {
        let saves = matches!(purpose, Purpose::Save(..) | Purpose::Film(..));
        match &paths[..] {
            [path] if saves && path.extension().is_none() => {
                self.judge_path(purpose, path.clone());
            }
            _ => self.picked(&purpose, paths),
        }
    }

    /// Files were chosen.
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

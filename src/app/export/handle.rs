//! Exports are begun and canceled, each on a thread of its own.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};

use crate::{
    app::{
        App,
        command::{features::ExportCommand, ids::ExportChoices},
        export::state::Exporting,
        io::{
            export::write,
            files::{FileEvent, FileJob},
            names::file_stem,
            purpose::Purpose,
        },
        notices::state::Mood,
        text,
    },
    error::{Error, Result},
};

impl App {
    /// Does what was asked.
    pub(crate) fn export_command(&mut self, command: ExportCommand) {
        let export = &mut self.session.export;
        match command {
            ExportCommand::Ask if export.under_way.is_some() => {
                self.session.toasts.add(Mood::Note, text::EXPORT_BUSY);
            }
            ExportCommand::Ask => {
                export.asks = true;
                let sent = self.files.send(FileJob::FindFfmpeg);
                self.expect(sent);
            }
            ExportCommand::Choose(choices) => export.choices = choices,
            ExportCommand::Answer(go) => {
                export.asks = false;
                if go {
                    let choices = export.choices;
                    self.dialog(Purpose::Film(choices, self.film_name(choices)));
                }
            }
            ExportCommand::Cancel => {
                if let Some(under_way) = &export.under_way {
                    under_way.canceled.store(true, Ordering::Relaxed);
                }
            }
        }
    }

    fn film_name(&self, choices: ExportChoices) -> String {
        let content = self.session.timeline.frames(&self.session.run);
        let content = content
            .first()
            .map_or("film", |frame| &frame.content().name);
        match choices.format.extension() {
            "" => format!("{}-film", file_stem(content)),
            extension => format!("{}-film.{extension}", file_stem(content)),
        }
    }

    /// Exports the film that is shown; the window learns how it went by
    /// [`FileEvent::Exported`].
    pub(crate) fn begin_export(&mut self, choices: ExportChoices, path: PathBuf) {
        let frames = self.session.timeline.frames(&self.session.run);
        if frames.is_empty() || self.session.export.under_way.is_some() {
            return self.session.toasts.add(Mood::Note, text::EXPORT_BUSY);
        }
        let under_way = Exporting {
            done: Arc::default(),
            frames: frames.len(),
            canceled: Arc::default(),
        };
        let (done, canceled) = (Arc::clone(&under_way.done), Arc::clone(&under_way.canceled));
        let work = move || FileEvent::Exported(write(&frames, choices, path, &done, &canceled));
        match self.files.apart("film export", work) {
            Ok(()) => self.session.export.under_way = Some(under_way),
            Err(error) => self.complain(&error),
        }
    }

    /// An export has ended.
    pub(crate) fn exported(&mut self, result: Result<PathBuf>) {
        self.session.export.under_way = None;
        match result {
            Ok(path) => {
                self.path_served(|typed| matches!(typed.purpose, Purpose::Film(..)));
                self.say_saved(&path);
            }
            Err(Error::Canceled) => self.session.toasts.add(Mood::Note, text::EXPORT_CANCELED),
            Err(error) => {
                if !self.film_refused(&error) {
                    self.complain(&error);
                }
            }
        }
    }
}

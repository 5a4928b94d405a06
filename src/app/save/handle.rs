//! Pictures are saved: to the folder, or where the user says.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::app::{
    App,
    command::ids::SnapshotId,
    io::{
        dialog::Purpose,
        files::FileJob,
        names::file_stem,
        save::{SaveTarget, default_save_folder},
    },
    notices::state::Mood,
    save::state::options,
    text,
};

impl App {
    pub(crate) fn save_to_folder(&mut self, id: SnapshotId) {
        let Some(kept) = self.session.kept(id) else {
            return;
        };
        let record = &kept.snapshot.record;
        let style = record.styles.first();
        let style = style.map_or_else(String::new, |style| file_stem(&style.input.name));
        let content = file_stem(&record.content.name);
        let stem = format!("{content}-{style}-{:04}", kept.snapshot.step);
        let choices = self.session.app.saving;
        let chosen = self.save_folder.clone();
        let folder = chosen
            .or_else(|| self.session.app.save_folder.clone())
            .unwrap_or_else(default_save_folder);
        let job = FileJob::Save {
            picture: Arc::clone(&kept.snapshot.picture),
            options: options(choices, record),
            target: SaveTarget::Folder(folder, stem, choices.format.extension()),
            id,
        };
        let sent = self.files.send(job);
        self.expect(sent);
    }

    /// Asks how a snapshot is to be saved; where to is asked next.
    pub(crate) fn save_as(&mut self, id: SnapshotId) {
        self.session.saving = Some(id);
    }

    /// Saves a snapshot in a file that was chosen.
    pub(crate) fn save_in(&mut self, id: SnapshotId, path: PathBuf) {
        let Some(kept) = self.session.kept(id) else {
            self.session.toasts.add(Mood::Note, text::SNAPSHOT_GONE);
            return;
        };
        let choices = self.session.app.saving;
        let path = match path.extension() {
            None => path.with_extension(choices.format.extension()),
            Some(_) => path,
        };
        let job = FileJob::Save {
            picture: Arc::clone(&kept.snapshot.picture),
            options: options(choices, &kept.snapshot.record),
            target: SaveTarget::File(path),
            id,
        };
        let sent = self.files.send(job);
        self.expect(sent);
    }

    /// The question how to save was answered: `None` leaves it.
    pub(crate) fn save_answered(&mut self, id: Option<SnapshotId>) {
        self.session.saving = None;
        if let Some(id) = id {
            self.ask_where(id);
        }
    }

    /// Shows a snapshot's file in the system's file manager.
    pub(crate) fn reveal(&mut self, id: SnapshotId) {
        let saved = self.session.kept(id).and_then(|kept| kept.saved.clone());
        if let Some(path) = saved {
            let sent = self.files.send(FileJob::Reveal(path));
            self.expect(sent);
        }
    }

    /// Asks where a snapshot is to be saved.
    fn ask_where(&mut self, id: SnapshotId) {
        let Some(kept) = self.session.kept(id) else {
            self.session.toasts.add(Mood::Note, text::SNAPSHOT_GONE);
            return;
        };
        let extension = self.session.app.saving.format.extension();
        let stem = file_stem(&kept.snapshot.picture.name);
        self.dialog(Purpose::Save(id, format!("{stem}.{extension}")));
    }

    /// Says where something was saved.
    pub(crate) fn say_saved(&mut self, path: &Path) {
        let file = path.file_name().unwrap_or(path.as_os_str());
        let folder = path.parent().unwrap_or(path);
        let words = text::saved(&file.to_string_lossy(), folder);
        self.session.toasts.add(Mood::Done, words);
    }
}

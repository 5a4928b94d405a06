//! Pictures are saved: to the folder, or where the user says.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    app::{
        App,
        command::{
            Command,
            ids::{SaveSize, SnapshotId, Wish},
        },
        io::{files::FileJob, names::file_stem, purpose::Purpose, save::SaveTarget},
        notices::state::Mood,
        save::state::options,
        snapshots::state::Kept,
        text,
    },
    error::Result,
    folders,
};

impl App {
    /// Where pictures are saved.
    pub(crate) fn picture_folder(&self) -> PathBuf {
        let chosen = self.save_folder.clone();
        chosen
            .or_else(|| self.session.app.save_folder.clone())
            .unwrap_or_else(folders::of_pictures)
    }

    /// Saves a snapshot to the folder, as large as it is.
    pub(crate) fn save_to_folder(&mut self, id: SnapshotId) {
        self.save_sized(id, None);
    }

    /// Saves it to the folder, enlarged to the size that its run ends with.
    pub(crate) fn save_enlarged(&mut self, id: SnapshotId) {
        let chosen = self.session.kept(id).and_then(Kept::larger_px);
        self.save_sized(id, chosen);
    }

    /// Keeps and saves the picture that the run at hand ends with.
    pub(crate) fn save_when_finished(&mut self, wish: Wish) {
        if !self.session.at_end.contains(&wish) {
            self.session.at_end.push(wish);
        }
        self.session.toasts.add(Mood::Note, text::SAVED_AT_END);
    }

    fn save_sized(&mut self, id: SnapshotId, enlarged: Option<(usize, usize)>) {
        let Some(kept) = self.session.kept(id) else {
            return;
        };
        let record = &kept.snapshot.record;
        let style = record.styles.first().map(|style| &style.input.name);
        let brush = record.instant.as_ref().and_then(|instant| {
            let first = instant.brushes.first();
            first.map(|brush| &brush.name)
        });
        let style = brush
            .or(style)
            .map_or_else(String::new, |name| file_stem(name));
        let content = file_stem(&record.content.name);
        let stem = match &record.instant {
            Some(_) => format!("{content}-{style}-instant"),
            None => format!("{content}-{style}-{:04}", kept.snapshot.step),
        };
        let choices = self.session.app.saving;
        let folder = self.picture_folder();
        let job = FileJob::Save {
            picture: Arc::clone(&kept.snapshot.picture),
            options: options(choices, record),
            target: SaveTarget::Folder(folder, stem, choices.format.extension()),
            enlarged,
            id,
        };
        let sent = self.files.send(job);
        self.expect(sent);
    }

    /// Asks how a snapshot is to be saved; where to is asked next.
    pub(crate) fn save_as(&mut self, id: SnapshotId) {
        self.session.saving = Some(id);
        self.session.save_size = SaveSize::default();
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
            enlarged: kept
                .larger_px()
                .filter(|_| self.session.save_size == SaveSize::Enlarged),
            id,
        };
        let sent = self.files.send(job);
        self.expect(sent);
    }

    /// The question how to save was answered: `None` leaves it.
    pub(crate) fn save_answered(&mut self, id: Option<SnapshotId>) {
        self.session.saving = None;
        match (id, self.session.save_size) {
            (None, _) => {}
            (Some(_), SaveSize::Finished) => self.save_when_finished(Wish::SaveAs),
            (Some(id), SaveSize::Now | SaveSize::Enlarged) => self.ask_where(id),
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

    /// A snapshot was saved, or not.
    pub(crate) fn saved(&mut self, id: SnapshotId, saved: Result<(PathBuf, (usize, usize))>) {
        let (path, sides) = match saved {
            Ok(saved) => saved,
            Err(error) => {
                if !self.save_refused(id, &error) {
                    self.complain(&error);
                }
                return;
            }
        };
        self.path_served(|typed| matches!(typed.purpose, Purpose::Save(of, _) if of == id));
        let file = path.file_name().unwrap_or(path.as_os_str());
        let folder = path.parent().unwrap_or(&path);
        let mut words = text::saved_px(&file.to_string_lossy(), sides, folder);
        let mut actions = Vec::new();
        let kept = self.session.kept(id);
        let larger = kept.and_then(Kept::larger_px);
        if let Some(larger) = larger.filter(|larger| *larger != sides) {
            words = format!("{words}\n{}", text::smaller_than(larger));
            actions.push((text::enlarge_now(larger), Command::SaveEnlarged(id)));
            let of_run = kept.is_some_and(|kept| kept.run == self.session.run.id);
            if of_run && self.session.run.phase.is_active() {
                let label = text::SAVE_AT_END.to_owned();
                actions.push((label, Command::SaveWhenFinished));
            }
        }
        self.session.toasts.push(Mood::Done, words, actions);
        if let Some(kept) = self.kept_mut(id) {
            kept.saved = Some(path);
        }
    }

    /// Says where something was saved.
    pub(crate) fn say_saved(&mut self, path: &Path) {
        let file = path.file_name().unwrap_or(path.as_os_str());
        let folder = path.parent().unwrap_or(path);
        let words = text::saved(&file.to_string_lossy(), folder);
        self.session.toasts.add(Mood::Done, words);
    }
}

//! Presets are chosen, saved, renamed and deleted.

use std::path::PathBuf;

use eframe::egui::Context;

use crate::{
    app::{
        App,
        io::{
            files::FileJob,
            presets::{AssistJob, UserPreset, default_folder},
        },
        notices::state::Mood,
        presets::state::Naming,
        session::Session,
        text,
    },
    error::Result,
    settings::{Preset, TransferSettings, presets},
};

impl App {
    pub(crate) fn choose_preset(&mut self, name: &str) {
        let known = self.session.presets.iter();
        let Some(preset) = known
            .into_iter()
            .find(|preset| preset.name == name)
            .cloned()
        else {
            return;
        };
        let current = self.session.settings();
        let mut settings = TransferSettings {
            size_px: current.size_px,
            seed: current.seed,
            ..preset.settings
        };
        if settings.network == current.network {
            settings.weights.clone_from(&current.weights);
        }
        self.session.app.preset = preset.name;
        self.put_settings(settings);
    }

    fn presets_folder(&self) -> PathBuf {
        self.presets_folder.clone().unwrap_or_else(default_folder)
    }

    fn presets_job(&mut self, job: AssistJob) {
        let sent = self.files.send(FileJob::Assist(job));
        self.expect(sent);
    }

    /// Asks for the user's presets and for the pictures of all.
    pub(crate) fn load_presets(&mut self) {
        self.presets_job(AssistJob::PresetPictures);
        self.presets_job(AssistJob::ListPresets(self.presets_folder()));
    }

    pub(crate) fn name_preset(&mut self, old: Option<String>) {
        let title = |name: &String| {
            let preset = self
                .session
                .presets
                .iter()
                .find(|preset| preset.name == *name);
            preset.map(|preset| preset.title.clone())
        };
        let typed = old.as_ref().and_then(title).unwrap_or_default();
        self.session.assist.gallery.naming = Some(Naming { old, typed });
    }

    pub(crate) fn preset_named(&mut self, title: Option<String>) {
        let Some(naming) = self.session.assist.gallery.naming.take() else {
            return;
        };
        let Some(title) = title else { return };
        let folder = self.presets_folder();
        let job = if let Some(old) = naming.old {
            AssistJob::RenamePreset(folder, old, title)
        } else {
            let picture = preset_picture(&self.session);
            let settings = Box::new(self.session.settings().clone());
            AssistJob::SavePreset(folder, title, settings, picture)
        };
        self.presets_job(job);
    }

    pub(crate) fn delete_preset(&mut self, name: String) {
        self.presets_job(AssistJob::DeletePreset(self.presets_folder(), name));
    }

    /// The user's presets, as they are on the disk by now.
    pub(crate) fn user_presets_listed(
        &mut self,
        ctx: &Context,
        listed: Result<Vec<UserPreset>>,
        saved: Option<String>,
    ) {
        let (listed, built_in) = match (listed, presets()) {
            (Ok(listed), Ok(built_in)) => (listed, built_in),
            (Err(error), _) | (_, Err(error)) => return self.complain(&error),
        };
        let session = &mut self.session;
        let (own, pictures): (Vec<Preset>, Vec<_>) = listed.into_iter().unzip();
        let names = own.iter().map(|preset| preset.name.clone());
        session.assist.gallery.own = names.collect();
        let pictures = own
            .iter()
            .zip(pictures)
            .filter_map(|(preset, picture)| Some((preset.name.clone(), picture?)))
            .collect();
        session.assist.gallery.show(ctx, pictures);
        session.presets = own.into_iter().chain(built_in).collect();
        if let Some(name) = saved {
            session.toasts.add(Mood::Done, text::PRESET_SAVED);
            session.app.preset = name;
        }
        let known = |name: &String| session.presets.iter().any(|preset| preset.name == *name);
        if !known(&session.app.preset) {
            // It was deleted: its settings stay, resets go back to the program's own.
            session.app.preset = crate::settings::AppSettings::default().preset;
        }
    }
}

/// What a new preset is shown with: the newest picture made with its settings.
fn preset_picture(session: &Session) -> Option<std::sync::Arc<crate::pixels::Picture>> {
    let newest = session.newest()?;
    let same = newest.snapshot.record.settings == *session.settings();
    same.then(|| std::sync::Arc::clone(&newest.snapshot.picture))
}

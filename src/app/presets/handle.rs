//! Presets are chosen, saved, renamed and deleted.

use std::path::PathBuf;

use eframe::egui::Context;

use crate::{
    app::{
        App,
        command::features::PresetsCommand,
        deeds::state::Deed,
        io::{
            files::FileJob,
            presets::{PresetsEvent, PresetsJob, UserPreset, default_folder},
        },
        notices::state::Mood,
        presets::state::Naming,
        session::Session,
        text,
    },
    error::Result,
    settings::{AppSettings, Preset, TransferSettings, presets},
};

impl App {
    /// Does what a view asked for.
    pub(crate) fn presets_command(&mut self, command: PresetsCommand) {
        match command {
            PresetsCommand::Choose(name) => self.choose_preset(&name),
            PresetsCommand::Name(old) => self.name_preset(old),
            PresetsCommand::Named(title) => self.preset_named(title),
            PresetsCommand::Delete(name) => {
                self.presets_job(PresetsJob::Delete(self.presets_folder(), name, true));
            }
        }
    }

    /// An answer of the file thread.
    pub(crate) fn presets_event(&mut self, ctx: &Context, event: PresetsEvent) {
        match event {
            PresetsEvent::Pictures(pictures) => self.session.presets.show(ctx, pictures),
            PresetsEvent::Listed {
                listed,
                saved,
                deleted,
            } => {
                self.user_presets_listed(ctx, listed, saved);
                if let Some(deleted) = deleted {
                    let words = text::deleted(&deleted.title);
                    let deed = self.session.deeds.add(Deed::Preset(deleted));
                    self.say_done(words, deed);
                }
            }
        }
    }

    fn choose_preset(&mut self, name: &str) {
        let Some(preset) = self.session.presets.named(name).cloned() else {
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

    pub(crate) fn presets_folder(&self) -> PathBuf {
        self.presets_folder.clone().unwrap_or_else(default_folder)
    }

    pub(crate) fn presets_job(&mut self, job: PresetsJob) {
        let sent = self.files.send(FileJob::Presets(job));
        self.expect(sent);
    }

    /// Asks for the user's presets and for the pictures of all.
    pub(crate) fn load_presets(&mut self) {
        self.presets_job(PresetsJob::Pictures);
        self.presets_job(PresetsJob::List(self.presets_folder()));
    }

    fn name_preset(&mut self, old: Option<String>) {
        let title = |name: &String| {
            let preset = self.session.presets.named(name);
            preset.map(|preset| preset.title.clone())
        };
        let typed = old.as_ref().and_then(title).unwrap_or_default();
        self.session.presets.naming = Some(Naming { old, typed });
    }

    fn preset_named(&mut self, title: Option<String>) {
        let Some(naming) = self.session.presets.naming.take() else {
            return;
        };
        let Some(title) = title else { return };
        let folder = self.presets_folder();
        let job = if let Some(old) = naming.old {
            PresetsJob::Rename(folder, old, title)
        } else {
            let picture = preset_picture(&self.session);
            let settings = Box::new(self.session.settings().clone());
            PresetsJob::Save(folder, title, settings, picture)
        };
        self.presets_job(job);
    }

    /// The user's presets, as they are on the disk by now.
    fn user_presets_listed(
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
        session.presets.own = names.collect();
        let pictures = own
            .iter()
            .zip(pictures)
            .filter_map(|(preset, picture)| Some((preset.name.clone(), picture?)))
            .collect();
        session.presets.show(ctx, pictures);
        let list = own.into_iter().chain(built_in).collect();
        session.presets.put(list);
        if let Some(name) = saved {
            session.toasts.add(Mood::Done, text::PRESET_SAVED);
            session.app.preset = name;
        }
        if session.presets.named(&session.app.preset).is_none() {
            // It was deleted: its settings stay, resets go back to the program's own.
            session.app.preset = AppSettings::default().preset;
        }
    }
}

/// What a new preset is shown with: the newest picture made with its settings.
fn preset_picture(session: &Session) -> Option<std::sync::Arc<crate::pixels::Picture>> {
    let newest = session.newest()?;
    let same = newest.snapshot.record.settings == *session.settings();
    same.then(|| std::sync::Arc::clone(&newest.snapshot.picture))
}

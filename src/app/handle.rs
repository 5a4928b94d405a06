//! The one place where commands of the views take effect.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::{Context, ViewportCommand};

use crate::{
    app::{
        App,
        command::{
            Command,
            features::NetworksCommand,
            ids::{Role, SnapshotId, Source, Wish},
        },
        io::{dialog::Purpose, files::FileJob, picture::PictureSource},
        session::{
            Banner, Dialog, Kept,
            job::BranchFrom,
            run::{Phase, Run},
        },
        text, theme,
        toasts::Mood,
    },
    error::{Error, Result},
    settings::{InitialImage, TransferSettings},
    worker,
};

impl App {
    /// Does what a view asked for.
    pub(super) fn handle(&mut self, ctx: &Context, command: Command) {
        match command {
            Command::Settings(settings) => self.put_settings(*settings),
            Command::Preset(name) => self.choose_preset(&name),
            Command::Undo => self.undo(),
            Command::Redo => self.redo(),
            Command::Primary => self.primary(),
            Command::Start { force } => self.start(force, None),
            Command::Stop => self.send(worker::Command::Stop),
            Command::Snapshot => self.wish(Wish::Keep),
            Command::SaveAs(None) => self.wish(Wish::SaveAs),
            Command::SaveAs(Some(id)) => self.save_as(id),
            Command::Copy(None) => self.wish(Wish::Copy),
            Command::Copy(Some(id)) => self.copy(id),
            Command::Film(command) => self.film_command(ctx, command),
            Command::Show(source) => self.session.source = Some(source),
            Command::Rename(id, name) => {
                if let Some(kept) = self.kept_mut(id) {
                    kept.name = name;
                }
            }
            Command::Delete(id) => self.session.kept.retain(|kept| kept.id != id),
            Command::ContinueFrom(id) => {
                self.continue_from(id);
            }
            Command::SettingsOf(id) => {
                let record = self.session.kept(id).map(|kept| &kept.snapshot.record);
                if let Some(settings) = record.map(|record| record.settings.clone()) {
                    self.put_settings(settings);
                }
            }
            Command::Open(role) => self.dialog(Purpose::Open(role)),
            Command::OpenByPath(role) => self.ask_path(Purpose::Open(role)),
            Command::Load(role, path) => self.load_chosen(role, PictureSource::File(path)),
            Command::Drop(paths) => self.sort_files(paths),
            Command::Paste(image) => self.take_turn(PictureSource::Clipboard(image)),
            Command::OtherRole => self.other_role(),
            Command::Swap => self.swap(),
            Command::RemoveStyle(n) => {
                if self.session.styles.len() > 1 {
                    self.session.styles.remove(n);
                    self.remember_pictures();
                }
            }
            Command::Strength(n, strength) => {
                if let Some(style) = self.session.styles.get_mut(n) {
                    style.strength = strength;
                    self.remember_pictures();
                }
            }
            Command::Device(command) => self.handle_device(command),
            Command::Networks(command) => self.networks_command(command),
            Command::ChooseSaveFolder => self.dialog(Purpose::SaveFolder),
            Command::Theme(choice) => {
                self.session.app.theme = choice;
                theme::choose(ctx, choice);
            }
            Command::Depth(depth) => self.session.app.depth = depth,
            Command::Fullscreen => {
                let full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
                ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!full));
            }
            Command::Shortcuts => {
                let open = matches!(self.session.dialog, Some(Dialog::Shortcuts));
                self.session.dialog = (!open).then_some(Dialog::Shortcuts);
            }
            Command::PathGiven(path) => self.path_given(path),
            Command::Assist(command) => self.assist(command),
            Command::DismissBanner => self.session.banner = None,
            Command::DismissToast(number) => self.session.toasts.dismiss(number),
        }
    }

    /// Shows an error until it is read.
    pub(super) fn complain(&mut self, error: &Error) {
        log::error!("{error}");
        let mut remedies = Vec::new();
        if let Error::Memory { largest_px, .. } = error {
            let mut smaller = self.session.settings().clone();
            smaller.size_px = Some(*largest_px);
            remedies.push((
                format!("Use {largest_px} px"),
                Command::Settings(Box::new(smaller)),
            ));
            remedies.push((text::FORCE.to_owned(), Command::Start { force: true }));
        }
        remedies.extend(self.device_remedies(error));
        if matches!(error, Error::Weights { .. } | Error::FamilyUnknown { .. }) {
            let open = Command::Networks(NetworksCommand::Open);
            remedies.push((text::NETWORKS_OPEN.to_owned(), open));
        }
        self.session.banner = Some(Banner {
            text: text::sentence(&error.to_string()),
            remedies,
        });
    }

    /// Complains when something did not go out.
    pub(super) fn expect(&mut self, result: Result<()>) {
        if let Err(error) = result {
            self.complain(&error);
        }
    }

    pub(super) fn send(&mut self, command: worker::Command) {
        let sent = self.worker.send(command);
        self.expect(sent);
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

    fn choose_preset(&mut self, name: &str) {
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

    fn primary(&mut self) {
        match self.session.run.phase {
            Phase::Idle | Phase::Finished | Phase::Stopped => self.start(false, None),
            Phase::Preparing | Phase::Running => self.send(worker::Command::Pause),
            Phase::Paused => self.send(worker::Command::Resume),
        }
    }

    /// Starts a run: a branch if one is given, else from what the settings say.
    pub(super) fn start(&mut self, force: bool, branch: Option<BranchFrom>) {
        let Some(mut job) = self.session.job() else {
            self.session.toasts.add(Mood::Note, text::NEEDS_PICTURES);
            return;
        };
        job.force = force;
        let from = branch.map(|branch| {
            job.content = branch.content;
            job.initial = Some(branch.picture);
            job.resume = Some(branch.resume);
            branch.run
        });
        let run = Run {
            phase: Phase::Preparing,
            started_with: Some(Arc::new(job.settings.clone())),
            content: Some(Arc::clone(&job.content)),
            styles: job.styles.clone(),
            ..Run::default()
        };
        let started = match from {
            Some(from) => self.worker.branch(job, from),
            None => self.worker.start(job),
        };
        match started {
            Ok(id) => {
                log::info!("run {} begins", id.0);
                self.session.timeline.put_aside(&mut self.session.run);
                self.session.timeline.moment = None;
                self.session.timeline.line = None;
                self.session.run = Run { id, ..run };
                self.session.source = None;
                self.session.banner = None;
                self.session.assist.variations = None;
                self.session.app.hint_seen = true;
            }
            Err(error) => self.complain(&error),
        }
    }

    /// Asks for the picture of the moment; `fulfill` does the rest when it comes.
    pub(super) fn wish(&mut self, wish: Wish) {
        if self.wish_for_moment(wish) {
            return;
        }
        let run = &self.session.run;
        if run.phase.is_active() {
            self.wishes.push_back(wish);
            if run.report.is_some() {
                self.send(worker::Command::Snapshot);
            } else {
                self.session.toasts.add(Mood::Note, text::SOON);
            }
            return;
        }
        let shown = match self.session.source() {
            Source::Snapshot(id) => self.session.kept(id),
            _ => None,
        };
        match shown.or(self.session.newest()).map(|kept| kept.id) {
            Some(id) => self.fulfill(wish, id),
            None => self.session.toasts.add(Mood::Note, text::NOTHING_PAINTED),
        }
    }

    /// Does with a kept picture what was asked for.
    pub(super) fn fulfill(&mut self, wish: Wish, id: SnapshotId) {
        match wish {
            Wish::Keep => self.save_to_folder(id),
            Wish::SaveAs => self.save_as(id),
            Wish::Copy => self.copy(id),
            Wish::GoOn => self.go_on_from(id),
        }
    }

    fn copy(&mut self, id: SnapshotId) {
        if let Some(kept) = self.session.kept(id) {
            let job = FileJob::ForClipboard(Arc::clone(&kept.snapshot.picture));
            let sent = self.files.send(job);
            self.expect(sent);
        }
    }

    fn kept_mut(&mut self, id: SnapshotId) -> Option<&mut Kept> {
        self.session.kept.iter_mut().find(|kept| kept.id == id)
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
        self.session.dialog = Some(Dialog::Path { purpose, text });
    }

    fn path_given(&mut self, path: Option<PathBuf>) {
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
                    let words = format!("Pictures will be saved in {}", path.display());
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

//! User presets, and the pictures beside all presets.

use std::{collections::BTreeMap, path::PathBuf};

use eframe::egui::{
    self, Align, ColorImage, Context, Id, Key, Layout, Modal, TextEdit, TextureHandle,
    TextureOptions, Ui, WidgetInfo,
};
use egui_material_icons::icons::{ICON_DELETE, ICON_EDIT};

use crate::{
    app::{
        App,
        command::{Command, features::AssistCommand},
        io::{
            files::FileJob,
            presets::{AssistJob, UserPreset, default_folder},
        },
        session::Session,
        text,
        theme::{self, space},
        toasts::Mood,
        widgets,
    },
    error::Result,
    settings::{Preset, presets},
};

/// What the list of presets shows beside their names.
#[derive(Default)]
pub(crate) struct Gallery {
    pictures: BTreeMap<String, TextureHandle>,
    /// Names of the user's own.
    own: Vec<String>,
    naming: Option<Naming>,
}

/// The open question for a name.
struct Naming {
    /// The preset that gets another title; `None` saves a new one.
    old: Option<String>,
    typed: String,
}

impl Gallery {
    /// The picture of a preset.
    pub(crate) fn picture(&self, name: &str) -> Option<&TextureHandle> {
        self.pictures.get(name)
    }

    /// Whether a preset is a user preset.
    pub(crate) fn is_user_preset(&self, name: &str) -> bool {
        self.own.iter().any(|own| own == name)
    }

    /// Whether a name is being typed.
    pub(crate) fn is_asking(&self) -> bool {
        self.naming.is_some()
    }

    pub(super) fn show(&mut self, ctx: &Context, pictures: Vec<(String, ColorImage)>) {
        for (name, picture) in pictures {
            let texture = ctx.load_texture(&name, picture, TextureOptions::LINEAR);
            self.pictures.insert(name, texture);
        }
    }
}

/// Rename and delete, beside a user preset.
pub(crate) fn user_preset_tools_ui(ui: &mut Ui, preset: &Preset, commands: &mut Vec<Command>) {
    let of = |name: &str| format!("{name} {}", preset.title);
    let name = preset.name.clone();
    for (icon, label, command) in [
        (
            ICON_DELETE,
            text::DELETE,
            AssistCommand::DeletePreset(name.clone()),
        ),
        (
            ICON_EDIT,
            text::RENAME,
            AssistCommand::NamePreset(Some(name)),
        ),
    ] {
        if widgets::small_tool(ui, icon, &of(label)).clicked() {
            commands.push(Command::Assist(command));
            ui.close();
        }
    }
}

/// Draws the question for a preset's name.
pub(super) fn name_ui(ui: &Ui, gallery: &mut Gallery, commands: &mut Vec<Command>) {
    let Some(naming) = &mut gallery.naming else {
        return;
    };
    let frame = egui::Frame::window(ui.style()).inner_margin(20);
    let modal = Modal::new(Id::unique("preset name")).frame(frame);
    let shown = modal.show(ui.ctx(), |ui| fields_ui(ui, naming));
    let closes = shown.should_close();
    let name = match shown.inner {
        Some(Answer::Name(name)) => Some(name),
        Some(Answer::Cancel) => None,
        None if closes => None,
        None => return,
    };
    commands.push(Command::Assist(AssistCommand::PresetNamed(name)));
}

/// How the question was answered.
enum Answer {
    Name(String),
    Cancel,
}

fn fields_ui(ui: &mut Ui, naming: &mut Naming) -> Option<Answer> {
    ui.set_width(340.0);
    ui.heading(match naming.old {
        Some(_) => text::RENAME_PRESET,
        None => text::SAVE_PRESET,
    });
    ui.add_space(space::S);
    if naming.old.is_none() {
        ui.add(egui::Label::new(theme::small(ui, text::SAVE_PRESET_HINT)).wrap());
        ui.add_space(space::S);
    }
    let field = ui.add(
        TextEdit::singleline(&mut naming.typed)
            .desired_width(f32::INFINITY)
            .char_limit(60)
            .margin(egui::Margin::symmetric(8, 6))
            .hint_text(text::PRESET_EXAMPLE),
    );
    let typed = naming.typed.clone();
    field.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &typed, &typed, text::PRESET_EXAMPLE);
        info.label = Some(text::PRESET_NAME.to_owned());
        info
    });
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if !entered && ui.memory(|memory| memory.focused().is_none()) {
        field.request_focus();
    }
    ui.add_space(space::M);
    let name = naming.typed.trim().to_owned();
    let mut answer = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let save = egui::Button::new(theme::strong(text::SAVE));
        let saved = ui.add_enabled(!name.is_empty(), save).clicked();
        if saved || entered && !name.is_empty() {
            answer = Some(Answer::Name(name));
        } else if ui.button(text::CANCEL).clicked() {
            answer = Some(Answer::Cancel);
        }
    });
    answer
}

impl App {
    fn presets_folder(&self) -> PathBuf {
        self.presets_folder.clone().unwrap_or_else(default_folder)
    }

    fn presets_job(&mut self, job: AssistJob) {
        let sent = self.files.send(FileJob::Assist(job));
        self.expect(sent);
    }

    /// Asks for the user's presets and for the pictures of all.
    pub(in crate::app) fn load_presets(&mut self) {
        self.presets_job(AssistJob::PresetPictures);
        self.presets_job(AssistJob::ListPresets(self.presets_folder()));
    }

    pub(super) fn name_preset(&mut self, old: Option<String>) {
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

    pub(super) fn preset_named(&mut self, title: Option<String>) {
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

    pub(super) fn delete_preset(&mut self, name: String) {
        self.presets_job(AssistJob::DeletePreset(self.presets_folder(), name));
    }

    /// The user's presets, as they are on the disk by now.
    pub(super) fn user_presets_listed(
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

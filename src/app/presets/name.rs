//! The question for a preset's name.

use eframe::egui::{self, Align, Id, Key, Layout, Modal, TextEdit, Ui, WidgetInfo};

use crate::app::{
    command::{Command, features::PresetsCommand},
    presets::state::{Naming, Presets},
    text,
    theme::{self, space},
    widgets,
};

/// Draws the question for a preset's name.
pub(crate) fn name_ui(ui: &Ui, presets: &mut Presets, commands: &mut Vec<Command>) {
    let Some(naming) = &mut presets.naming else {
        return;
    };
    let frame = widgets::modal_frame(ui);
    let modal = Modal::new(Id::unique("preset name")).frame(frame);
    let shown = modal.show(ui.ctx(), |ui| fields_ui(ui, naming));
    let closes = shown.should_close();
    let name = match shown.inner {
        Some(Answer::Name(name)) => Some(name),
        Some(Answer::Cancel) => None,
        None if closes => None,
        None => return,
    };
    commands.push(Command::Presets(PresetsCommand::Named(name)));
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

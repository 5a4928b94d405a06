//! The question for a path, where the system has no file dialog.

use eframe::egui::{self, Align, Id, Key, Layout, Modal, TextEdit, Ui, WidgetInfo};

use crate::app::{
    command::Command,
    io::{dialog::Purpose, names::paths_in},
    session::Dialog,
    text,
    theme::{self, space},
    widgets,
};

/// Draws the question for a path, if it is open.
pub(crate) fn path_dialog_ui(ui: &Ui, dialog: &mut Option<Dialog>, commands: &mut Vec<Command>) {
    let Some(Dialog::Path { purpose, text }) = dialog else {
        return;
    };
    let modal = Modal::new(Id::unique("path")).frame(widgets::modal_frame(ui));
    let shown = modal.show(ui.ctx(), |ui| path_ui(ui, purpose, text));
    match &shown.inner {
        Some(Answer::Path(path)) => commands.push(Command::PathGiven(Some(path.clone()))),
        Some(Answer::Cancel) => commands.push(Command::PathGiven(None)),
        None if shown.should_close() => commands.push(Command::PathGiven(None)),
        None => {}
    }
}

/// How the question for a path was answered.
enum Answer {
    Path(std::path::PathBuf),
    Cancel,
}

fn path_ui(ui: &mut Ui, purpose: &Purpose, typed: &mut String) -> Option<Answer> {
    ui.set_width(460.0);
    ui.heading(match purpose {
        Purpose::Open(role) => role.open_title(),
        Purpose::Save(..) => text::SAVE_TITLE,
        Purpose::Film(..) => text::EXPORT_HEAD,
        Purpose::SaveFolder => text::SAVE_FOLDER,
        Purpose::Weights => text::WEIGHTS_FILE,
    });
    ui.add_space(space::XS);
    ui.add(egui::Label::new(theme::small(ui, text::PATH_HINT)).wrap());
    ui.add_space(space::S);
    let field = ui.add(
        TextEdit::singleline(typed)
            .desired_width(f32::INFINITY)
            .margin(egui::Margin::symmetric(8, 6))
            .hint_text(text::PATH_EXAMPLE),
    );
    field.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &*typed, &*typed, text::PATH_EXAMPLE);
        info.label = Some(text::PATH_FIELD.to_owned());
        info
    });
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if !entered && !field.has_focus() {
        field.request_focus();
    }
    ui.add_space(space::M);
    let mut answer = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let label = if matches!(purpose, Purpose::Save(..) | Purpose::Film(..)) {
            text::SAVE
        } else {
            text::OPEN
        };
        let path = typed.trim();
        let go = ui
            .add_enabled(!path.is_empty(), egui::Button::new(theme::strong(label)))
            .clicked();
        if (go || entered) && !path.is_empty() {
            let path = paths_in(path)
                .into_iter()
                .next()
                .unwrap_or_else(|| path.into());
            answer = Some(Answer::Path(path));
        }
        if ui.button(text::CANCEL).clicked() {
            answer = Some(Answer::Cancel);
        }
    });
    answer
}

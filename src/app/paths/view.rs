//! Draws the question for a path.

use std::path::Path;

use eframe::egui::{
    self, Align, Id, Key, Layout, Modal, Modifiers, ScrollArea, TextEdit, Ui, WidgetInfo,
    text::{CCursor, CCursorRange},
};

use crate::{
    app::{
        command::{Command, features::PathCommand},
        io::{
            names::{is_path, shown_path},
            purpose::Purpose,
        },
        paths::state::{Caret, PathQuestion},
        session::Dialog,
        text,
        theme::{self, space},
        widgets,
    },
    settings::AppSettings,
};

/// Recent folders that are shown.
const FOLDERS: usize = 4;
/// Height of the list of completions.
const LIST: f32 = 112.0;

/// Draws the question, if it is open.
pub(crate) fn path_ui(
    ui: &Ui,
    dialog: &mut Option<Dialog>,
    app: &AppSettings,
    commands: &mut Vec<Command>,
) {
    let Some(Dialog::Path(question)) = dialog else {
        return;
    };
    let modal = Modal::new(Id::unique("path")).frame(widgets::modal_frame(ui));
    let mut asked = Vec::new();
    let shown = modal.show(ui.ctx(), |ui| question_ui(ui, question, app, &mut asked));
    if shown.should_close() {
        asked.push(match question.replaces {
            Some(_) => PathCommand::Replace(false),
            None => PathCommand::Cancel,
        });
    }
    commands.extend(asked.into_iter().map(Command::Path));
}

fn question_ui(
    ui: &mut Ui,
    question: &mut PathQuestion,
    app: &AppSettings,
    asked: &mut Vec<PathCommand>,
) {
    ui.set_width(520.0);
    ui.heading(match &question.purpose {
        Purpose::Open(role) => role.open_title(),
        Purpose::Save(..) => text::SAVE_TITLE,
        Purpose::Film(..) => text::EXPORT_HEAD,
        Purpose::SaveFolder => text::SAVE_FOLDER,
        Purpose::Weights => text::WEIGHTS_FILE,
    });
    ui.add_space(space::XS);
    if let Some(path) = &question.replaces {
        return replaces_ui(ui, path, asked);
    }
    ui.add(egui::Label::new(theme::small(ui, text::PATH_HINT)).wrap());
    ui.add_space(space::S);
    let entered = field_ui(ui, question, asked);
    if let Some(error) = &question.error {
        let color = theme::palette(ui).danger;
        ui.add(egui::Label::new(egui::RichText::new(error).color(color)).wrap());
    }
    ui.add_space(space::XS);
    completions_ui(ui, question, asked);
    folders_ui(ui, question, app, asked);
    ui.add_space(space::M);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let label = match &question.purpose {
            Purpose::Save(..) | Purpose::Film(..) => text::SAVE,
            Purpose::SaveFolder => text::CHOOSE,
            Purpose::Open(_) | Purpose::Weights => text::OPEN,
        };
        let there = !question.typed.trim().is_empty();
        let go = ui
            .add_enabled(there, egui::Button::new(theme::strong(label)))
            .clicked();
        if go || entered {
            asked.push(PathCommand::Given);
        }
        if ui.button(text::CANCEL).clicked() {
            asked.push(PathCommand::Cancel);
        }
    });
}

/// The field; answers whether it was entered.
fn field_ui(ui: &mut Ui, question: &mut PathQuestion, asked: &mut Vec<PathCommand>) -> bool {
    if let Some(path) = pasted_path(ui) {
        question.typed = path;
        question.caret = Some(Caret::End);
        asked.push(PathCommand::Typed);
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Tab)) {
        asked.push(PathCommand::Complete);
    }
    let mut output = TextEdit::singleline(&mut question.typed)
        .desired_width(f32::INFINITY)
        .margin(egui::Margin::symmetric(8, 6))
        // Tab completes.
        .lock_focus(true)
        .show(ui);
    let field = output.response.response.clone();
    field.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &question.typed, &question.typed, "");
        info.label = Some(text::PATH_FIELD.to_owned());
        info
    });
    if field.changed() {
        question.error = None;
        asked.push(PathCommand::Typed);
    }
    if let Some(caret) = question.caret.take() {
        let end = CCursor::new(question.typed.chars().count());
        let begin = match caret {
            Caret::SelectAll => CCursor::default(),
            Caret::End => end,
        };
        let range = CCursorRange::two(begin, end);
        output.state.cursor.set_char_range(Some(range));
        output.state.store(ui.ctx(), field.id);
        ui.ctx().request_repaint();
    }
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if !field.has_focus() {
        field.request_focus();
    }
    entered
}

/// A path in what is pasted in this frame: it takes the place of all that is typed.
fn pasted_path(ui: &Ui) -> Option<String> {
    ui.input_mut(|input| {
        let path = input.events.iter().find_map(|event| match event {
            egui::Event::Paste(text) => {
                let line = text.lines().next().unwrap_or_default().trim();
                is_path(line).then(|| line.to_owned())
            }
            _ => None,
        })?;
        input
            .events
            .retain(|event| !matches!(event, egui::Event::Paste(_)));
        Some(path)
    })
}

fn completions_ui(ui: &mut Ui, question: &PathQuestion, asked: &mut Vec<PathCommand>) {
    // The list has its place also when it is empty: nothing jumps while one types.
    ui.allocate_ui(egui::vec2(ui.available_width(), LIST), |ui| {
        ui.set_min_height(LIST);
        ScrollArea::vertical()
            .max_height(LIST)
            .auto_shrink([false, false])
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for text in &question.completions {
                    let name = text.trim_end_matches('/').rsplit('/').next();
                    let folder = if text.ends_with('/') { "/" } else { "" };
                    let label = format!("{}{folder}", name.unwrap_or(text));
                    let row = egui::Button::selectable(false, label);
                    if ui.add(row.truncate()).clicked() {
                        asked.push(PathCommand::Put(text.clone()));
                    }
                }
            });
    });
}

fn folders_ui(
    ui: &mut Ui,
    question: &PathQuestion,
    app: &AppSettings,
    asked: &mut Vec<PathCommand>,
) {
    let saves = matches!(
        question.purpose,
        Purpose::Save(..) | Purpose::Film(..) | Purpose::SaveFolder
    );
    let of_recent = app.recent.iter().filter_map(|path| path.parent());
    let saved = app.save_folder.as_deref();
    let opened = app.open_folder.as_deref();
    let all: Vec<&Path> = if saves {
        saved.into_iter().chain(of_recent).collect()
    } else {
        opened.into_iter().chain(of_recent).chain(saved).collect()
    };
    let mut folders: Vec<&Path> = Vec::new();
    for folder in all {
        if !folders.contains(&folder) && folders.len() < FOLDERS {
            folders.push(folder);
        }
    }
    if folders.is_empty() {
        return;
    }
    ui.add_space(space::XS);
    ui.label(theme::small(ui, text::PATH_FOLDERS));
    for folder in folders {
        let shown = shown_path(&folder.join(""));
        let button = egui::Button::new(theme::small(ui, shown.clone()))
            .frame_when_inactive(false)
            .truncate();
        if ui.add(button).clicked() {
            let name = match &question.purpose {
                Purpose::Save(_, name) | Purpose::Film(_, name) => name.as_str(),
                _ => "",
            };
            asked.push(PathCommand::Put(format!("{shown}{name}")));
        }
    }
}

fn replaces_ui(ui: &mut Ui, path: &Path, asked: &mut Vec<PathCommand>) {
    let name = path.file_name().unwrap_or(path.as_os_str());
    ui.add(egui::Label::new(text::replaces(&name.to_string_lossy())).wrap());
    let folder = path.parent().unwrap_or(path);
    ui.add(egui::Label::new(theme::small(ui, shown_path(folder))).wrap());
    ui.add_space(space::M);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if ui.button(text::REPLACE).clicked() {
            asked.push(PathCommand::Replace(true));
        }
        let keep = ui.button(theme::strong(text::CANCEL));
        // Enter, pressed again, replaces nothing.
        if ui.memory(|memory| memory.focused().is_none()) {
            keep.request_focus();
        }
        if keep.clicked() {
            asked.push(PathCommand::Replace(false));
        }
    });
}

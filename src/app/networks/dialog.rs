//! The dialog: the list at the left, facts and actions at the right.

use eframe::egui::{Align, Button, Id, Label, Layout, Modal, RichText, ScrollArea, Ui, vec2};
use egui_material_icons::icons::{ICON_DELETE, ICON_FILE_OPEN};

use crate::{
    app::{
        command::{Command, features::NetworksCommand},
        networks::{
            details, rows,
            state::{Question, Work},
        },
        session::{Dialog, Session},
        text,
        theme::{self, size, space},
        widgets::{self, Emphasis},
    },
    network::{Family, Normalization},
    settings::TransferSettings,
};

const LIST_WIDTH: f32 = 196.0;
const DETAILS_WIDTH: f32 = 440.0;
const HEIGHT: f32 = 372.0;

/// Draws the dialog while it is open.
pub(crate) fn dialog_ui(ui: &Ui, session: &Session, commands: &mut Vec<Command>) {
    if !matches!(session.dialog, Some(Dialog::Networks)) {
        return;
    }
    let modal = Modal::new(Id::unique("networks")).frame(widgets::modal_frame(ui));
    let shown = modal.show(ui.ctx(), |ui| {
        ui.set_width(LIST_WIDTH + space::L + DETAILS_WIDTH);
        ui.heading(text::NETWORKS);
        ui.add(Label::new(theme::small(ui, text::NETWORKS_ABOUT)).wrap());
        ui.add_space(space::M);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            column(ui, "list of networks", LIST_WIDTH, |ui| {
                rows::rows_ui(ui, session, commands);
            });
            column(ui, "network", DETAILS_WIDTH, |ui| {
                match &session.networks.question {
                    Some(question) => question_ui(ui, question, commands),
                    None => details::details_ui(ui, session, commands),
                }
                trouble_ui(ui, session);
            });
        });
        widgets::hairline(ui);
        footer_ui(ui, session, commands)
    });
    if shown.should_close() || shown.inner {
        commands.push(Command::Networks(NetworksCommand::Close));
    }
}

fn column(ui: &mut Ui, id: &str, width: f32, contents: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, HEIGHT), Layout::top_down(Align::Min), |ui| {
        ui.set_width(width);
        ui.set_height(HEIGHT);
        ui.spacing_mut().item_spacing.x = space::S;
        ScrollArea::vertical()
            .id_salt(id)
            .auto_shrink([false, false])
            .show(ui, contents);
    });
}

fn trouble_ui(ui: &mut Ui, session: &Session) {
    if let Some(trouble) = &session.networks.trouble {
        ui.add_space(space::M);
        let danger = theme::palette(ui).danger;
        ui.add(Label::new(RichText::new(trouble).color(danger)).wrap());
    }
}

fn question_ui(ui: &mut Ui, question: &Question, commands: &mut Vec<Command>) {
    let mut push = |command| commands.push(Command::Networks(command));
    match question {
        Question::Family(path) => {
            let name = path.file_name().unwrap_or(path.as_os_str());
            let name = name.to_string_lossy();
            ui.heading(text::which_training(&name));
            ui.add(Label::new(theme::small(ui, text::FAMILY_ABOUT)).wrap());
            ui.add_space(space::M);
            for (family, label) in [
                (Family::Oxford, text::FAMILY_OXFORD),
                (Family::Torchvision, text::FAMILY_TORCHVISION),
            ] {
                let button = ui.button(label);
                if button.on_hover_text(text::family(family)).clicked() {
                    push(NetworksCommand::Import(path.clone(), Some(family)));
                }
            }
            if ui.button(text::CANCEL).clicked() {
                push(NetworksCommand::NoAnswer);
            }
        }
        Question::Remove(name) => {
            ui.heading(text::remove_question(name));
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                let label = text::REMOVE_YES;
                if widgets::labeled(ui, ICON_DELETE, label, Emphasis::Plain).clicked() {
                    push(NetworksCommand::Remove(name.clone()));
                }
                if ui.button(text::KEEP).clicked() {
                    push(NetworksCommand::NoAnswer);
                }
            });
        }
    }
}

/// Answers whether the dialog is to close.
fn footer_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) -> bool {
    let mut normalize = session.settings().normalization == Normalization::Gatys;
    let mut close = false;
    ui.horizontal(|ui| {
        let check = ui.checkbox(&mut normalize, text::NORMALIZE);
        if check.on_hover_text(text::NORMALIZE_TOOLTIP).changed() {
            let normalization = if normalize {
                Normalization::Gatys
            } else {
                Normalization::Off
            };
            commands.push(Command::Settings(Box::new(TransferSettings {
                normalization,
                ..session.settings().clone()
            })));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let button = Button::new(text::CLOSE).min_size(vec2(0.0, size::TOOL));
            close = ui.add(button).clicked();
            ui.add_enabled_ui(session.networks.work.is_none(), |ui| {
                let label = text::IMPORT_WEIGHTS;
                let button = widgets::labeled(ui, ICON_FILE_OPEN, label, Emphasis::Plain);
                if button.on_hover_text(text::IMPORT_TOOLTIP).clicked() {
                    commands.push(Command::Networks(NetworksCommand::OpenFile));
                }
            });
            if session.networks.work == Some(Work::Busy) {
                widgets::waiting_ui(ui);
                ui.label(theme::small(ui, text::WORKING));
            }
        });
    });
    close
}

//! The list of shortcuts, over the whole window.

use eframe::egui::{Grid, Id, Modal, Ui, vec2};

use crate::app::{
    command::{Command, action::Group, table::ACTIONS},
    session::{Dialog, Session},
    text,
    theme::{self, space},
    widgets,
};

/// Draws the list, if it is open.
pub(crate) fn list_ui(ui: &Ui, session: &Session, commands: &mut Vec<Command>) {
    if !matches!(session.dialog, Some(Dialog::Shortcuts)) {
        return;
    }
    let modal = Modal::new(Id::unique("shortcuts")).frame(widgets::modal_frame(ui));
    let shown = modal.show(ui.ctx(), |ui| {
        groups_ui(ui);
        ui.button(text::CLOSE).clicked()
    });
    if shown.should_close() || shown.inner {
        commands.push(Command::Shortcuts);
    }
}

fn groups_ui(ui: &mut Ui) {
    ui.heading(text::SHORTCUTS_TITLE);
    ui.add_space(space::M);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 28.0;
        for group in Group::ALL {
            ui.vertical(|ui| {
                ui.label(theme::strong(group.title()).color(theme::palette(ui).accent));
                ui.add_space(space::XS);
                Grid::new(group.title())
                    .spacing(vec2(space::L, space::S))
                    .show(ui, |ui| {
                        for action in ACTIONS.iter().filter(|action| action.group == group) {
                            ui.label(theme::strong(action.keys_text()));
                            ui.label(action.label);
                            ui.end_row();
                        }
                    });
            });
        }
    });
    ui.add_space(space::L);
}

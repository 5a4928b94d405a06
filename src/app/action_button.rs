//! A tool button that does what a row of the table of keys and buttons says.

use eframe::egui::Ui;
use egui_material_icons::MaterialIcon;

use crate::app::{
    command::{
        Command,
        action::{ActionId, Does},
        table::action,
    },
    widgets,
};

/// Draws the button, named as in the table; a click asks for the row's command.
pub(crate) fn action_button(
    ui: &mut Ui,
    icon: MaterialIcon,
    id: ActionId,
    enabled: bool,
    commands: &mut Vec<Command>,
) {
    let action = action(id);
    let button = widgets::tool(ui, icon, &action.tooltip(), enabled);
    if button.clicked()
        && let Does::Command(command) = &action.does
    {
        commands.push(command.clone());
    }
}

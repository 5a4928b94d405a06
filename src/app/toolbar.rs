//! The top bar: start, pause, stop; keep and save; undo; theme.

use eframe::egui::{Align, Layout, Popup, Ui};
use egui_material_icons::icons::{
    ICON_CONTRAST, ICON_FULLSCREEN, ICON_HELP, ICON_PHOTO_CAMERA, ICON_REDO, ICON_SAVE, ICON_UNDO,
};

use crate::{
    app::{
        action_button::action_button,
        command::{Command, action::ActionId, features::VaultCommand, ids::Source},
        run::view::run_ui,
        session::Session,
        text,
        theme::{self, space},
        widgets,
    },
    settings::ThemeChoice,
};

/// Draws the bar.
pub(crate) fn toolbar_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.label(theme::strong(text::APP).heading());
        ui.add_space(space::L);
        run_ui(ui, session, commands);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            action_button(ui, ICON_HELP, ActionId::Shortcuts, true, commands);
            action_button(ui, ICON_FULLSCREEN, ActionId::Fullscreen, true, commands);
            theme_ui(ui, session, commands);
            ui.add_space(space::M);
            action_button(ui, ICON_REDO, ActionId::Redo, session.can_redo, commands);
            action_button(ui, ICON_UNDO, ActionId::Undo, session.can_undo, commands);
            ui.add_space(space::M);
            let painted = session.run.now.is_some()
                || !session.snapshots.kept.is_empty()
                || session.source() == Source::Instant;
            action_button(ui, ICON_SAVE, ActionId::SaveAs, painted, commands);
            action_button(ui, ICON_PHOTO_CAMERA, ActionId::Snapshot, painted, commands);
        });
    });
}

fn theme_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let button = widgets::tool(ui, ICON_CONTRAST, text::THEME, true);
    Popup::menu(&button).show(|ui| {
        ui.set_min_width(170.0);
        ui.set_max_width(210.0);
        for (choice, label) in [
            (ThemeChoice::System, text::THEME_SYSTEM),
            (ThemeChoice::Dark, text::THEME_DARK),
            (ThemeChoice::Light, text::THEME_LIGHT),
        ] {
            if ui
                .selectable_label(session.app.theme == choice, label)
                .clicked()
            {
                commands.push(Command::Theme(choice));
                ui.close();
            }
        }
        widgets::hairline(ui);
        if ui.selectable_label(false, text::SAVE_FOLDER_MENU).clicked() {
            commands.push(Command::ChooseSaveFolder);
            ui.close();
        }
        if ui.selectable_label(false, text::SESSIONS_MENU).clicked() {
            commands.push(Command::Vault(VaultCommand::Show(true)));
            ui.close();
        }
    });
}

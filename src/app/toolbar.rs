//! The top bar: start, pause, stop; keep and save; undo; theme.

use eframe::egui::{Align, Layout, Popup, Ui};
use egui_material_icons::icons::{
    ICON_CONTRAST, ICON_FULLSCREEN, ICON_HELP, ICON_PAUSE, ICON_PHOTO_CAMERA, ICON_PLAY_ARROW,
    ICON_REDO, ICON_RESTART_ALT, ICON_SAVE, ICON_STOP, ICON_UNDO,
};

use super::{
    commands::Command,
    parts::{self, Emphasis},
    session::{Phase, Session},
    text,
    theme::{self, space},
};
use crate::settings::ThemeChoice;

/// Draws the bar.
pub(crate) fn toolbar_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.label(theme::strong(text::APP).heading());
        ui.add_space(space::L);
        run_ui(ui, session, commands);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            if parts::tool(ui, ICON_HELP, text::SHORTCUTS, true).clicked() {
                commands.push(Command::Shortcuts);
            }
            if parts::tool(ui, ICON_FULLSCREEN, text::FULLSCREEN, true).clicked() {
                commands.push(Command::Fullscreen);
            }
            theme_ui(ui, session, commands);
            ui.add_space(space::M);
            if parts::tool(ui, ICON_REDO, text::REDO, session.can_redo).clicked() {
                commands.push(Command::Redo);
            }
            if parts::tool(ui, ICON_UNDO, text::UNDO, session.can_undo).clicked() {
                commands.push(Command::Undo);
            }
            ui.add_space(space::M);
            let painted = session.run.now.is_some() || !session.kept.is_empty();
            if parts::tool(ui, ICON_SAVE, text::SAVE_AS, painted).clicked() {
                commands.push(Command::SaveAs(None));
            }
            if parts::tool(ui, ICON_PHOTO_CAMERA, text::SNAPSHOT, painted).clicked() {
                commands.push(Command::Snapshot);
            }
        });
    });
}

fn run_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let (icon, label, emphasis) = match session.run.phase {
        Phase::Idle | Phase::Finished | Phase::Stopped => {
            (ICON_PLAY_ARROW, text::START, Emphasis::Primary)
        }
        Phase::Preparing | Phase::Running => (ICON_PAUSE, text::PAUSE, Emphasis::Plain),
        Phase::Paused => (ICON_PLAY_ARROW, text::RESUME, Emphasis::Primary),
    };
    let ready = session.is_ready() || session.run.phase.is_active();
    ui.add_enabled_ui(ready, |ui| {
        let button = parts::labelled(ui, icon, label, emphasis);
        if button
            .on_hover_text(text::START_HOVER)
            .on_disabled_hover_text(text::NEEDS_PICTURES)
            .clicked()
        {
            commands.push(Command::Primary);
        }
    });
    let active = session.run.phase.is_active();
    if parts::tool(ui, ICON_STOP, text::STOP, active).clicked() {
        commands.push(Command::Stop);
    }
    if active && session.waits_for_start() {
        ui.add_space(space::S);
        let button = parts::labelled(ui, ICON_RESTART_ALT, text::RESTART, Emphasis::Plain);
        if button.on_hover_text(text::RESTART_HOVER).clicked() {
            commands.push(Command::Start { force: false });
        }
    }
}

fn theme_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let button = parts::tool(ui, ICON_CONTRAST, text::THEME, true);
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
        parts::hairline(ui);
        if ui.selectable_label(false, text::SAVE_FOLDER_MENU).clicked() {
            commands.push(Command::ChooseSaveFolder);
            ui.close();
        }
    });
}

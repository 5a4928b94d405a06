//! The top bar: start, pause, stop; keep and save; undo; theme.

use eframe::egui::{Align, Layout, Popup, Ui};
use egui_material_icons::icons::{
    ICON_CONTRAST, ICON_FAST_FORWARD, ICON_FULLSCREEN, ICON_GRID_VIEW, ICON_HELP, ICON_PAUSE,
    ICON_PHOTO_CAMERA, ICON_PLAY_ARROW, ICON_REDO, ICON_RESTART_ALT, ICON_SAVE, ICON_STOP,
    ICON_UNDO,
};

use crate::{
    app::{
        assist::{estimate::estimate_secs, queue_menu::queue_ui},
        command::{Command, features::AssistCommand, ids::Axis},
        session::{Session, run::Phase},
        text,
        theme::{self, space},
        widgets::{self, Emphasis},
    },
    settings::ThemeChoice,
};

/// Windows narrower than this have room for few labels.
const NARROW: f32 = 1000.0;

/// Draws the bar.
pub(crate) fn toolbar_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.label(theme::strong(text::APP).heading());
        ui.add_space(space::L);
        run_ui(ui, session, commands);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            if widgets::tool(ui, ICON_HELP, text::SHORTCUTS, true).clicked() {
                commands.push(Command::Shortcuts);
            }
            if widgets::tool(ui, ICON_FULLSCREEN, text::FULLSCREEN, true).clicked() {
                commands.push(Command::Fullscreen);
            }
            theme_ui(ui, session, commands);
            ui.add_space(space::M);
            if widgets::tool(ui, ICON_REDO, text::REDO, session.can_redo).clicked() {
                commands.push(Command::Redo);
            }
            if widgets::tool(ui, ICON_UNDO, text::UNDO, session.can_undo).clicked() {
                commands.push(Command::Undo);
            }
            ui.add_space(space::M);
            let painted = session.run.now.is_some() || !session.kept.is_empty();
            if widgets::tool(ui, ICON_SAVE, text::SAVE_AS, painted).clicked() {
                commands.push(Command::SaveAs(None));
            }
            if widgets::tool(ui, ICON_PHOTO_CAMERA, text::SNAPSHOT, painted).clicked() {
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
        let button = widgets::labeled(ui, icon, label, emphasis);
        if button
            .on_hover_text(start_tooltip(session))
            .on_disabled_hover_text(text::NEEDS_PICTURES)
            .clicked()
        {
            commands.push(Command::Primary);
        }
    });
    let active = session.run.phase.is_active();
    if widgets::tool(ui, ICON_STOP, text::STOP, active).clicked() {
        commands.push(Command::Stop);
    }
    variations_ui(ui, session, commands);
    queue_ui(ui, session, commands);
    if active && session.waits_for_start() {
        ui.add_space(space::S);
        restarts_ui(ui, session, commands);
    }
}

/// What Start does, and how long that will take.
fn start_tooltip(session: &Session) -> String {
    let estimate = estimate_secs(session).filter(|_| !session.run.phase.is_active());
    match estimate {
        Some(secs) => format!("{}\n{}", text::START_TOOLTIP, text::about(secs)),
        None => text::START_TOOLTIP.to_owned(),
    }
}

/// The two ways to put settings in force that cannot change under way.
fn restarts_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    // Where large text leaves few points, icons have to do.
    let narrow = ui.ctx().content_rect().width() < NARROW;
    let mut offer = |icon, label: &str, tooltip: &str, command: Command| {
        let button = if narrow {
            widgets::tool(ui, icon, label, true)
        } else {
            widgets::labeled(ui, icon, label, Emphasis::Plain)
        };
        if button.on_hover_text(tooltip).clicked() {
            commands.push(command);
        }
    };
    if session.can_go_on() {
        let command = Command::Assist(AssistCommand::GoOn);
        offer(ICON_FAST_FORWARD, text::GO_ON, text::GO_ON_TOOLTIP, command);
    }
    let command = Command::Start { force: false };
    offer(
        ICON_RESTART_ALT,
        text::RESTART,
        text::RESTART_TOOLTIP,
        command,
    );
}

fn variations_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let open = session.assist.variations.is_some();
    let tool = if open {
        widgets::toggle(ui, ICON_GRID_VIEW, text::VARIATIONS_TOOLTIP, true)
    } else {
        widgets::tool(
            ui,
            ICON_GRID_VIEW,
            text::VARIATIONS_TOOLTIP,
            session.is_ready(),
        )
    };
    if tool.clicked() {
        commands.push(Command::Assist(if open {
            AssistCommand::CloseSheet
        } else {
            AssistCommand::Vary(Axis::default())
        }));
    }
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
    });
}

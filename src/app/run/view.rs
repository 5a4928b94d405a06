//! The buttons of the run in the top bar.

use eframe::egui::Ui;
use egui_material_icons::icons::{
    ICON_FAST_FORWARD, ICON_PAUSE, ICON_PLAY_ARROW, ICON_RESTART_ALT, ICON_RESUME, ICON_STOP,
};

use crate::app::{
    action_button::action_button,
    command::{Command, action::ActionId, table::tooltip},
    queue::view::queue_ui,
    session::{Session, run::Phase},
    text,
    theme::space,
    variations::view::tool_ui,
    widgets::{self, Emphasis},
};

/// Windows narrower than this have room for few labels.
const NARROW: f32 = 1000.0;

/// Draws the buttons.
pub(crate) fn run_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
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
            commands.push(Command::StartOrPause);
        }
    });
    let active = session.run.phase.is_active();
    if session.run.phase == Phase::Stopped && session.run.stopped_by.is_some() {
        let narrow = ui.ctx().content_rect().width() < NARROW;
        let button = if narrow {
            widgets::tool(ui, ICON_RESUME, text::CONTINUE_RUN, true)
        } else {
            widgets::labeled(ui, ICON_RESUME, text::CONTINUE_RUN, Emphasis::Plain)
        };
        if button.on_hover_text(text::CONTINUE_TOOLTIP).clicked() {
            commands.push(Command::Continue);
        }
    }
    action_button(ui, ICON_STOP, ActionId::Stop, active, commands);
    tool_ui(ui, session, commands);
    queue_ui(ui, session, commands);
    if active && session.waits_for_start() {
        ui.add_space(space::S);
        restarts_ui(ui, session, commands);
    }
}

/// What Start does, and how long that will take.
fn start_tooltip(session: &Session) -> String {
    let estimate = session
        .run_secs()
        .filter(|_| !session.run.phase.is_active());
    match estimate {
        Some(secs) => format!("{}\n{}", tooltip(ActionId::StartOrPause), text::about(secs)),
        None => tooltip(ActionId::StartOrPause),
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
        let command = Command::GoOn;
        offer(
            ICON_FAST_FORWARD,
            text::GO_ON,
            &tooltip(ActionId::GoOn),
            command,
        );
    }
    let command = Command::Start { force: false };
    offer(
        ICON_RESTART_ALT,
        text::RESTART,
        text::RESTART_TOOLTIP,
        command,
    );
}

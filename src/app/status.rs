//! The line at the bottom: device, network, memory, speed.

use eframe::egui::{Align, Layout, Ui};

use crate::app::{
    command::Command,
    networks,
    session::{Session, run::Phase},
    text,
    theme::{self, space},
};

/// Draws the line.
pub(crate) fn status_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let run = &session.run;
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        let threads = run.threads.or(session.threads).unwrap_or_else(|| {
            std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
        });
        let device = match session.devices.at_work() {
            Some(device) => text::device_line(device),
            None => text::cpu(threads),
        };
        ui.label(theme::small(ui, device));
        networks::view::status_ui(ui, session, commands);
        if session.waits_for_start() {
            let hint = theme::small(ui, text::CHANGES_WAIT);
            ui.label(hint.color(theme::palette(ui).caution));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            if session.memory_bytes > 0 {
                ui.label(theme::figures(ui, text::memory(session.memory_bytes)));
            }
            if run.phase == Phase::Running
                && let Some(speed) = run.pace.steps_per_sec()
            {
                ui.label(theme::figures(ui, text::speed(speed)));
            }
        });
    });
}

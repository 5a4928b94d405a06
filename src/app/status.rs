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
        let plural = if threads == 1 { "" } else { "s" };
        let device = match session.devices.at_work() {
            Some(device) => text::device_line(device),
            None => format!("CPU, {threads} thread{plural}"),
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
                let memory = format!("Memory {}", text::bytes(session.memory_bytes));
                ui.label(theme::figures(ui, memory));
            }
            if run.phase == Phase::Running
                && let Some(speed) = run.pace.steps_per_sec()
            {
                let speed = if speed < 1.0 {
                    format!("{:.1} s/step", 1.0 / speed)
                } else {
                    format!("{speed:.1} steps/s")
                };
                ui.label(theme::figures(ui, speed));
            }
        });
    });
}

//! What the next run is computed on.

use eframe::egui::{Label, Ui};

use crate::{
    app::{
        command::Command,
        controls::{
            desk::Desk,
            row::{self, Choice},
        },
        text, theme,
    },
    settings::DeviceChoice,
};

/// Draws the choice, and a line about each device.
pub(super) fn device_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let session = desk.session;
    let chosen = session.device();
    let sound = session.devices.list.iter();
    let sound = sound.filter(|device| device.fault.is_none());
    let mut choices = vec![DeviceChoice::Auto];
    choices.extend(sound.map(|device| device.choice));
    if !choices.contains(&chosen) {
        choices.push(chosen);
    }
    let labels: Vec<String> = choices
        .iter()
        .map(|&choice| text::device_choice(choice))
        .collect();
    let options: Vec<(DeviceChoice, &str)> = choices
        .into_iter()
        .zip(labels.iter().map(String::as_str))
        .collect();
    let mut choice = chosen;
    let changed = Choice {
        name: text::COMPUTE_ON,
        tooltip: text::COMPUTE_ON_TOOLTIP,
        options: &options,
        reset: DeviceChoice::Auto,
        at_work: None,
    }
    .show(ui, &mut choice);
    if changed {
        desk.commands.push(Command::Device(choice));
    }
    let at_work = session.devices.in_use.unwrap_or(DeviceChoice::Cpu);
    let waits = session.run.phase.is_active() && chosen != DeviceChoice::Auto && chosen != at_work;
    row::next_start_ui(ui, waits);
    for device in &session.devices.list {
        let line = text::device_line(device);
        ui.add(Label::new(theme::small(ui, line)).wrap());
    }
}

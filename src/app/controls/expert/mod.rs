//! The third depth: every number.

mod field;
mod loss;
mod network;
mod optimizer;
mod schedule;
mod start;

use eframe::egui::Ui;

use self::{
    loss::{loss_ui, neighbors_ui},
    network::network_ui,
    optimizer::optimizer_ui,
    schedule::schedule_ui,
    start::start_ui,
};
use crate::app::{
    controls::{desk::Desk, device::device_ui},
    text,
    theme::space,
    widgets,
};

/// Draws the third depth.
pub(super) fn expert_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    widgets::head(ui, text::OPTIMIZATION);
    optimizer_ui(ui, desk);
    widgets::hairline(ui);
    widgets::head(ui, text::LOSS);
    loss_ui(ui, desk);
    neighbors_ui(ui, desk);
    widgets::hairline(ui);
    widgets::head(ui, text::STEPS_AND_LEVELS);
    schedule_ui(ui, desk);
    widgets::hairline(ui);
    widgets::head(ui, text::START_HEAD);
    start_ui(ui, desk);
    widgets::hairline(ui);
    widgets::head(ui, text::NETWORK);
    network_ui(ui, desk);
    widgets::hairline(ui);
    widgets::head(ui, text::DEVICE);
    device_ui(ui, desk);
    ui.add_space(space::L);
}

//! The third depth: every number.

mod loss;
mod network;
mod optimizer;
mod schedule;
mod start;

use clap::ValueEnum;
use eframe::egui::Ui;

use self::{
    loss::{loss_ui, neighbors_ui},
    network::network_ui,
    optimizer::optimizer_ui,
    schedule::schedule_ui,
    start::start_ui,
};
use crate::{
    app::{
        controls::{desk::Desk, device::device_ui, row::Number},
        text,
        theme::space,
        widgets,
    },
    settings::Range,
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

/// A linear or logarithmic number; `at_work` is given for those that wait for the next start.
struct Field {
    name: &'static str,
    tooltip: &'static str,
    range: Range,
    slider: std::ops::RangeInclusive<f64>,
    logarithmic: Option<f64>,
    whole: bool,
}

impl Field {
    fn show(self, ui: &mut Ui, value: &mut f64, reset: f64, at_work: Option<f64>) {
        Number {
            name: self.name,
            tooltip: self.tooltip,
            range: self.range,
            slider: self.slider,
            logarithmic: self.logarithmic,
            whole: self.whole,
            suffix: "",
            reset,
            at_work,
        }
        .show(ui, value);
    }

    /// The same for a whole number.
    fn show_u32(self, ui: &mut Ui, value: &mut u32, reset: u32, at_work: Option<u32>) {
        let mut number = f64::from(*value);
        self.show(ui, &mut number, f64::from(reset), at_work.map(f64::from));
        *value = number as u32;
    }
}

/// Every value of a choice with its title.
fn options<T: ValueEnum + Copy>(title: impl Fn(T) -> &'static str) -> Vec<(T, &'static str)> {
    let values = T::value_variants().iter();
    values.map(|&value| (value, title(value))).collect()
}

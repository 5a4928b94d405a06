//! What every number and every choice of the third depth is drawn with.

use clap::ValueEnum;
use eframe::egui::Ui;

use crate::{app::controls::row::Number, settings::Range};

/// A linear or logarithmic number; `at_work` is given for those that wait for the next start.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) tooltip: &'static str,
    pub(super) range: Range,
    pub(super) slider: std::ops::RangeInclusive<f64>,
    pub(super) logarithmic: Option<f64>,
    pub(super) whole: bool,
}

impl Field {
    pub(super) fn show(self, ui: &mut Ui, value: &mut f64, reset: f64, at_work: Option<f64>) {
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
    pub(super) fn show_u32(self, ui: &mut Ui, value: &mut u32, reset: u32, at_work: Option<u32>) {
        let mut number = f64::from(*value);
        self.show(ui, &mut number, f64::from(reset), at_work.map(f64::from));
        *value = number as u32;
    }
}

/// Every value of a choice with its title.
pub(super) fn options<T: ValueEnum + Copy>(
    title: impl Fn(T) -> &'static str,
) -> Vec<(T, &'static str)> {
    let values = T::value_variants().iter();
    values.map(|&value| (value, title(value))).collect()
}

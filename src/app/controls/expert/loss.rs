//! How losses are weighed, and what only nearest neighbors have.

use eframe::egui::Ui;

use super::field::{Field, options};
use crate::{
    app::{
        controls::{desk::Desk, row::Choice},
        text, widgets,
    },
    settings::{GradientBalance, LossScale, StyleMeasure, range},
};

/// Draws the scale of the weights.
pub(super) fn loss_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    Choice {
        name: text::LOSS_SCALE,
        tooltip: text::LOSS_SCALE_TOOLTIP,
        options: &options(|scale| match scale {
            LossScale::Relative => text::SCALE_RELATIVE,
            LossScale::Absolute => text::SCALE_ABSOLUTE,
        }),
        reset: desk.preset.loss_scale,
        at_work: None,
    }
    .show(ui, &mut desk.settings.loss_scale);
    Choice {
        name: text::GRADIENTS,
        tooltip: text::GRADIENTS_TOOLTIP,
        options: &options(|balance| match balance {
            GradientBalance::Off => text::GRADIENTS_OFF,
            GradientBalance::Frozen => text::GRADIENTS_FROZEN,
            GradientBalance::Running => text::GRADIENTS_RUNNING,
        }),
        reset: desk.preset.gradient_balance,
        at_work: None,
    }
    .show(ui, &mut desk.settings.gradient_balance);
}

/// Draws the numbers of the nearest neighbors where they take part.
pub(super) fn neighbors_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let weight = desk.settings.style_measures.get(&StyleMeasure::Neighbors);
    if weight.is_none_or(|&weight| weight <= 0.0) {
        return;
    }
    widgets::hairline(ui);
    widgets::head(ui, StyleMeasure::Neighbors.description().title);
    let (settings, preset) = (&mut *desk.settings, desk.preset);
    for (name, tooltip, range, value, reset) in [
        (
            text::FREEDOM,
            text::FREEDOM_TOOLTIP,
            range::FREEDOM,
            &mut settings.freedom,
            preset.freedom,
        ),
        (
            text::CONTENT_FALLOFF,
            text::CONTENT_FALLOFF_TOOLTIP,
            range::CONTENT_FALLOFF,
            &mut settings.content_falloff,
            preset.content_falloff,
        ),
        (
            text::FINISHING,
            text::FINISHING_TOOLTIP,
            range::FINISHING,
            &mut settings.finishing,
            preset.finishing,
        ),
    ] {
        Field {
            name,
            tooltip,
            range,
            slider: range.min..=range.max,
            logarithmic: None,
            whole: false,
        }
        .show(ui, value, reset, None);
    }
}

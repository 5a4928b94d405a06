//! How pixels follow the gradient.

use eframe::egui::Ui;

use super::field::Field;
use crate::{
    app::{
        controls::{desk::Desk, row::Choice},
        text,
    },
    settings::{OptimizerKind, range},
};

/// Draws the optimizer with its numbers.
pub(super) fn optimizer_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let mut chosen = desk.settings.optimizer;
    let options = OptimizerKind::ALL.map(|kind| (kind, kind.description().title));
    Choice {
        name: text::OPTIMIZER,
        tooltip: text::OPTIMIZER_TOOLTIP,
        options: &options,
        reset: desk.preset.optimizer,
        at_work: None,
    }
    .show(ui, &mut chosen);
    let settings = &mut *desk.settings;
    settings.set_optimizer(chosen);
    let adam = chosen == OptimizerKind::Adam;
    Field {
        name: text::LEARNING_RATE,
        tooltip: text::LEARNING_RATE_TOOLTIP,
        range: range::LEARNING_RATE,
        slider: if adam { 0.1..=50.0 } else { 0.05..=2.0 },
        logarithmic: Some(0.01),
        whole: false,
    }
    .show(
        ui,
        &mut settings.learning_rate,
        desk.preset.learning_rate,
        None,
    );
    Field {
        name: text::LEARNING_RATE_END,
        tooltip: text::LEARNING_RATE_END_TOOLTIP,
        range: range::LEARNING_RATE_END,
        slider: 0.0..=1.0,
        logarithmic: None,
        whole: false,
    }
    .show(
        ui,
        &mut settings.learning_rate_end,
        desk.preset.learning_rate_end,
        None,
    );
    if adam {
        for (name, tooltip, range, value, reset) in [
            (
                text::BETA1,
                text::BETA1_TOOLTIP,
                range::BETA1,
                &mut settings.beta1,
                desk.preset.beta1,
            ),
            (
                text::BETA2,
                text::BETA2_TOOLTIP,
                range::BETA2,
                &mut settings.beta2,
                desk.preset.beta2,
            ),
        ] {
            Field {
                name,
                tooltip,
                range,
                slider: 0.0..=range.max,
                logarithmic: None,
                whole: false,
            }
            .show(ui, value, reset, None);
        }
    } else {
        Field {
            name: text::HISTORY,
            tooltip: text::HISTORY_TOOLTIP,
            range: range::HISTORY,
            slider: 1.0..=range::HISTORY.max,
            logarithmic: None,
            whole: true,
        }
        .show_u32(ui, &mut settings.history, desk.preset.history, None);
    }
    Field {
        name: text::AVERAGING,
        tooltip: text::AVERAGING_TOOLTIP,
        range: range::AVERAGING,
        slider: 0.0..=range::AVERAGING.max,
        logarithmic: None,
        whole: false,
    }
    .show(ui, &mut settings.averaging, desk.preset.averaging, None);
    ui.checkbox(&mut settings.clamp_pixels, text::CLAMP)
        .on_hover_text(text::CLAMP_TOOLTIP);
}

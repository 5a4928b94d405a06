//! The third depth: every number.

use eframe::egui::{Align, Layout, Ui, WidgetInfo};

use crate::{
    app::{
        controls::{
            desk::Desk,
            device::device_ui,
            row::{self, Choice, Number},
        },
        networks::view::control_ui,
        text,
        theme::{size, space},
        widgets,
    },
    network::{EdgePadding, Pooling},
    settings::{GradientBalance, InitialImage, LossScale, OptimizerKind, Range, Schedule, range},
};

/// Draws the third depth.
pub(super) fn expert_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    widgets::head(ui, text::OPTIMIZATION);
    optimizer_ui(ui, desk);
    widgets::hairline(ui);
    widgets::head(ui, text::LOSS);
    loss_ui(ui, desk);
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

fn optimizer_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
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

fn loss_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    Choice {
        name: text::LOSS_SCALE,
        tooltip: text::LOSS_SCALE_TOOLTIP,
        options: &[
            (LossScale::Relative, text::SCALE_RELATIVE),
            (LossScale::Absolute, text::SCALE_ABSOLUTE),
        ],
        reset: desk.preset.loss_scale,
        at_work: None,
    }
    .show(ui, &mut desk.settings.loss_scale);
    Choice {
        name: text::GRADIENTS,
        tooltip: text::GRADIENTS_TOOLTIP,
        options: &[
            (GradientBalance::Off, text::GRADIENTS_OFF),
            (GradientBalance::Frozen, text::GRADIENTS_FROZEN),
            (GradientBalance::Running, text::GRADIENTS_RUNNING),
        ],
        reset: desk.preset.gradient_balance,
        at_work: None,
    }
    .show(ui, &mut desk.settings.gradient_balance);
}

fn schedule_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    Choice {
        name: text::SCHEDULE,
        tooltip: text::SCHEDULE_TOOLTIP,
        options: &[
            (Schedule::Proportional, text::SCHEDULE_PROPORTIONAL),
            (Schedule::CoarseToFine, text::SCHEDULE_COARSE),
            (Schedule::SingleLevel, text::SCHEDULE_SINGLE),
        ],
        reset: desk.preset.schedule,
        at_work: desk.at_work(|at_work| at_work.schedule),
    }
    .show(ui, &mut desk.settings.schedule);
    let at_work = desk.at_work(|at_work| at_work.coarsest_px);
    if desk.settings.schedule == Schedule::CoarseToFine {
        Field {
            name: text::COARSEST,
            tooltip: text::COARSEST_TOOLTIP,
            range: range::COARSEST_PX,
            slider: 32.0..=512.0,
            logarithmic: Some(32.0),
            whole: true,
        }
        .show_u32(
            ui,
            &mut desk.settings.coarsest_px,
            desk.preset.coarsest_px,
            at_work,
        );
    }
    let at_work = desk.at_work(|at_work| at_work.steps);
    Field {
        name: text::STEPS,
        tooltip: text::STEPS_TOOLTIP,
        range: range::STEPS,
        slider: 10.0..=3000.0,
        logarithmic: Some(10.0),
        whole: true,
    }
    .show_u32(ui, &mut desk.settings.steps, desk.preset.steps, at_work);
}

fn start_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let at_work = desk.at_work(|at_work| at_work.seed);
    ui.horizontal(|ui| {
        ui.set_min_height(size::SMALL_TOOL);
        ui.label(text::SEED).on_hover_text(text::SEED_TOOLTIP);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            let icon = egui_material_icons::icons::ICON_CASINO;
            if widgets::small_tool(ui, icon, text::NEW_SEED).clicked() {
                desk.settings.seed = desk.settings.seed.wrapping_add(1);
            }
            let seed = &mut desk.settings.seed;
            let field = ui.add(egui::DragValue::new(seed).speed(0.1));
            field.widget_info(|| {
                let mut info = WidgetInfo::drag_value(ui.is_enabled(), *seed as f64);
                info.label = Some(text::SEED.to_owned());
                info
            });
            field.on_hover_text(text::SEED_TOOLTIP);
            row::reset_ui(ui, text::SEED, &mut desk.settings.seed, desk.preset.seed);
        });
    });
    row::next_start_ui(ui, at_work.is_some_and(|seed| seed != desk.settings.seed));
    if desk.settings.initial_image == InitialImage::Noise {
        let at_work = desk.at_work(|at_work| at_work.noise_deviation);
        Field {
            name: text::NOISE,
            tooltip: text::NOISE_TOOLTIP,
            range: range::NOISE_DEVIATION,
            slider: 0.0..=128.0,
            logarithmic: None,
            whole: false,
        }
        .show(
            ui,
            &mut desk.settings.noise_deviation,
            desk.preset.noise_deviation,
            at_work,
        );
    }
}

fn network_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    control_ui(ui, desk.session, desk.commands);
    Choice {
        name: text::POOLING,
        tooltip: text::POOLING_TOOLTIP,
        options: &[
            (Pooling::Max, text::POOLING_MAX),
            (Pooling::Average, text::POOLING_AVERAGE),
        ],
        reset: desk.preset.pooling,
        at_work: desk.at_work(|at_work| at_work.pooling),
    }
    .show(ui, &mut desk.settings.pooling);
    Choice {
        name: text::EDGES,
        tooltip: text::EDGES_TOOLTIP,
        options: &[
            (EdgePadding::Replicate, text::EDGES_REPLICATE),
            (EdgePadding::Zero, text::EDGES_ZERO),
        ],
        reset: desk.preset.edge_padding,
        at_work: desk.at_work(|at_work| at_work.edge_padding),
    }
    .show(ui, &mut desk.settings.edge_padding);
}

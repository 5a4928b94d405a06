//! What is random about a start.

use eframe::egui::{self, Align, Layout, Ui, WidgetInfo};

use super::field::Field;
use crate::{
    app::{
        controls::{desk::Desk, row},
        text,
        theme::size,
        widgets,
    },
    settings::{InitialImage, range},
};

/// Draws the seed, and how strong the noise is where a run starts from it.
pub(super) fn start_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
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

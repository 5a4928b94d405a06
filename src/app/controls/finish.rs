//! The finish: whose colors the picture has, and how far it is faded to the photograph.

use eframe::egui::{Align, Layout, Ui};

use crate::{
    app::{
        controls::{
            desk::Desk,
            row::{self, Number},
        },
        text,
        theme::{self, size, space},
        widgets,
    },
    settings::{ColorMode, range},
};

/// Draws colors and fade.
pub(super) fn finish_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    color_ui(ui, desk);
    ui.add_space(space::S);
    fade_ui(ui, desk);
}

fn color_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    ui.horizontal(|ui| {
        ui.set_min_height(size::SMALL_TOOL);
        ui.label(theme::strong(text::COLORS))
            .on_hover_text(text::COLORS_TOOLTIP);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            row::reset_ui(
                ui,
                text::COLORS,
                &mut desk.settings.color,
                desk.preset.color,
            );
        });
    });
    widgets::segments(
        ui,
        &mut desk.settings.color,
        &[
            (
                ColorMode::Style,
                text::COLOR_STYLE,
                text::COLOR_STYLE_TOOLTIP,
            ),
            (ColorMode::Hues, text::COLOR_HUES, text::COLOR_HUES_TOOLTIP),
            (
                ColorMode::Luminance,
                text::COLOR_LUMINANCE,
                text::COLOR_LUMINANCE_TOOLTIP,
            ),
            (
                ColorMode::Recolor,
                text::COLOR_RECOLOR,
                text::COLOR_RECOLOR_TOOLTIP,
            ),
        ],
    );
}

fn fade_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let range = range::FADE_PERCENT;
    let mut percent = 100.0 * desk.settings.fade;
    let changed = Number {
        name: text::FADE,
        tooltip: text::FADE_TOOLTIP,
        range,
        slider: range.min..=range.max,
        logarithmic: None,
        whole: false,
        suffix: " %",
        reset: 100.0 * desk.preset.fade,
        at_work: None,
    }
    .show(ui, &mut percent);
    if changed {
        desk.settings.fade = percent / 100.0;
    }
}

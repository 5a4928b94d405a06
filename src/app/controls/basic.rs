//! The first depth: preset, dial, finish, quality, size.

use eframe::egui::{Align, DragValue, Layout, Ui, WidgetInfo};

use crate::{
    app::{
        controls::{
            desk::Desk,
            finish::finish_ui,
            row::{self, Number},
        },
        estimate::view::estimate_ui,
        presets::view::preset_ui,
        slider::Rail,
        text,
        theme::{self, size, space},
        widgets,
    },
    settings::{LossScale, Quality, range},
};

/// Sizes offered as one click; any other goes through the slider.
const SIZES_PX: [u32; 4] = [256, 512, 768, 1024];

/// Draws the first depth.
pub(super) fn basic_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    preset_ui(ui, desk);
    widgets::hairline(ui);
    dial_ui(ui, desk);
    weights_ui(ui, desk);
    widgets::hairline(ui);
    finish_ui(ui, desk);
    widgets::hairline(ui);
    quality_ui(ui, desk);
    ui.add_space(space::M);
    size_ui(ui, desk);
    estimate_ui(ui, desk.session, desk.commands);
}

fn dial_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    ui.label(theme::strong(text::DIAL))
        .on_hover_text(text::DIAL_TOOLTIP);
    ui.spacing_mut().slider_width = ui.available_width();
    let mut dial = desk.settings.dial();
    let response = ui
        .scope(|ui| Rail::even(0.0..=1.0).show(ui, &mut dial))
        .inner;
    response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), dial, text::DIAL));
    if response.on_hover_text(text::DIAL_TOOLTIP).changed() {
        desk.settings.set_dial(dial);
    }
    ui.horizontal(|ui| {
        ui.label(theme::small(ui, text::CONTENT));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(theme::small(ui, text::STYLE));
        });
    });
    ui.add_space(space::XS);
}

fn weights_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    // Relative weights lie around 1 to 100, those of papers and peers up to a million.
    let most = match desk.settings.loss_scale {
        LossScale::Relative => 1e3,
        LossScale::Absolute => 1e6,
    };
    let preset = &desk.preset;
    for (name, tooltip, range, value, reset) in [
        (
            text::CONTENT_WEIGHT,
            text::CONTENT_WEIGHT_TOOLTIP,
            range::CONTENT_WEIGHT,
            &mut desk.settings.content_weight,
            preset.content_weight,
        ),
        (
            text::STYLE_WEIGHT,
            text::STYLE_WEIGHT_TOOLTIP,
            range::STYLE_WEIGHT,
            &mut desk.settings.style_weight,
            preset.style_weight,
        ),
    ] {
        Number {
            name,
            tooltip,
            range,
            slider: 0.0..=most,
            logarithmic: Some(0.01),
            whole: false,
            suffix: "",
            reset,
            at_work: None,
        }
        .show(ui, value);
    }
}

fn quality_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let steps = desk.settings.steps;
    ui.horizontal(|ui| {
        ui.label(theme::strong(text::QUALITY));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(theme::small(ui, text::steps(steps)));
        });
    });
    ui.add_space(2.0);
    let schedule = desk.settings.schedule;
    let mut quality = Quality::ALL
        .into_iter()
        .find(|quality| quality.steps(schedule) == steps);
    let label = |quality| match quality {
        Quality::Draft => text::QUALITY_DRAFT,
        Quality::Normal => text::QUALITY_NORMAL,
        Quality::Fine => text::QUALITY_FINE,
    };
    let tooltips = Quality::ALL.map(|quality| text::steps(quality.steps(schedule)));
    let choices: Vec<_> = Quality::ALL
        .into_iter()
        .zip(&tooltips)
        .map(|(quality, tooltip)| (Some(quality), label(quality), tooltip.as_str()))
        .collect();
    if widgets::segments(ui, &mut quality, &choices)
        && let Some(quality) = quality
    {
        desk.settings.steps = quality.steps(schedule);
    }
    row::next_start_ui(
        ui,
        desk.at_work(|at_work| at_work.steps)
            .is_some_and(|at_work| at_work != desk.settings.steps),
    );
}

fn size_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let original = desk
        .session
        .pictures
        .content
        .as_ref()
        .map_or(1024, |content| content.picture.planes.longest_px() as u32);
    let mut size = desk.settings.size_px;
    ui.horizontal(|ui| {
        ui.set_min_height(size::SMALL_TOOL);
        ui.label(theme::strong(text::SIZE))
            .on_hover_text(text::SIZE_TOOLTIP);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            let mut value = size.unwrap_or(original);
            let field = ui.add(
                DragValue::new(&mut value)
                    .range(range::SIZE_PX.min as u32..=range::SIZE_PX.max as u32)
                    .speed(2.0)
                    .update_while_editing(false)
                    .suffix(" px"),
            );
            field.widget_info(|| {
                let mut info = WidgetInfo::drag_value(ui.is_enabled(), f64::from(value));
                info.label = Some(text::SIZE.to_owned());
                info
            });
            if field.on_hover_text(text::SIZE_TOOLTIP).changed() {
                size = Some(value);
            }
            row::reset_ui(ui, text::SIZE, &mut size, desk.preset.size_px);
        });
    });
    let labels = SIZES_PX.map(|px| px.to_string());
    let mut choices: Vec<_> = SIZES_PX
        .iter()
        .zip(&labels)
        .map(|(&px, label)| (Some(px), label.as_str(), text::SIZE_TOOLTIP))
        .collect();
    let original_tooltip = format!("{} ({original} px)", text::SIZE_ORIGINAL);
    choices.push((None, "Full", &original_tooltip));
    widgets::segments(ui, &mut size, &choices);
    desk.settings.size_px = size;
    row::next_start_ui(
        ui,
        desk.at_work(|at_work| at_work.size_px)
            .is_some_and(|at_work| at_work != size),
    );
}

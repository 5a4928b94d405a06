//! The second depth: which layers are compared and how, strokes, smoothness, and the start.

use std::collections::BTreeMap;

use eframe::egui::{Align, Layout, Ui, WidgetInfo};

use crate::{
    app::{
        command::{Command, ids::Role},
        controls::{
            desk::Desk,
            row::{self, Choice, Number},
        },
        slider::Rail,
        text,
        theme::{self, size, space},
        widgets,
    },
    network::Layer,
    settings::{ContentMeasure, InitialImage, LayerWeights, StyleMeasure, range},
};

/// The measures of content with name and effect.
const CONTENT_MEASURES: [(ContentMeasure, &str, &str); 3] = [
    (
        ContentMeasure::Features,
        text::FEATURES,
        text::FEATURES_TOOLTIP,
    ),
    (
        ContentMeasure::Laplacian,
        text::LAPLACIAN,
        text::LAPLACIAN_TOOLTIP,
    ),
    (
        ContentMeasure::SelfSimilarity,
        text::SELF_SIMILARITY,
        text::SELF_SIMILARITY_TOOLTIP,
    ),
];

/// The measures of style with name and effect, as the loss module describes them.
fn style_measures() -> Vec<(StyleMeasure, &'static str, &'static str)> {
    let described = StyleMeasure::ALL.into_iter().map(|measure| {
        let description = measure.description();
        (measure, description.title, description.effect)
    });
    described.collect()
}

/// Draws the second depth.
pub(super) fn layers_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    strokes_ui(ui, desk);
    smoothness_ui(ui, desk);
    initial_ui(ui, desk);
    widgets::hairline(ui);
    let layers: Vec<Layer> = desk.settings.network.layers().collect();
    layer_list_ui(
        ui,
        (text::STYLE_LAYERS, text::STYLE_LAYERS_TOOLTIP),
        &layers,
        &mut desk.settings.style_layers,
        &desk.preset.style_layers,
    );
    widgets::hairline(ui);
    layer_list_ui(
        ui,
        (text::CONTENT_LAYERS, text::CONTENT_LAYERS_TOOLTIP),
        &layers,
        &mut desk.settings.content_layers,
        &desk.preset.content_layers,
    );
    let mut chosen = desk.settings.style_measures.clone();
    measure_list_ui(
        ui,
        text::STYLE_MEASURES,
        &style_measures(),
        &mut chosen,
        &desk.preset.style_measures,
    );
    if chosen != desk.settings.style_measures {
        desk.settings.set_style_measures(chosen);
    }
    measure_list_ui(
        ui,
        text::CONTENT_MEASURES,
        &CONTENT_MEASURES,
        &mut desk.settings.content_measures,
        &desk.preset.content_measures,
    );
    ui.add_space(space::M);
}

fn strokes_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    Number {
        name: text::STROKES,
        tooltip: text::STROKES_TOOLTIP,
        range: range::STYLE_SCALE,
        slider: 0.25..=2.0,
        logarithmic: Some(0.1),
        whole: false,
        suffix: " ×",
        reset: desk.preset.style_scale,
        at_work: None,
    }
    .show(ui, &mut desk.settings.style_scale);
}

fn smoothness_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    Number {
        name: text::SMOOTHNESS,
        tooltip: text::SMOOTHNESS_TOOLTIP,
        range: range::TV_WEIGHT,
        slider: 0.0..=10.0,
        logarithmic: Some(0.001),
        whole: false,
        suffix: "",
        reset: desk.preset.tv_weight,
        at_work: None,
    }
    .show(ui, &mut desk.settings.tv_weight);
}

fn initial_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let file = match &desk.settings.initial_image {
        InitialImage::File(path) => path.clone(),
        _ => std::path::PathBuf::new(),
    };
    let file_label = file.file_name().map_or_else(
        || text::INITIAL_FILE.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    );
    let before = desk.settings.initial_image.clone();
    Choice {
        name: text::INITIAL,
        tooltip: text::INITIAL_TOOLTIP,
        options: &[
            (InitialImage::Recolored, text::INITIAL_RECOLORED),
            (InitialImage::Content, text::INITIAL_CONTENT),
            (InitialImage::Instant, text::INITIAL_INSTANT),
            (InitialImage::Style, text::INITIAL_STYLE),
            (InitialImage::Noise, text::INITIAL_NOISE),
            (InitialImage::File(file), &file_label),
        ],
        reset: desk.preset.initial_image.clone(),
        at_work: desk.at_work(|at_work| at_work.initial_image.clone()),
    }
    .show(ui, &mut desk.settings.initial_image);
    if let InitialImage::File(path) = &desk.settings.initial_image
        && path.as_os_str().is_empty()
    {
        desk.settings.initial_image = before;
        desk.commands.push(Command::Open(Role::Initial));
    }
}

fn layer_list_ui(
    ui: &mut Ui,
    (title, tooltip): (&str, &str),
    layers: &[Layer],
    weights: &mut LayerWeights,
    preset: &LayerWeights,
) {
    widgets::head_with_tools(ui, title, |ui| {
        row::reset_ui(ui, title, weights, preset.clone());
        let uneven = weights
            .active()
            .any(|(_, weight)| row::differs(weight, 1.0));
        let icon = egui_material_icons::icons::ICON_BALANCE;
        if uneven && widgets::small_tool(ui, icon, text::EQUAL_WEIGHTS).clicked() {
            *weights = weights.active().map(|(layer, _)| (layer, 1.0)).collect();
        }
    });
    ui.label(theme::small(ui, tooltip));
    ui.add_space(2.0);
    for &layer in layers {
        let name = layer.to_string();
        let mut weight = weights.get(layer);
        if weighted_ui(ui, title, (&name, ""), &mut weight) {
            if weight > 0.0 {
                weights.set(layer, weight);
            } else {
                weights.remove(layer);
            }
        }
    }
}

fn measure_list_ui<T: Copy + Ord>(
    ui: &mut Ui,
    title: &str,
    measures: &[(T, &str, &str)],
    weights: &mut BTreeMap<T, f64>,
    preset: &BTreeMap<T, f64>,
) {
    widgets::hairline(ui);
    widgets::head_with_tools(ui, title, |ui| {
        row::reset_ui(ui, title, weights, preset.clone());
    });
    for &(measure, name, tooltip) in measures {
        let mut weight = weights.get(&measure).copied().unwrap_or(0.0);
        if weighted_ui(ui, title, (name, tooltip), &mut weight) {
            if weight > 0.0 {
                weights.insert(measure, weight);
            } else if weights.len() > 1 {
                weights.remove(&measure);
            }
        }
    }
}

/// A check box and, when it is on, a weight. Answers whether anything changed; 0 is off.
fn weighted_ui(ui: &mut Ui, group: &str, (name, tooltip): (&str, &str), weight: &mut f64) -> bool {
    let before = *weight;
    ui.horizontal(|ui| {
        ui.set_min_height(size::SMALL_TOOL);
        let mut on = *weight > 0.0;
        let check = ui.checkbox(&mut on, name);
        check.widget_info(|| {
            WidgetInfo::selected(
                egui::Role::CheckBox,
                ui.is_enabled(),
                on,
                format!("{group} {name}"),
            )
        });
        let changed = check.changed();
        if !tooltip.is_empty() {
            check.on_hover_text(tooltip);
        }
        if changed {
            *weight = if on { 1.0 } else { 0.0 };
        }
        if !on {
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            let value = egui::RichText::new(format!("{weight:.2}"));
            ui.add_sized(
                [32.0, size::SMALL_TOOL],
                egui::Label::new(value.color(theme::palette(ui).weak)),
            );
            ui.spacing_mut().slider_width = (ui.available_width() - space::S).min(108.0);
            let rail = Rail {
                logarithmic: Some(0.01),
                keeps_outside: true,
                ..Rail::even(0.0..=10.0)
            };
            let response = rail.show(ui, weight);
            response.widget_info(|| {
                WidgetInfo::slider(ui.is_enabled(), *weight, format!("{group} {name} weight"))
            });
        });
    });
    *weight = weight.clamp(range::LAYER_WEIGHT.min, range::LAYER_WEIGHT.max);
    row::differs(*weight, before)
}

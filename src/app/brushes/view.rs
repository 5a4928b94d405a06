//! Under a style image: learn it, or what has been learnt. Under all of them: the brushes that are painted
//! with.

use eframe::egui::{self, Align, Label, Layout, ProgressBar, Response, Ui, WidgetInfo};
use egui_material_icons::{
    MaterialIcon,
    icons::{ICON_BRUSH, ICON_CLOSE, ICON_SCHOOL},
};

use crate::app::{
    command::{Command, features::BrushesCommand},
    session::{Session, picture::Shown},
    slider::Rail,
    text,
    theme::{self, size, space},
    widgets,
};

/// Largest weight of a brush in a blend.
const MOST_WEIGHT: f64 = 4.0;
/// Smallest weight of a brush that is chosen.
const LEAST_WEIGHT: f64 = 0.05;

/// Draws what is to be learnt, or was learnt, of a style image.
pub(crate) fn brush_ui(
    ui: &mut Ui,
    session: &Session,
    (n, shown): (usize, &Shown),
    commands: &mut Vec<Command>,
) {
    let brushes = &session.brushes;
    ui.horizontal(|ui| {
        ui.set_min_height(size::SMALL_TOOL);
        ui.spacing_mut().item_spacing.x = space::XS;
        if let Some(learning) = brushes.lesson_on(&shown.picture) {
            let (step, steps) = learning
                .report
                .map_or((0, 0), |report| (report.step, report.steps));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let stop = widgets::small_tool(ui, ICON_CLOSE, text::STOP_LEARNING);
                if stop.clicked() && !learning.stops {
                    commands.push(Command::Brushes(BrushesCommand::Stop));
                }
                let share = step as f32 / steps.max(1) as f32;
                let words = text::learning(step, steps);
                let bar = ProgressBar::new(share).text(theme::small(ui, words.clone()));
                let bar = ui.add(bar);
                bar.widget_info(|| {
                    WidgetInfo::labeled(egui::Role::ProgressIndicator, true, &words)
                });
            });
            return;
        }
        let known = brushes.of(&shown.picture);
        let label = if known.is_some() {
            text::LEARN_AGAIN
        } else {
            text::LEARN
        };
        let button = text_tool(ui, ICON_SCHOOL, label, brushes.learning.is_none());
        let tooltip = match known {
            Some(known) => text::learnt(&known.brush.name),
            None => text::LEARN_TOOLTIP.to_owned(),
        };
        if button.on_hover_text(tooltip).clicked() {
            commands.push(Command::Brushes(BrushesCommand::Learn(n)));
        }
    });
}

/// A small button with an icon and a word.
fn text_tool(ui: &mut Ui, icon: MaterialIcon, label: &str, enabled: bool) -> Response {
    let icon = icon.rich_text().size(size::SMALL_ICON);
    let button = egui::Button::new((icon, theme::small(ui, label))).frame_when_inactive(false);
    let button = ui.add_enabled(enabled, button);
    button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, enabled, label));
    button
}

/// Draws the brushes that are painted with, and what opens the sheet of all.
pub(crate) fn chosen_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let mut push = |command| commands.push(Command::Brushes(command));
    let brushes = &session.brushes;
    widgets::head(ui, text::BRUSHES);
    if text_tool(ui, ICON_BRUSH, text::SHOW_BRUSHES, true)
        .on_hover_text(text::BRUSHES_HINT)
        .clicked()
    {
        push(BrushesCommand::Toggle);
    }
    if brushes.chosen.is_empty() {
        return;
    }
    let all: f64 = brushes.chosen.iter().map(|chosen| chosen.weight).sum();
    let styles = session.pictures.taking_part();
    let images = brushes.images * styles.map(|style| style.strength).sum::<f64>();
    for (n, chosen) in brushes.chosen.iter().enumerate() {
        let name = &chosen.brush.name;
        ui.horizontal(|ui| {
            ui.set_min_height(size::SMALL_TOOL);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let label = text::without_brush(name);
                if widgets::small_tool(ui, ICON_CLOSE, &label).clicked() {
                    push(BrushesCommand::Drop(n));
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add(Label::new(name).truncate()).on_hover_text(name);
                });
            });
        });
        if brushes.chosen.len() > 1 || images > 0.0 {
            let share = chosen.weight / (all + images);
            let value = weight_ui(ui, chosen.weight, LEAST_WEIGHT, (name, share));
            if let Some(weight) = value {
                push(BrushesCommand::Weight(n, weight));
            }
        }
    }
    ui.label(theme::small(ui, text::STYLE_IMAGES));
    let label = (text::STYLE_IMAGES, images / (all + images));
    if let Some(share) = weight_ui(ui, brushes.images, 0.0, label) {
        push(BrushesCommand::Images(share));
    }
    ui.add(Label::new(theme::small(ui, text::BRUSHES_CHOSEN)).wrap());
}

/// A slider of a weight and what share of the blend it is; answers another weight.
fn weight_ui(ui: &mut Ui, weight: f64, least: f64, (name, share): (&str, f64)) -> Option<f64> {
    let mut value = weight;
    ui.horizontal(|ui| {
        ui.set_min_height(size::SMALL_TOOL);
        ui.spacing_mut().slider_width = ui.available_width() - 44.0;
        let response = Rail::even(least..=MOST_WEIGHT).show(ui, &mut value);
        let name = text::share_of(name);
        response.widget_info(|| WidgetInfo::slider(true, value, &name));
        response.on_hover_text(text::SHARE_TOOLTIP);
        ui.label(theme::figures(ui, format!("{:.0} %", 100.0 * share)));
    });
    (value.to_bits() != weight.to_bits()).then_some(value)
}

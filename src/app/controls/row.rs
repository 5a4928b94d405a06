//! One setting on the panel: name, value, reset, and what it does when the pointer rests on it.

use std::ops::RangeInclusive;

use eframe::egui::{Align, ComboBox, DragValue, Layout, RichText, Ui, WidgetInfo};
use egui_material_icons::icons::ICON_UNDO;

use crate::{
    app::{
        slider::Rail,
        text,
        theme::{self, size, space},
        widgets,
    },
    settings::Range,
};

/// A number with a slider under it.
pub(super) struct Number<'a> {
    pub(super) name: &'a str,
    pub(super) tooltip: &'a str,
    /// What is valid: the number field takes all of it.
    pub(super) range: Range,
    /// What the slider spans: the part of the range that pictures are made with.
    pub(super) slider: RangeInclusive<f64>,
    /// On a logarithmic scale: the smallest value above 0 that the slider tells from 0.
    pub(super) logarithmic: Option<f64>,
    /// Whole numbers only.
    pub(super) whole: bool,
    pub(super) suffix: &'a str,
    /// What a reset goes back to.
    pub(super) reset: f64,
    /// The value of the run at hand, when a change waits for the next start.
    pub(super) at_work: Option<f64>,
}

impl Number<'_> {
    /// Draws it; answers whether `value` was changed.
    pub(super) fn show(self, ui: &mut Ui, value: &mut f64) -> bool {
        let before = *value;
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            ui.horizontal(|ui| {
                ui.set_min_height(size::SMALL_TOOL);
                ui.label(self.name).on_hover_text(self.tooltip);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = 2.0;
                    self.field_ui(ui, value);
                    reset_ui(ui, self.name, value, self.reset);
                });
            });
            self.slider_ui(ui, value);
        });
        next_start_ui(
            ui,
            self.at_work.is_some_and(|at_work| differs(at_work, *value)),
        );
        ui.add_space(space::XS);
        if self.whole {
            *value = value.round();
        }
        *value = value.clamp(self.range.min, self.range.max);
        differs(*value, before)
    }

    fn field_ui(&self, ui: &mut Ui, value: &mut f64) {
        // As far as a hand moves in one go, whatever the magnitude.
        let speed = if self.logarithmic.is_some() {
            (value.abs() * 0.01).max(1e-4)
        } else {
            (self.slider.end() - self.slider.start()) / 250.0
        };
        let mut field = DragValue::new(value)
            .range(self.range.min..=self.range.max)
            .speed(speed)
            .suffix(self.suffix.to_owned())
            .update_while_editing(false)
            .custom_formatter(|value, _| number(value));
        if self.whole {
            field = field.max_decimals(0);
        }
        ui.visuals_mut().widgets.inactive.weak_bg_fill = theme::palette(ui).panel;
        ui.visuals_mut().widgets.inactive.bg_stroke.color = theme::palette(ui).panel;
        let response = ui.add(field);
        response.widget_info(|| {
            let mut info = WidgetInfo::drag_value(ui.is_enabled(), *value);
            info.label = Some(self.name.to_owned());
            info
        });
    }

    fn slider_ui(&self, ui: &mut Ui, value: &mut f64) {
        ui.spacing_mut().slider_width = ui.available_width();
        let rail = Rail {
            span: self.slider.clone(),
            logarithmic: self.logarithmic,
            whole: self.whole,
            keeps_outside: true,
        };
        let response = rail.show(ui, value);
        response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), *value, self.name));
        response.on_hover_text(self.tooltip);
    }
}

/// Whether a number was changed at all: the very value counts, not how far it is.
pub(super) fn differs(value: f64, before: f64) -> bool {
    value.to_bits() != before.to_bits()
}

/// A number in at most four figures.
fn number(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(0.0005..100_000.0).contains(&size) {
        return format!("{value:e}");
    }
    let decimals = match size {
        s if s >= 100.0 => 0,
        s if s >= 10.0 => 1,
        s if s >= 1.0 => 2,
        s if s >= 0.01 => 3,
        _ => 4,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// One choice out of a list.
pub(super) struct Choice<'a, T> {
    pub(super) name: &'a str,
    pub(super) tooltip: &'a str,
    pub(super) options: &'a [(T, &'a str)],
    pub(super) reset: T,
    /// The value of the run at hand, when a change waits for the next start.
    pub(super) at_work: Option<T>,
}

impl<T: Clone + PartialEq> Choice<'_, T> {
    /// Draws it; answers whether `value` was changed.
    pub(super) fn show(self, ui: &mut Ui, value: &mut T) -> bool {
        let before = value.clone();
        ui.horizontal(|ui| {
            ui.set_min_height(size::SMALL_TOOL);
            ui.label(self.name).on_hover_text(self.tooltip);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                let chosen = self.options.iter().find(|(option, _)| option == value);
                let shown = chosen.map_or("", |&(_, label)| label);
                let combo = ComboBox::from_id_salt(self.name)
                    .width(144.0)
                    .truncate()
                    .selected_text(shown)
                    .show_ui(ui, |ui| {
                        for (option, label) in self.options {
                            ui.selectable_value(value, option.clone(), *label);
                        }
                    });
                let name = self.name;
                combo.response.widget_info(|| {
                    let mut info = WidgetInfo::labeled(egui::Role::ComboBox, ui.is_enabled(), name);
                    info.current_text_value = Some(shown.to_owned());
                    info
                });
                combo.response.on_hover_text(self.tooltip);
                reset_ui(ui, self.name, value, self.reset);
            });
        });
        next_start_ui(ui, self.at_work.is_some_and(|at_work| at_work != *value));
        *value != before
    }
}

/// A small button that goes back to the preset's value; there only where something changed, and
/// always taking its place so that nothing moves.
pub(super) fn reset_ui<T: PartialEq>(ui: &mut Ui, name: &str, value: &mut T, reset: T) {
    if *value == reset {
        ui.add_space(size::SMALL_TOOL);
        return;
    }
    if widgets::small_tool(ui, ICON_UNDO, &format!("{} {name}", text::RESET)).clicked() {
        *value = reset;
    }
}

/// The hint that a change waits for the next start.
pub(super) fn next_start_ui(ui: &mut Ui, waits: bool) {
    if waits {
        let color = theme::palette(ui).caution;
        ui.label(
            RichText::new(text::NEXT_START)
                .text_style(egui::TextStyle::Small)
                .color(color),
        )
        .on_hover_text(text::NEXT_START_TOOLTIP);
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (0.97, "0.97"),
            (13.0, "13"),
            (1000.0, "1000"),
            (1e6, "1e6"),
            (0.0001, "1e-4"),
            (0.02, "0.02"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}

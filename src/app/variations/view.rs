//! Draws the sheet of variations in the canvas's place.

use eframe::egui::{
    self, Align, Align2, CursorIcon, Frame, Image, Label, Layout, Margin, Rect, Sense, Stroke,
    StrokeKind, Ui, WidgetInfo, vec2,
};
use egui_material_icons::icons::{ICON_CLOSE, ICON_GRID_VIEW};

use crate::app::{
    action_button::action_button,
    command::{Command, action::ActionId, features::VariationsCommand, ids::Axis, table::tooltip},
    geometry::contain,
    notices::view::toasts_ui,
    session::Session,
    text,
    theme::{self, size, space},
    variations::state::{Cell, Sheet},
    widgets,
};

/// Cells a row.
const COLUMNS: usize = 3;
/// Height of a label under a cell.
const LABEL: f32 = 20.0;

/// The button in the top bar that opens and closes the sheet.
pub(crate) fn tool_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let tooltip = &tooltip(ActionId::Variations);
    let tool = if session.variations.is_open() {
        widgets::toggle(ui, ICON_GRID_VIEW, tooltip, true)
    } else {
        widgets::tool(ui, ICON_GRID_VIEW, tooltip, session.is_ready())
    };
    if tool.clicked() {
        commands.push(Command::Variations(VariationsCommand::Toggle));
    }
}

/// Draws the sheet.
pub(crate) fn sheet_ui(ui: &mut Ui, session: &Session, sheet: &Sheet, commands: &mut Vec<Command>) {
    let colors = theme::palette(ui);
    let canvas = ui.available_rect_before_wrap();
    ui.painter().rect_filled(canvas, 0.0, colors.canvas);
    Frame::new()
        .fill(colors.panel)
        .inner_margin(Margin::symmetric(space::M as i8, 6))
        .show(ui, |ui| bar_ui(ui, sheet, commands));
    let rest = ui.available_rect_before_wrap().shrink(space::M);
    let shape = session
        .pictures
        .content
        .as_ref()
        .map_or(vec2(3.0, 2.0), |shown| shown.screen.size_vec2());
    let rows = sheet.cells.len().div_ceil(COLUMNS);
    let gap = space::S;
    let cell_size = vec2(
        (rest.width() - gap * (COLUMNS - 1) as f32) / COLUMNS as f32,
        (rest.height() - gap * (rows - 1) as f32) / rows as f32,
    );
    for (n, cell) in sheet.cells.iter().enumerate() {
        let place = vec2((n % COLUMNS) as f32, (n / COLUMNS) as f32);
        let rect = Rect::from_min_size(rest.min + place * (cell_size + vec2(gap, gap)), cell_size);
        cell_ui(ui, n, cell, rect, shape, commands);
    }
    toasts_ui(ui, &session.toasts, canvas, commands);
}

fn bar_ui(ui: &mut Ui, sheet: &Sheet, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.set_min_height(size::TOOL);
        ui.label(theme::strong(text::VARIATIONS));
        ui.add_space(space::S);
        let mut axis = sheet.axis;
        let width = (ui.available_width() - 140.0).clamp(160.0, 330.0);
        let layout = Layout::left_to_right(Align::Center);
        let chosen = ui
            .allocate_ui_with_layout(vec2(width, size::TOOL), layout, |ui| {
                widgets::segments(
                    ui,
                    &mut axis,
                    &[
                        (Axis::Dial, text::DIAL, text::VARY_DIAL_TOOLTIP),
                        (Axis::Strokes, text::STROKES, text::VARY_STROKES_TOOLTIP),
                        (
                            Axis::Measure,
                            text::VARY_MEASURE,
                            text::VARY_MEASURE_TOOLTIP,
                        ),
                    ],
                )
            })
            .inner;
        if chosen {
            commands.push(Command::Variations(VariationsCommand::Open(axis)));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            action_button(ui, ICON_CLOSE, ActionId::CloseSheet, true, commands);
            let (done, all) = (sheet.finished(), sheet.cells.len());
            let words = if done < all {
                text::sketched(done, all)
            } else {
                text::CHOOSE_VARIATION.to_owned()
            };
            ui.add(Label::new(theme::small(ui, words)).truncate());
        });
    });
}

fn cell_ui(
    ui: &mut Ui,
    n: usize,
    cell: &Cell,
    rect: Rect,
    shape: egui::Vec2,
    commands: &mut Vec<Command>,
) {
    let colors = theme::palette(ui);
    let id = ui.scope_id().with(("variation", n));
    let response = ui
        .interact(rect, id, Sense::click())
        .on_hover_cursor(CursorIcon::PointingHand);
    let name = format!("{}: {}", text::VARIATION, cell.label);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &name));
    let frame = contain(rect.with_max_y(rect.bottom() - LABEL), shape);
    let radius = theme::CONTROL_RADIUS;
    ui.painter().rect_filled(frame, radius, colors.sunken);
    if let Some(texture) = &cell.texture {
        Image::from_texture(texture)
            .corner_radius(radius)
            .paint_at(ui, frame);
    } else {
        let words = if cell.trouble.is_some() {
            text::NO_SKETCH
        } else {
            text::SKETCH_WAITS
        };
        let font = egui::TextStyle::Small.resolve(ui.style());
        let center = Align2::CENTER_CENTER;
        ui.painter()
            .text(frame.center(), center, words, font, colors.weak);
    }
    let stroke = if response.has_focus() || response.hovered() {
        Stroke::new(2.0, colors.accent)
    } else if cell.chosen {
        Stroke::new(2.0, colors.weak)
    } else {
        Stroke::new(1.0, colors.outline)
    };
    ui.painter()
        .rect_stroke(frame, radius, stroke, StrokeKind::Outside);
    let label = if cell.chosen {
        format!("{} ({})", cell.label, text::AS_NOW)
    } else {
        cell.label.clone()
    };
    let font = egui::TextStyle::Small.resolve(ui.style());
    let at = egui::pos2(frame.center().x, frame.bottom() + LABEL / 2.0);
    let center = Align2::CENTER_CENTER;
    ui.painter().text(at, center, label, font, colors.text);
    if response.clicked() {
        commands.push(Command::Variations(VariationsCommand::Choose(n)));
    }
    let tooltip = cell.trouble.as_deref().unwrap_or(text::VARIATION_TOOLTIP);
    response.on_hover_text(tooltip);
}

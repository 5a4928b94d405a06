//! Draws the sheet of variations in the canvas's place.

use eframe::egui::{Align, Label, Layout, Rect, Stroke, Ui, Vec2, vec2};
use egui_material_icons::icons::{ICON_CLOSE, ICON_GRID_VIEW};

use crate::app::{
    action_button::action_button,
    cells::{self, cell_ui, sheet_frame_ui},
    command::{Command, action::ActionId, features::VariationsCommand, ids::Axis, table::tooltip},
    session::Session,
    text,
    theme::{self, size, space},
    variations::state::{Cell, Sheet},
    widgets,
};

/// Cells a row.
const COLUMNS: usize = 3;

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
    sheet_frame_ui(
        ui,
        session,
        commands,
        |ui, commands| bar_ui(ui, sheet, commands),
        |ui, shape, commands| cells_ui(ui, sheet, shape, commands),
    );
}

fn cells_ui(ui: &mut Ui, sheet: &Sheet, shape: Vec2, commands: &mut Vec<Command>) {
    let rest = ui.available_rect_before_wrap();
    let rows = sheet.cells.len().div_ceil(COLUMNS);
    let gap = space::S;
    let cell_size = vec2(
        (rest.width() - gap * (COLUMNS - 1) as f32) / COLUMNS as f32,
        (rest.height() - gap * (rows - 1) as f32) / rows as f32,
    );
    for (n, cell) in sheet.cells.iter().enumerate() {
        let place = vec2((n % COLUMNS) as f32, (n / COLUMNS) as f32);
        let rect = Rect::from_min_size(rest.min + place * (cell_size + vec2(gap, gap)), cell_size);
        variation_ui(ui, n, cell, rect, shape, commands);
    }
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

fn variation_ui(
    ui: &mut Ui,
    n: usize,
    cell: &Cell,
    rect: Rect,
    shape: Vec2,
    commands: &mut Vec<Command>,
) {
    let colors = theme::palette(ui);
    let label = if cell.chosen {
        format!("{} ({})", cell.label, text::AS_NOW)
    } else {
        cell.label.clone()
    };
    let drawn = cells::Cell {
        texture: cell.texture.as_ref(),
        waits: if cell.trouble.is_some() {
            text::NO_SKETCH
        } else {
            text::SKETCH_WAITS
        },
        label: &label,
        name: &format!("{}: {}", text::VARIATION, cell.label),
        stroke: if cell.chosen {
            Stroke::new(2.0, colors.weak)
        } else {
            Stroke::new(1.0, colors.outline)
        },
        selected: None,
    };
    let id = ui.scope_id().with(("variation", n));
    let response = cell_ui(ui, id, rect, shape, &drawn);
    if response.clicked() {
        commands.push(Command::Variations(VariationsCommand::Choose(n)));
    }
    let tooltip = cell.trouble.as_deref().unwrap_or(text::VARIATION_TOOLTIP);
    response.on_hover_text(tooltip);
}

//! Draws the sheet of all brushes in the canvas's place: each on the user's own picture.

use eframe::egui::{self, Align, Label, Layout, Rect, ScrollArea, Sense, Stroke, Ui, Vec2, vec2};
use egui_material_icons::icons::ICON_CLOSE;

use crate::app::{
    action_button::action_button,
    brushes::state::Sheet,
    cells::{self, LABEL, cell_ui, sheet_frame_ui},
    command::{Command, action::ActionId, features::BrushesCommand},
    session::Session,
    text,
    theme::{self, size, space},
};

/// Width that a picture has at least, in points.
const CELL_WIDTH: f32 = 190.0;

/// Draws it.
pub(crate) fn brush_sheet_ui(
    ui: &mut Ui,
    session: &Session,
    sheet: &Sheet,
    commands: &mut Vec<Command>,
) {
    sheet_frame_ui(ui, session, commands, bar_ui, |ui, shape, commands| {
        ScrollArea::vertical()
            .auto_shrink([false, false])
            .show(ui, |ui| cells_ui(ui, session, sheet, shape, commands));
    });
}

fn bar_ui(ui: &mut Ui, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.set_min_height(size::TOOL);
        ui.label(theme::strong(text::BRUSHES));
        ui.add_space(space::S);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            action_button(ui, ICON_CLOSE, ActionId::CloseSheet, true, commands);
            ui.add(Label::new(theme::small(ui, text::BRUSH_SHEET_HINT)).truncate());
        });
    });
}

fn cells_ui(
    ui: &mut Ui,
    session: &Session,
    sheet: &Sheet,
    shape: Vec2,
    commands: &mut Vec<Command>,
) {
    let colors = theme::palette(ui);
    let gap = space::S;
    let width = ui.available_width() - f32::from(theme::SCROLL_ROOM);
    let columns = ((width + gap) / (CELL_WIDTH + gap)).floor().clamp(2.0, 8.0);
    let width = (width - gap * (columns - 1.0)) / columns;
    // An upright picture takes no more height than a square.
    let height = width * (shape.y / shape.x).min(1.0) + LABEL;
    for (row, cells) in sheet.cells.chunks(columns as usize).enumerate() {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        if !ui.is_rect_visible(rect) {
            continue;
        }
        for (column, cell) in cells.iter().enumerate() {
            let left = rect.left() + column as f32 * (width + gap);
            let place = Rect::from_min_size(egui::pos2(left, rect.top()), vec2(width, height));
            let n = row * columns as usize + column;
            let name = &cell.brush.name;
            let on = session.brushes.is_chosen(&cell.brush);
            let drawn = cells::Cell {
                texture: cell.texture.as_ref(),
                waits: text::SKETCH_WAITS,
                label: name,
                name: &text::brush_cell(name),
                stroke: if on {
                    Stroke::new(2.0, colors.accent)
                } else {
                    Stroke::new(1.0, colors.outline)
                },
                selected: Some(on),
            };
            let id = ui.scope_id().with(("brush", n));
            let response = cell_ui(ui, id, place, shape, &drawn);
            if response.clicked() {
                let add = ui.input(|input| input.modifiers.shift || input.modifiers.command);
                commands.push(Command::Brushes(BrushesCommand::Choose { n, add }));
            }
            response.on_hover_text(name);
        }
    }
}

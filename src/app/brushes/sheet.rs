//! Draws the sheet of all brushes in the canvas's place: each on the user's own picture.

use eframe::egui::{
    self, Align, Align2, CursorIcon, Frame, Image, Label, Layout, Margin, Rect, RichText,
    ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2,
};
use egui_material_icons::icons::ICON_CLOSE;

use crate::app::{
    action_button::action_button,
    brushes::state::{Cell, Sheet},
    command::{Command, action::ActionId, features::BrushesCommand},
    geometry::contain,
    notices::view::toasts_ui,
    session::Session,
    text,
    theme::{self, size, space},
};

/// Width that a picture has at least, in points.
const CELL_WIDTH: f32 = 190.0;
/// Height of a name under a picture.
const LABEL: f32 = 22.0;

/// Draws it.
pub(crate) fn brush_sheet_ui(
    ui: &mut Ui,
    session: &Session,
    sheet: &Sheet,
    commands: &mut Vec<Command>,
) {
    let colors = theme::palette(ui);
    let canvas = ui.available_rect_before_wrap();
    ui.painter().rect_filled(canvas, 0.0, colors.canvas);
    Frame::new()
        .fill(colors.panel)
        .inner_margin(Margin::symmetric(space::M as i8, 6))
        .show(ui, |ui| bar_ui(ui, commands));
    let shown = session.pictures.content.as_ref();
    let shape = shown.map_or(vec2(3.0, 2.0), |shown| shown.screen.size_vec2());
    Frame::new()
        .inner_margin(Margin::same(space::M as i8))
        .show(ui, |ui| {
            ScrollArea::vertical()
                .auto_shrink([false, false])
                .show(ui, |ui| cells_ui(ui, session, sheet, shape, commands));
        });
    toasts_ui(ui, &session.toasts, canvas, commands);
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
    let gap = space::S;
    let width = ui.available_width() - f32::from(theme::SCROLL_ROOM);
    let columns = ((width + gap) / (CELL_WIDTH + gap)).floor().clamp(2.0, 8.0);
    let width = (width - gap * (columns - 1.0)) / columns;
    // An upright picture takes no more height than a square.
    let height = width * (shape.y / shape.x).min(1.0) + LABEL;
    let rows = sheet.cells.chunks(columns as usize).enumerate();
    for (row, cells) in rows {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        if !ui.is_rect_visible(rect) {
            continue;
        }
        for (column, cell) in cells.iter().enumerate() {
            let left = rect.left() + column as f32 * (width + gap);
            let place = Rect::from_min_size(egui::pos2(left, rect.top()), vec2(width, height));
            let on = session.brushes.is_chosen(&cell.brush);
            let n = row * columns as usize + column;
            if let Some(add) = cell_ui(ui, (n, cell), on, place, shape) {
                commands.push(Command::Brushes(BrushesCommand::Choose { n, add }));
            }
        }
    }
}

/// Draws a brush; answers whether it was clicked, and whether to be added.
fn cell_ui(
    ui: &mut Ui,
    (n, cell): (usize, &Cell),
    on: bool,
    rect: Rect,
    shape: Vec2,
) -> Option<bool> {
    let colors = theme::palette(ui);
    let id = ui.scope_id().with(("brush", n));
    let response = ui
        .interact(rect, id, Sense::click())
        .on_hover_cursor(CursorIcon::PointingHand);
    let name = &cell.brush.name;
    response
        .widget_info(|| WidgetInfo::selected(egui::Role::Button, true, on, text::brush_cell(name)));
    let frame = contain(rect.with_max_y(rect.bottom() - LABEL), shape);
    let radius = theme::CONTROL_RADIUS;
    ui.painter().rect_filled(frame, radius, colors.sunken);
    let small = egui::TextStyle::Small.resolve(ui.style());
    if let Some(texture) = &cell.texture {
        Image::from_texture(texture)
            .corner_radius(radius)
            .paint_at(ui, frame);
    } else {
        let center = Align2::CENTER_CENTER;
        let words = text::SKETCH_WAITS;
        ui.painter()
            .text(frame.center(), center, words, small.clone(), colors.weak);
    }
    let stroke = if on || response.has_focus() || response.hovered() {
        Stroke::new(2.0, colors.accent)
    } else {
        Stroke::new(1.0, colors.outline)
    };
    ui.painter()
        .rect_stroke(frame, radius, stroke, StrokeKind::Outside);
    let color = if on { colors.accent } else { colors.text };
    let place = rect
        .with_min_y(frame.bottom())
        .with_max_y(frame.bottom() + LABEL);
    let label = Label::new(RichText::new(name).font(small).color(color));
    ui.put(place, label.truncate().selectable(false));
    let clicked = response.clicked();
    let added = ui.input(|input| input.modifiers.shift || input.modifiers.command);
    response.on_hover_text(name);
    clicked.then_some(added)
}

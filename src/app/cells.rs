//! Sheets in the canvas's place: a bar above, and cells with a picture and its name, each a button.

use eframe::egui::{
    self, Align2, CursorIcon, Frame, Id, Image, Label, Margin, Rect, Response, RichText, Sense,
    Stroke, StrokeKind, TextureHandle, Ui, Vec2, WidgetInfo, vec2,
};

use crate::app::{
    command::Command,
    geometry::contain,
    notices::view::toasts_ui,
    session::Session,
    theme::{self, space},
};

/// Height of a name under a picture, in points.
pub(crate) const LABEL: f32 = 22.0;

/// Draws a sheet: its bar, its cells in what room is left, and the notices. The cells get the shape of
/// the content image.
pub(crate) fn sheet_frame_ui(
    ui: &mut Ui,
    session: &Session,
    commands: &mut Vec<Command>,
    bar: impl FnOnce(&mut Ui, &mut Vec<Command>),
    cells: impl FnOnce(&mut Ui, Vec2, &mut Vec<Command>),
) {
    let colors = theme::palette(ui);
    let canvas = ui.available_rect_before_wrap();
    ui.painter().rect_filled(canvas, 0.0, colors.canvas);
    Frame::new()
        .fill(colors.panel)
        .inner_margin(Margin::symmetric(space::M as i8, 6))
        .show(ui, |ui| bar(ui, commands));
    let content = session.pictures.content.as_ref();
    let shape = content.map_or(vec2(3.0, 2.0), |shown| shown.screen.size_vec2());
    Frame::new()
        .inner_margin(Margin::same(space::M as i8))
        .show(ui, |ui| cells(ui, shape, commands));
    toasts_ui(ui, &session.toasts, canvas, commands);
}

/// What a cell shows.
pub(crate) struct Cell<'a> {
    pub(crate) texture: Option<&'a TextureHandle>,
    /// In the picture's place until it is there.
    pub(crate) waits: &'a str,
    pub(crate) label: &'a str,
    /// Its accessible name.
    pub(crate) name: &'a str,
    /// The frame of one that is neither hovered nor focused.
    pub(crate) stroke: Stroke,
    /// Whether it is on, where cells can be.
    pub(crate) selected: Option<bool>,
}

/// Draws a cell in `rect`, its picture with the sides of `shape`.
pub(crate) fn cell_ui(ui: &mut Ui, id: Id, rect: Rect, shape: Vec2, cell: &Cell<'_>) -> Response {
    let colors = theme::palette(ui);
    let response = ui
        .interact(rect, id, Sense::click())
        .on_hover_cursor(CursorIcon::PointingHand);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(egui::Role::Button, true, cell.name);
        info.selected = cell.selected;
        info
    });
    let frame = contain(rect.with_max_y(rect.bottom() - LABEL), shape);
    let radius = theme::CONTROL_RADIUS;
    ui.painter().rect_filled(frame, radius, colors.sunken);
    let small = egui::TextStyle::Small.resolve(ui.style());
    if let Some(texture) = cell.texture {
        Image::from_texture(texture)
            .corner_radius(radius)
            .paint_at(ui, frame);
    } else {
        let center = Align2::CENTER_CENTER;
        let font = small.clone();
        ui.painter()
            .text(frame.center(), center, cell.waits, font, colors.weak);
    }
    let stroke = if response.has_focus() || response.hovered() {
        Stroke::new(2.0, colors.accent)
    } else {
        cell.stroke
    };
    ui.painter()
        .rect_stroke(frame, radius, stroke, StrokeKind::Outside);
    let place = rect
        .with_min_y(frame.bottom())
        .with_max_y(frame.bottom() + LABEL);
    let label = RichText::new(cell.label).font(small).color(colors.text);
    ui.put(place, Label::new(label).truncate().selectable(false));
    response
}

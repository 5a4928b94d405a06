//! The canvas and its line by keyboard: what has the focus takes the arrow keys.

use eframe::egui::{
    self, EventFilter, Key, Modifiers, Rect, Response, Stroke, StrokeKind, Ui, Vec2, vec2,
};

use crate::app::{canvas::state::View, theme};

/// Points that the picture moves with one press.
const PAN: f32 = 40.0;
/// Share of the picture that the line moves with one press.
const SPLIT: f32 = 0.02;

/// The arrows pressed in this frame, as a direction; keeps them from moving the focus.
fn arrows(ui: &Ui, response: &Response, filter: EventFilter) -> Vec2 {
    if !response.has_focus() {
        return Vec2::ZERO;
    }
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let pressed = |key| {
        let count = ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        count as f32
    };
    let mut direction = Vec2::ZERO;
    if filter.horizontal_arrows {
        direction.x = pressed(Key::ArrowRight) - pressed(Key::ArrowLeft);
    }
    if filter.vertical_arrows {
        direction.y = pressed(Key::ArrowDown) - pressed(Key::ArrowUp);
    }
    direction
}

/// Moves the picture when the canvas has the focus, and shows that it has.
pub(super) fn pan_by_keys(
    ui: &Ui,
    view: &mut View,
    response: &Response,
    pane: Rect,
    size_px: Vec2,
) {
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    let direction = arrows(ui, response, filter);
    if direction != Vec2::ZERO {
        view.pan(-PAN * direction, pane, size_px);
    }
    if response.has_focus() {
        let stroke = Stroke::new(1.5, theme::palette(ui).accent);
        ui.painter()
            .rect_stroke(response.rect, 0.0, stroke, StrokeKind::Inside);
    }
}

/// Moves the line when it has the focus.
pub(super) fn split_by_keys(ui: &Ui, view: &mut View, response: &Response) {
    let filter = EventFilter {
        horizontal_arrows: true,
        ..EventFilter::default()
    };
    let direction = arrows(ui, response, filter);
    view.split = (view.split + SPLIT * direction.x).clamp(0.0, 1.0);
    if response.has_focus() {
        let knob = egui::pos2(response.rect.center().x, response.rect.center().y);
        let ring = Rect::from_center_size(knob, vec2(30.0, 30.0));
        let stroke = Stroke::new(2.0, theme::palette(ui).accent);
        ui.painter()
            .rect_stroke(ring, 15, stroke, StrokeKind::Inside);
    }
}

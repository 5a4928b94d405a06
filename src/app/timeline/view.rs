//! The bottom panel: the run as a film that can be wound back, its branches, the course of its
//! losses, and the snapshots.
//!
//! Film, branches and losses share one axis of steps; a line through all of them marks the moment
//! on the canvas.

use eframe::egui::{Align, Layout, RichText, Ui, vec2};

use crate::app::{
    command::Command,
    session::Session,
    snapshots::view::snapshots_ui,
    text,
    theme::{self, space},
    timeline::{axis::Axis, curve, head, lanes, strip},
};

/// Height of the film in points where there is room.
const STRIP: f32 = 44.0;
/// Least height of the panel's body that has room for more than a bare bar.
const ROOMY: f32 = 110.0;

/// Draws the panel.
pub(crate) fn timeline_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    head::head_ui(ui, session, commands);
    ui.add_space(space::XS);
    let height = ui.available_height();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        let whole = ui.available_width();
        let snapshots_width = (whole * 0.34).clamp(150.0, 420.0);
        let left = whole - snapshots_width - space::L;
        let layout = Layout::left_to_right(Align::Min);
        ui.allocate_ui_with_layout(vec2(left, height), layout, |ui| {
            shares_ui(ui, session);
            ui.vertical(|ui| film_ui(ui, session, commands));
        });
        let rest = vec2(ui.available_width(), height);
        ui.allocate_ui_with_layout(rest, Layout::top_down(Align::Min), |ui| {
            snapshots_ui(ui, session, commands);
        });
    });
}

/// Film, branches and losses above each other, on one axis.
fn film_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.y = space::XS;
    let axis = Axis::of(session, ui.available_rect_before_wrap().x_range());
    let roomy = ui.available_height() > ROOMY;
    let strip = if roomy { STRIP } else { 18.0 };
    strip::strip_ui(ui, session, axis, strip, commands);
    lanes::lanes_ui(ui, session, axis, commands);
    curve::curve_ui(ui, session, axis, commands);
}

/// "63 % style reached, 81 % content kept", of the moment that is looked at or of now.
fn shares_ui(ui: &mut Ui, session: &Session) {
    let colors = theme::palette(ui);
    let moment = session.timeline.frame_shown();
    let moment = moment.map(|frame| (frame.style_reached, frame.content_kept));
    let report = session.run.report.as_ref();
    let now = report.map(|report| (report.style_reached, report.content_kept));
    let shown = moment.or(now);
    ui.vertical(|ui| {
        ui.set_width(88.0);
        ui.spacing_mut().item_spacing.y = 1.0;
        let share = |value: Option<f64>| {
            value.map_or_else(|| "–".to_owned(), |value| format!("{:.0} %", 100.0 * value))
        };
        for (value, label, color) in [
            (
                share(shown.map(|(style, _)| style)),
                text::STYLE_REACHED,
                colors.style,
            ),
            (
                share(shown.map(|(_, content)| content)),
                text::CONTENT_KEPT,
                colors.content,
            ),
        ] {
            ui.label(RichText::new(value).heading().size(19.0).color(color))
                .on_hover_text(text::SHARES_TOOLTIP);
            ui.label(theme::small(ui, label))
                .on_hover_text(text::SHARES_TOOLTIP);
            ui.add_space(space::XS);
        }
    });
}

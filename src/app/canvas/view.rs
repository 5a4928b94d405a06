//! The middle: the picture being painted, zoomed, moved and compared.

use std::sync::Arc;

use eframe::egui::{
    self, Color32, CursorIcon, Id, Painter, Rect, Response, Sense, Stroke, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

use crate::app::{
    canvas::{bar, keys, overlays, state::View},
    command::{
        Command,
        features::ViewCommand,
        ids::{Compare, Source, WantedDetail},
    },
    detail::state::{visible, whole, with_room},
    drops::view::canvas_targets_ui,
    geometry::contain,
    notices::view::toasts_ui,
    session::Session,
    text, theme,
};

/// Side of a field of the checkerboard, in points.
const CHECKER: f32 = 10.0;
/// Zoom of one key press or click.
const ZOOM_STEP: f32 = 1.25;

/// Draws the canvas with its bar.
pub(crate) fn canvas_ui(
    ui: &mut Ui,
    session: &Session,
    view: &mut View,
    asked: &[ViewCommand],
    commands: &mut Vec<Command>,
) {
    let mut asked = asked.to_vec();
    ui.spacing_mut().item_spacing.y = 0.0;
    bar::bar_ui(ui, session, view, &mut asked, commands);
    let canvas = ui.available_rect_before_wrap();
    // The bar shows the zoom, and is drawn before the canvas knows its place.
    ui.data_mut(|data| data.insert_temp(Id::unique("canvas"), canvas));
    ui.painter()
        .rect_filled(canvas, 0.0, theme::palette(ui).canvas);
    let response = ui.allocate_rect(canvas, Sense::click_and_drag());
    let source = session.source();
    response.widget_info(|| {
        let name = format!("{}: {}", text::CANVAS, bar::source_name(session, source));
        WidgetInfo::labeled(egui::Role::Image, true, name)
    });
    if let Some(size_px) = session.size_px(source) {
        let size_px = vec2(size_px.0 as f32, size_px.1 as f32);
        let panes = panes(view, canvas);
        for command in asked {
            obey(ui, view, command, panes[0], size_px);
        }
        draw_panes(ui, session, view, &panes, size_px, commands);
        if view.compare == Compare::Split && !view.blink {
            split_line_ui(ui, view, panes[0], size_px);
        }
        move_and_zoom(ui, view, &response, &panes, size_px);
        keys::pan_by_keys(ui, view, &response, panes[0], size_px);
    }
    if source == Source::Instant && !view.blink && view.compare == Compare::Single {
        words_ui(
            ui,
            session.instant_tag().to_owned(),
            canvas,
            egui::Align2::LEFT_TOP,
        );
    }
    overlays::overlays_ui(ui, session, canvas, commands);
    canvas_targets_ui(ui, session, canvas);
    toasts_ui(ui, &session.toasts, canvas, commands);
}

/// One rectangle, or two beside each other.
fn panes(view: &View, canvas: Rect) -> Vec<Rect> {
    if view.compare != Compare::Side {
        return vec![canvas];
    }
    let (left, right) = canvas.split_left_right_at_fraction(0.5);
    vec![
        left.with_max_x(left.max.x - 1.0),
        right.with_min_x(right.min.x + 1.0),
    ]
}

fn obey(ui: &Ui, view: &mut View, command: ViewCommand, pane: Rect, size_px: Vec2) {
    let center = pane.center();
    match command {
        ViewCommand::Fit => view.fit(),
        ViewCommand::OneToOne => {
            view.zoom_to(1.0 / ui.pixels_per_point(), center, pane, size_px);
        }
        ViewCommand::ZoomIn => view.zoom_by(ZOOM_STEP, center, pane, size_px),
        ViewCommand::ZoomOut => view.zoom_by(1.0 / ZOOM_STEP, center, pane, size_px),
        ViewCommand::Compare(compare) => {
            view.compare = if view.compare == compare {
                Compare::Single
            } else {
                compare
            };
        }
    }
}

fn draw_panes(
    ui: &Ui,
    session: &Session,
    view: &View,
    panes: &[Rect],
    size_px: Vec2,
    commands: &mut Vec<Command>,
) {
    let mut draw = |source, frame, clip| draw(ui, session, source, frame, clip, commands);
    let source = session.source();
    let other = view.with;
    if let [left, right] = panes {
        for (pane, source) in [(left, other), (right, source)] {
            let frame = view.picture_rect(*pane, size_px);
            draw(source, frame, *pane);
            tag_ui(ui, session, source, *pane, egui::Align2::LEFT_BOTTOM);
        }
        return;
    }
    let canvas = panes[0];
    let frame = view.picture_rect(canvas, size_px);
    let shown = if view.blink { other } else { source };
    draw(shown, frame, canvas);
    if view.blink {
        tag_ui(ui, session, other, canvas, egui::Align2::LEFT_BOTTOM);
    } else if view.compare == Compare::Split {
        let x = frame.left() + frame.width() * view.split;
        let clip = canvas.with_max_x(x.clamp(canvas.left(), canvas.right()));
        draw(other, frame, clip);
        tag_ui(ui, session, other, canvas, egui::Align2::LEFT_BOTTOM);
        tag_ui(ui, session, source, canvas, egui::Align2::RIGHT_BOTTOM);
    }
}

/// Draws one source into `frame`, as far as it lies in `clip`.
fn draw(
    ui: &Ui,
    session: &Session,
    source: Source,
    frame: Rect,
    clip: Rect,
    commands: &mut Vec<Command>,
) {
    let Some(texture) = session.texture(source) else {
        return;
    };
    // Style images have a shape of their own; all others are the content's.
    let rect = match source {
        Source::Style(_) => contain(frame, texture.size_vec2()),
        _ => frame,
    };
    let painter = ui.painter().with_clip_rect(clip.intersect(ui.clip_rect()));
    if source != Source::Now || session.run.has_alpha() {
        checkerboard(&painter, theme::palette(ui).checker, rect.intersect(clip));
    }
    if matches!(source, Source::Style(_)) && rect.size() != frame.size() {
        painter.rect_filled(frame, 0.0, theme::palette(ui).canvas);
    }
    painter.image(texture.id(), rect, whole(), Color32::WHITE);
    let Some(picture) = session.whole_picture(source) else {
        return;
    };
    let size_px = (picture.planes.width, picture.planes.height);
    let seen = clip.intersect(ui.clip_rect());
    let scale = ui.pixels_per_point();
    let Some(part) = visible(size_px, texture.size()[0], rect, seen, scale) else {
        return;
    };
    if let Some(sharp) = session.detail.of(picture) {
        let place = sharp.part.rect(rect, size_px);
        painter.image(sharp.texture.id(), place, whole(), Color32::WHITE);
    }
    if !session.detail.has(picture, &part) {
        commands.push(Command::Detail(WantedDetail {
            picture: Arc::clone(picture),
            part: with_room(part, size_px),
        }));
    }
}

/// Shows through where a picture is transparent.
fn checkerboard(painter: &Painter, [dark, light]: [Color32; 2], rect: Rect) {
    if !rect.is_positive() {
        return;
    }
    painter.rect_filled(rect, 0.0, dark);
    let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let (columns, rows) = (rect.width() / CHECKER, rect.height() / CHECKER);
    for row in 0..=rows as usize {
        for column in (row % 2..=columns as usize).step_by(2) {
            let corner = rect.min + CHECKER * vec2(column as f32, row as f32);
            let field = Rect::from_min_size(corner, Vec2::splat(CHECKER));
            painter.rect_filled(field, 0.0, light);
        }
    }
}

/// Says which picture is where, in a corner.
fn tag_ui(ui: &Ui, session: &Session, source: Source, canvas: Rect, corner: egui::Align2) {
    let name = match source {
        Source::Instant => session.instant_tag().to_owned(),
        source => bar::source_name(session, source),
    };
    words_ui(ui, name, canvas, corner);
}

/// Words on a plate in a corner of the canvas.
fn words_ui(ui: &Ui, name: String, canvas: Rect, corner: egui::Align2) {
    let colors = theme::palette(ui);
    let font = egui::TextStyle::Small.resolve(ui.style());
    let galley = ui.painter().layout_no_wrap(name, font, colors.text);
    let size = galley.size() + vec2(16.0, 8.0);
    let rect = corner.align_size_within_rect(size, canvas.shrink(theme::space::M));
    let fill = colors.panel.gamma_multiply(0.9);
    ui.painter().rect_filled(rect, theme::CONTROL_RADIUS, fill);
    ui.painter()
        .galley(rect.min + vec2(8.0, 4.0), galley, colors.text);
}

fn split_line_ui(ui: &mut Ui, view: &mut View, canvas: Rect, size_px: Vec2) {
    let frame = view.picture_rect(canvas, size_px);
    let x = (frame.left() + frame.width() * view.split)
        .clamp(canvas.left() + 6.0, canvas.right() - 6.0);
    let visible = frame.intersect(canvas);
    let grip = Rect::from_center_size(
        pos2(x, visible.center().y),
        vec2(16.0, visible.height().max(1.0)),
    );
    let response = ui
        .interact(grip, Id::unique("split line"), Sense::drag())
        .on_hover_cursor(CursorIcon::ResizeHorizontal);
    response.widget_info(|| WidgetInfo::slider(true, f64::from(view.split), text::SPLIT_LINE));
    if let Some(pointer) = response.interact_pointer_pos()
        && response.dragged()
    {
        view.split = ((pointer.x - frame.left()) / frame.width()).clamp(0.0, 1.0);
    }
    keys::split_by_keys(ui, view, &response);
    let on = response.hovered() || response.dragged();
    let colors = theme::palette(ui);
    let painter = ui.painter().with_clip_rect(canvas);
    let shade = Stroke::new(3.0, Color32::from_black_alpha(90));
    painter.vline(x, visible.y_range(), shade);
    painter.vline(x, visible.y_range(), Stroke::new(1.5, Color32::WHITE));
    let knob = pos2(x, visible.center().y);
    let fill = if on { colors.accent } else { Color32::WHITE };
    painter.circle(
        knob,
        11.0,
        fill,
        Stroke::new(1.0, Color32::from_black_alpha(90)),
    );
    let arrows = if on {
        colors.on_accent
    } else {
        Color32::from_gray(60)
    };
    for side in [-1.0, 1.0] {
        let tip = knob + vec2(6.0 * side, 0.0);
        let points = vec![
            tip,
            tip + vec2(-3.5 * side, -3.5),
            tip + vec2(-3.5 * side, 3.5),
        ];
        painter.add(egui::Shape::convex_polygon(points, arrows, Stroke::NONE));
    }
}

fn move_and_zoom(ui: &Ui, view: &mut View, response: &Response, panes: &[Rect], size_px: Vec2) {
    let hovered = response.hover_pos().filter(|_| response.contains_pointer());
    let pane_at = |at| panes.iter().find(|pane| pane.contains(at)).copied();
    if let Some(pointer) = hovered
        && let Some(pane) = pane_at(pointer)
    {
        let (pinch, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta().y));
        // About a tenth for each notch of a wheel.
        let factor = pinch * (scroll * 0.003).exp();
        if (factor - 1.0).abs() > f32::EPSILON {
            view.zoom_by(factor, pointer, pane, size_px);
        }
    }
    if response.dragged() && response.drag_delta() != Vec2::ZERO {
        view.pan(response.drag_delta(), panes[0], size_px);
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
    }
    if response.double_clicked() {
        if view.fits() {
            let at = response.interact_pointer_pos().unwrap_or(panes[0].center());
            let pane = pane_at(at).unwrap_or(panes[0]);
            view.zoom_to(1.0 / ui.pixels_per_point(), at, pane, size_px);
        } else {
            view.fit();
        }
    }
}

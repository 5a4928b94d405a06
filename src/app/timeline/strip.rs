//! The film itself: small pictures along the axis of steps, to be dragged through.
//!
//! It is the progress bar as well: filled as far as the run is, with a notch where a level ends.

use std::sync::Arc;

use eframe::egui::{
    self, Align2, CursorIcon, EventFilter, Id, Key, Modifiers, Rect, Response, Sense, Stroke,
    TextStyle, TextureHandle, Ui, WidgetInfo, pos2, vec2,
};

use crate::{
    app::{
        command::{Command, features::TimelineCommand, ids::Moment},
        geometry::cover,
        io::picture::color_image,
        session::{Session, picture::SMOOTH, run::Phase},
        text, theme,
        timeline::{axis::Axis, head},
    },
    transfer::film::Frame,
};

/// Height of the bar under the pictures that tells how far the run is.
const BAR: f32 = 4.0;
/// Between pictures.
const GAP: f32 = 1.0;

/// Draws the film.
pub(super) fn strip_ui(
    ui: &mut Ui,
    session: &Session,
    axis: Axis,
    height: f32,
    commands: &mut Vec<Command>,
) {
    let size = vec2(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let frames = session.timeline.frames(&session.run);
    name_progress(ui, session, rect);
    let shown = session
        .timeline
        .moment
        .map_or_else(|| session.run.step(), |moment| moment.step);
    response.widget_info(|| WidgetInfo::slider(!frames.is_empty(), f64::from(shown), text::FILM));
    let colors = theme::palette(ui);
    let radius = theme::CONTROL_RADIUS;
    ui.painter().rect_filled(rect, radius, colors.sunken);
    if frames.is_empty() {
        if height > 30.0 && session.run.phase == Phase::Idle {
            let font = TextStyle::Small.resolve(ui.style());
            let center = Align2::CENTER_CENTER;
            ui.painter()
                .text(rect.center(), center, text::FILM_EMPTY, font, colors.weak);
        }
    } else {
        let pictures = rect.with_max_y(rect.max.y - BAR - 1.0);
        pictures_ui(ui, &frames, axis, pictures);
    }
    bar_ui(ui, session, axis, rect);
    outline_ui(ui, &response, rect);
    axis.playhead(ui, ui.painter(), session, rect.y_range().expand(2.0));
    if session.timeline.moment.is_some() {
        handle_ui(ui, axis.x_of(shown), rect);
    }
    axis.scrub(session, &response, commands);
    if response.is_pointer_button_down_on() {
        response.request_focus();
    }
    keys(ui, session, &response, &frames, commands);
    let response = response.on_hover_cursor(CursorIcon::ResizeHorizontal);
    // Who has found out how it works wants to see what lies under the hint.
    if session.timeline.moment.is_none() && !frames.is_empty() {
        response.on_hover_text(text::FILM_TOOLTIP);
    }
}

/// The pictures side by side, each the frame nearest to its place, as far as the film goes.
fn pictures_ui(ui: &Ui, frames: &[Arc<Frame>], axis: Axis, rect: Rect) {
    let (Some(first), Some(last)) = (frames.first(), frames.last()) else {
        return;
    };
    let aspect = first.size_px.0 as f32 / first.size_px.1 as f32;
    // Square at most: more moments say more than whole pictures.
    let width = rect.height() * aspect.clamp(0.5, 1.0);
    let end = axis.x_of(last.step).max(rect.left() + 3.0);
    let filled = Rect::from_min_max(rect.min, pos2(end, rect.max.y));
    let painter = ui
        .painter()
        .with_clip_rect(filled.intersect(ui.clip_rect()));
    let cells = ((end - rect.left()) / (width + GAP)).ceil().max(1.0) as usize;
    let mut kept = Vec::with_capacity(cells);
    for cell in 0..cells {
        let left = rect.left() + cell as f32 * (width + GAP);
        let place = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
        let step = axis.step_at(place.center().x.min(end));
        let nearest = frames.iter().min_by_key(|frame| frame.step.abs_diff(step));
        let Some(frame) = nearest else { continue };
        let texture = thumbnail(ui, frame);
        painter.image(
            texture.id(),
            place,
            cover(place, texture.size_vec2()),
            egui::Color32::WHITE,
        );
        kept.push((Moment::of(frame), texture));
    }
    // Those that are not on the screen any more give their memory back.
    ui.data_mut(|data| data.insert_temp(cache(), Arc::new(kept)));
}

type Cache = Arc<Vec<(Moment, TextureHandle)>>;

fn cache() -> Id {
    Id::unique("film thumbnails")
}

/// The texture of a frame's small picture, made when it is first shown.
fn thumbnail(ui: &Ui, frame: &Frame) -> TextureHandle {
    let moment = Moment::of(frame);
    let known: Option<Cache> = ui.data(|data| data.get_temp(cache()));
    let known = known.and_then(|known| {
        let mut known = known.iter();
        let found = known.find(|(of, _)| *of == moment);
        found.map(|(_, texture)| texture.clone())
    });
    known.unwrap_or_else(|| {
        let name = format!("film {} {}", frame.run, frame.step);
        ui.load_texture(name, color_image(&frame.thumbnail), SMOOTH)
    })
}

/// How far the run is, and where its levels end.
fn bar_ui(ui: &Ui, session: &Session, axis: Axis, rect: Rect) {
    let (colors, run) = (theme::palette(ui), &session.run);
    let bar = rect.with_min_y(rect.max.y - BAR);
    let fill = if run.phase == Phase::Paused {
        colors.caution
    } else {
        colors.accent
    };
    if run.step() > 0 {
        let done = bar.with_max_x(axis.x_of(run.step()));
        ui.painter().rect_filled(done, BAR / 2.0, fill);
    }
    let mut sum = 0;
    let notch = Stroke::new(2.0, colors.panel);
    let tick = Stroke::new(1.0, colors.outline);
    for level in run.levels.iter().rev().skip(1).rev() {
        sum += level.steps;
        let stroke = if sum < run.step() { notch } else { tick };
        ui.painter().vline(axis.x_of(sum), bar.y_range(), stroke);
    }
}

fn outline_ui(ui: &Ui, response: &Response, rect: Rect) {
    let colors = theme::palette(ui);
    let stroke = if response.has_focus() {
        Stroke::new(1.5, colors.accent)
    } else if response.hovered() {
        Stroke::new(1.0, colors.weak)
    } else {
        Stroke::new(1.0, colors.outline)
    };
    let inside = egui::StrokeKind::Inside;
    ui.painter()
        .rect_stroke(rect, theme::CONTROL_RADIUS, stroke, inside);
}

/// The grip of the moment that is looked at.
fn handle_ui(ui: &Ui, x: f32, rect: Rect) {
    let colors = theme::palette(ui);
    let top = rect.top() - 2.0;
    let points = vec![
        pos2(x - 6.0, top - 3.0),
        pos2(x + 6.0, top - 3.0),
        pos2(x, top + 6.0),
    ];
    let triangle = egui::Shape::convex_polygon(points, colors.accent, Stroke::NONE);
    ui.painter().add(triangle);
}

/// The progress as readers of screens find it.
fn name_progress(ui: &Ui, session: &Session, rect: Rect) {
    let id = ui.scope_id().with(text::PROGRESS);
    let response = ui.interact(rect, id, Sense::empty());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(egui::Role::ProgressIndicator, true, text::PROGRESS);
        info.current_text_value = Some(head::progress_text(&session.run));
        info
    });
}

/// Arrows wind the film and Enter goes on from it, wherever the focus is not needed for something
/// else.
fn keys(
    ui: &Ui,
    session: &Session,
    response: &Response,
    frames: &[Arc<Frame>],
    commands: &mut Vec<Command>,
) {
    let ctx = ui.ctx();
    if response.has_focus() {
        let filter = EventFilter {
            horizontal_arrows: true,
            ..EventFilter::default()
        };
        ctx.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    }
    let free = response.has_focus() || ctx.memory(|memory| memory.focused().is_none());
    if !free || session.asks() || frames.is_empty() {
        return;
    }
    let pressed = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let at = session.timeline.moment.and_then(|moment| {
        let mut frames = frames.iter();
        frames.position(|frame| Moment::of(frame) == moment)
    });
    let last = frames.len() - 1;
    let look = |at: usize| Command::Timeline(TimelineCommand::Look(Some(Moment::of(&frames[at]))));
    if pressed(Key::ArrowLeft) {
        commands.push(look(at.map_or(last, |at| at.saturating_sub(1))));
    } else if pressed(Key::ArrowRight) && at.is_some() {
        let next = at.map_or(last, |at| at + 1);
        commands.push(if next > last {
            Command::Timeline(TimelineCommand::Look(None))
        } else {
            look(next)
        });
    } else if pressed(Key::Home) {
        commands.push(look(0));
    } else if pressed(Key::End) && at.is_some() {
        commands.push(Command::Timeline(TimelineCommand::Look(None)));
    } else if let Some(moment) = session.timeline.moment
        && pressed(Key::Enter)
    {
        commands.push(Command::Timeline(TimelineCommand::Branch(moment)));
    }
}

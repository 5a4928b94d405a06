//! The branches: a row for each run, forking where it went on from another one.

use eframe::egui::{
    self, Color32, CursorIcon, FontId, Rect, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::{
    app::{
        command::{Command, features::TimelineCommand},
        session::Session,
        text, theme,
        timeline::axis::Axis,
    },
    transfer::film::{Film, Reel},
};

/// Height of a row.
const ROW: f32 = 13.0;
/// Thickness of a row's bar.
const BAR: f32 = 4.0;
/// Rows that are shown at once.
const MOST_ROWS: usize = 3;

/// The color of the run with that place in the film.
pub(super) fn color(ui: &Ui, place: usize) -> Color32 {
    let colors = &theme::palette(ui).branches;
    colors[place % colors.len()]
}

/// Draws the rows, when there is more than one run.
pub(super) fn lanes_ui(ui: &mut Ui, session: &Session, axis: Axis, commands: &mut Vec<Command>) {
    let reels = &session.timeline.reels;
    if reels.len() < 2 {
        return;
    }
    let height = ROW * reels.len().min(MOST_ROWS) as f32;
    ScrollArea::vertical()
        .id_salt("branches")
        .max_height(height)
        .stick_to_bottom(true)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let names = session.timeline.names();
            let top = ui.cursor().top();
            for (place, reel) in reels.iter().enumerate() {
                lane_ui(
                    ui,
                    session,
                    axis,
                    (place, reel, &names[place]),
                    top,
                    commands,
                );
            }
        });
}

fn lane_ui(
    ui: &mut Ui,
    session: &Session,
    axis: Axis,
    (place, reel, name): (usize, &Reel, &str),
    top: f32,
    commands: &mut Vec<Command>,
) {
    let timeline = &session.timeline;
    let size = vec2(ui.available_width(), ROW);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let line = Film::lineage(&timeline.reels, timeline.run_shown(&session.run));
    let upto = line
        .iter()
        .find(|(of, _)| of.run == reel.run)
        .map(|&(_, upto)| upto);
    let last = reel.frames.last().map_or(reel.start, |frame| frame.step);
    let (from, to) = (axis.x_of(reel.start), axis.x_of(last));
    let color = color(ui, place);
    let faint = color.gamma_multiply(0.38);
    let y = rect.center().y;
    let bar = |from: f32, to: f32| {
        Rect::from_min_max(
            pos2(from, y - BAR / 2.0),
            pos2(to.max(from + BAR), y + BAR / 2.0),
        )
    };
    let painter = ui.painter();
    painter.rect_filled(bar(from, to), BAR / 2.0, faint);
    if let Some(upto) = upto {
        painter.rect_filled(bar(from, axis.x_of(upto.min(last))), BAR / 2.0, color);
    }
    if let Some((parent, _)) = reel.from {
        // Up to the row that it leaves.
        let parents = timeline.reels.iter().position(|of| of.run == parent);
        let parents_y = parents.map(|at| top + (at as f32 + 0.5) * ROW);
        if let Some(parents_y) = parents_y {
            let stroke = Stroke::new(1.5, if upto.is_some() { color } else { faint });
            painter.vline(from + BAR / 2.0, parents_y..=y, stroke);
        }
    }
    let lit = upto.is_some() || response.hovered() || response.has_focus();
    let words = if lit {
        theme::palette(ui).text
    } else {
        theme::palette(ui).weak
    };
    // Behind the bar, else before it; a run from end to end leaves no room, and hovering tells.
    let name_text = painter.layout_no_wrap(name.to_owned(), FontId::proportional(10.5), words);
    let (width, top) = (name_text.size().x, y - name_text.size().y / 2.0);
    if to + 8.0 + width < rect.right() {
        painter.galley(pos2(to + 8.0, top), name_text, words);
    } else if from - 6.0 - width > rect.left() {
        painter.galley(pos2(from - 6.0 - width, top), name_text, words);
    }
    response
        .widget_info(|| WidgetInfo::selected(egui::Role::RadioButton, true, upto.is_some(), name));
    if response.clicked() {
        commands.push(Command::Timeline(if reel.run == session.run.id.0 {
            TimelineCommand::Look(None)
        } else {
            TimelineCommand::Line(reel.run)
        }));
    }
    let loss = reel.frames.last().map_or_else(String::new, |frame| {
        format!("\n{}", text::moment(frame.step, frame.loss, frame.secs))
    });
    response
        .on_hover_cursor(CursorIcon::PointingHand)
        .on_hover_text(format!("{name}{loss}"));
}

//! The course of the losses, on the film's axis.

use eframe::egui::{Color32, RichText, Sense, Ui, WidgetInfo, vec2};
use egui_plot::{Line, LineStyle, Plot, PlotPoints, VLine};

use crate::{
    app::{
        command::Command,
        session::{
            Session,
            loss_curve::{LossCurve, LossPoint},
        },
        text,
        theme::{self, space},
        timeline::{axis::Axis, lanes},
    },
    transfer::film::Film,
};

/// One of the losses.
type ValueOf = fn(&LossPoint) -> f64;

/// The losses of a run of this session.
fn curve_of(session: &Session, run: u64) -> Option<&LossCurve> {
    if run == session.run.id.0 {
        return Some(&session.run.curve);
    }
    session.timeline.past.get(&run).map(|past| &past.curve)
}

/// The losses that lead to the end of the run that is shown, and the steps at which settings were
/// changed.
fn course(session: &Session) -> (Vec<LossPoint>, Vec<u32>) {
    let run = session.timeline.run_shown(&session.run);
    let line = Film::lineage(&session.timeline.reels, run);
    if line.is_empty() {
        let points = session.run.curve.points().collect();
        return (points, session.run.changes.clone());
    }
    let (mut points, mut changes) = (Vec::new(), Vec::new());
    for (reel, upto) in line {
        if let Some(curve) = curve_of(session, reel.run) {
            points.extend(curve.points().take_while(|point| point.step <= upto));
        }
        let own = if reel.run == session.run.id.0 {
            Some(&session.run.changes)
        } else {
            session
                .timeline
                .past
                .get(&reel.run)
                .map(|past| &past.changes)
        };
        let own = own.into_iter().flatten().copied();
        changes.extend(own.filter(|&step| step <= upto));
    }
    (points, changes)
}

/// The losses of the runs beside it, with their places in the film.
fn others(session: &Session) -> Vec<(usize, Vec<LossPoint>)> {
    let run = session.timeline.run_shown(&session.run);
    let reels = &session.timeline.reels;
    let line = Film::lineage(reels, run);
    let beside = reels.iter().enumerate().filter_map(|(place, reel)| {
        let upto = line.iter().find(|(of, _)| of.run == reel.run);
        let behind = upto.map_or(0, |&(_, upto)| upto);
        let curve = curve_of(session, reel.run)?;
        let points = curve.points().filter(|point| point.step > behind);
        Some((place, points.collect::<Vec<_>>()))
    });
    beside.filter(|(_, points)| points.len() > 1).collect()
}

/// Draws the losses.
pub(super) fn curve_ui(ui: &mut Ui, session: &Session, axis: Axis, commands: &mut Vec<Command>) {
    let colors = theme::palette(ui);
    let (points, changes) = course(session);
    let lines: [(&str, Color32, ValueOf); 3] = [
        (text::TOTAL, colors.text, |point| point.total),
        (text::ROLE_STYLE, colors.style, |point| point.style),
        (text::ROLE_CONTENT, colors.content, |point| point.content),
    ];
    legend_ui(ui, session, &points, &lines);
    let rect = ui.available_rect_before_wrap();
    if rect.height() < 16.0 {
        return;
    }
    ui.painter()
        .rect_filled(rect, theme::CONTROL_RADIUS, colors.sunken);
    let plot = Plot::new("losses")
        .height(rect.height())
        .show_background(false)
        .show_axes([false, false])
        .show_grid([false, !points.is_empty()])
        .grid_color(colors.outline)
        .grid_fade(0.0)
        .y_grid_spacer(egui_plot::uniform_grid_spacer(|_| [1.0, 1.0, 1.0]))
        .set_margin_fraction(vec2(0.0, 0.12))
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .allow_axis_zoom_drag(false)
        .show_crosshair(false)
        .include_x(0.0)
        .include_x(f64::from(axis.steps))
        .sense(Sense::click_and_drag())
        .label_formatter(|_| None);
    let course_of = |points: &[LossPoint], value: ValueOf| -> PlotPoints<'static> {
        let positive = points.iter().filter(|point| value(point) > 0.0);
        positive
            .map(|point| [f64::from(point.step), value(point).log10()])
            .collect()
    };
    let beside: Vec<_> = others(session)
        .into_iter()
        .map(|(place, points)| (lanes::color(ui, place), course_of(&points, lines[0].2)))
        .collect();
    let plot = plot.show(ui, |plot| {
        for step in changes {
            let line = VLine::new("", f64::from(step)).color(colors.outline);
            plot.vline(line.style(LineStyle::Dashed { length: 4.0 }));
        }
        for (color, points) in beside {
            plot.line(
                Line::new("", points)
                    .color(color.gamma_multiply(0.55))
                    .width(1.2),
            );
        }
        for (name, color, value) in lines {
            plot.line(
                Line::new(name, course_of(&points, value))
                    .color(color)
                    .width(1.6),
            );
        }
    });
    let response = plot.response;
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, text::LOSSES));
    let clipped = ui.painter().with_clip_rect(rect);
    axis.playhead(ui, &clipped, session, rect.y_range());
    axis.scrub(session, &response, commands);
    hover_ui(&points, axis, response);
}

/// Names of the curves, with the values at the moment where there is room.
fn legend_ui(
    ui: &mut Ui,
    session: &Session,
    points: &[LossPoint],
    lines: &[(&str, Color32, ValueOf); 3],
) {
    let looked_at = session.timeline.moment.map(|moment| moment.step);
    let point = match looked_at {
        Some(step) => points.iter().min_by_key(|point| point.step.abs_diff(step)),
        None => points.last(),
    };
    let roomy = ui.available_width() > 260.0;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        if roomy {
            ui.label(theme::small(ui, text::LOSSES));
        }
        for (name, color, value) in lines {
            let figure = point
                .filter(|_| roomy)
                .map_or_else(String::new, |point| text::loss(value(point)));
            let words = format!("{name} {figure}");
            ui.label(RichText::new(words.trim()).small().color(*color));
        }
    });
}

/// The losses at the step under the pointer.
fn hover_ui(points: &[LossPoint], axis: Axis, response: egui::Response) {
    let Some(pointer) = response.hover_pos() else {
        return;
    };
    let step = axis.step_at(pointer.x);
    let nearest = points.iter().min_by_key(|point| point.step.abs_diff(step));
    if let Some(point) = nearest {
        response.on_hover_text(text::losses(
            point.step,
            point.total,
            point.style,
            point.content,
        ));
    }
}

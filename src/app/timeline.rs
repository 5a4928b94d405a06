//! The bottom panel: how far the run is, what it has reached, the course of its losses.

use eframe::egui::{Align, Color32, Layout, Rect, RichText, Sense, Stroke, Ui, WidgetInfo, vec2};
use egui_plot::{Line, LineStyle, Plot, PlotPoints, VLine};

use super::{
    commands::Command,
    loss_curve::LossPoint,
    session::{Phase, Run, Session},
    snapshots, text,
    theme::{self, space},
};

/// Height of the progress bar in points.
const BAR: f32 = 6.0;

/// Draws the panel.
pub(crate) fn timeline_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    progress_ui(ui, &session.run);
    ui.add_space(space::S);
    let height = ui.available_height();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        let whole = ui.available_width();
        let left = (whole * 0.56).min(620.0);
        let layout = Layout::left_to_right(Align::Min);
        ui.allocate_ui_with_layout(vec2(left, height), layout, |ui| {
            shares_ui(ui, &session.run);
            curve_ui(ui, &session.run);
        });
        let rest = ui.available_width();
        ui.allocate_ui_with_layout(vec2(rest, height), Layout::top_down(Align::Min), |ui| {
            snapshots::snapshots_ui(ui, session, commands);
        });
    });
}

/// "Step 143 of 300 · level 3 of 5, 362 × 271 px · 5.2 steps/s", and the time left.
fn progress_words(run: &Run) -> (String, String) {
    let mut words = match run.phase {
        Phase::Idle => return (text::NOT_STARTED.to_owned(), String::new()),
        Phase::Preparing => return (text::PREPARING.to_owned(), String::new()),
        Phase::Finished => format!("Finished · {} steps", run.step()),
        Phase::Stopped => format!("Stopped at step {} of {}", run.step(), run.steps),
        Phase::Paused => format!("Paused at step {} of {}", run.step(), run.steps),
        Phase::Running => format!("Step {} of {}", run.step(), run.steps),
    };
    let level = run.levels.get(run.level());
    if let Some(level) = level.filter(|_| run.phase.is_active()) {
        let (n, all) = (run.level() + 1, run.levels.len());
        let place = format!(
            " · level {n} of {all}, {} × {} px",
            level.width, level.height
        );
        words.push_str(&place);
    }
    let right = match run.phase {
        Phase::Running | Phase::Paused => run
            .pace
            .left_secs()
            .map(|secs| format!("{} left", text::duration(secs))),
        _ => Some(format!("in {}", text::duration(run.pace.secs()))),
    };
    (words, right.unwrap_or_default())
}

fn progress_ui(ui: &mut Ui, run: &Run) {
    let colours = theme::palette(ui);
    let (words, right) = progress_words(run);
    ui.horizontal(|ui| {
        ui.label(theme::strong(&words));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(right.as_str());
        });
    });
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), BAR), Sense::hover());
    let progress = run.progress();
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(egui::Role::ProgressIndicator, true, text::PROGRESS);
        info.current_text_value = Some(words.clone());
        info
    });
    let rail = if ui.visuals().dark_mode {
        colours.raised
    } else {
        colours.sunken
    };
    ui.painter().rect_filled(rect, BAR / 2.0, rail);
    let fill = if run.phase == Phase::Paused {
        colours.caution
    } else {
        colours.accent
    };
    let done = Rect::from_min_size(rect.min, vec2(rect.width() * progress, BAR));
    if progress > 0.0 {
        ui.painter().rect_filled(done, BAR / 2.0, fill);
    }
    level_marks(ui, run, rect);
}

/// Where a level ends, by the work up to there.
fn level_marks(ui: &Ui, run: &Run, rect: Rect) {
    let cost = |level: &crate::transfer::Level| {
        (level.width * level.height) as f64 * f64::from(level.steps)
    };
    let all: f64 = run.levels.iter().map(cost).sum();
    let mut sum = 0.0;
    let gap = Stroke::new(2.0, theme::palette(ui).panel);
    for level in run.levels.iter().rev().skip(1).rev() {
        sum += cost(level);
        let x = rect.left() + rect.width() * (sum / all) as f32;
        ui.painter().vline(x, rect.y_range(), gap);
    }
}

/// "63 % style reached, 81 % content kept", and the losses in figures.
fn shares_ui(ui: &mut Ui, run: &Run) {
    let colours = theme::palette(ui);
    ui.vertical(|ui| {
        ui.set_width(92.0);
        ui.spacing_mut().item_spacing.y = 1.0;
        let share = |value: Option<f64>| {
            value.map_or_else(|| "–".to_owned(), |value| format!("{:.0} %", 100.0 * value))
        };
        let report = run.report.as_ref();
        for (value, label, colour) in [
            (
                share(report.map(|report| report.style_reached)),
                text::STYLE_REACHED,
                colours.style,
            ),
            (
                share(report.map(|report| report.content_kept)),
                text::CONTENT_KEPT,
                colours.content,
            ),
        ] {
            ui.label(RichText::new(value).heading().size(19.0).color(colour))
                .on_hover_text(text::SHARES_HOVER);
            ui.label(theme::small(ui, label))
                .on_hover_text(text::SHARES_HOVER);
            ui.add_space(space::XS);
        }
    });
}

/// One of the losses.
type ValueOf = fn(&LossPoint) -> f64;

fn curve_ui(ui: &mut Ui, run: &Run) {
    let colours = theme::palette(ui);
    let newest = run.curve.points().last();
    // Names of the curves always fit; their values need more.
    let roomy = ui.available_width() > 260.0;
    let lines: [(&str, Color32, ValueOf); 3] = [
        (text::TOTAL, colours.text, |point| point.total),
        ("style", colours.style, |point| point.style),
        ("content", colours.content, |point| point.content),
    ];
    ui.vertical(|ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::M;
            if roomy {
                ui.label(theme::small(ui, text::LOSSES));
            }
            for (name, colour, value) in &lines {
                let figure = newest
                    .as_ref()
                    .filter(|_| roomy)
                    .map_or_else(String::new, |point| text::loss(value(point)));
                let words = format!("{name} {figure}");
                ui.label(RichText::new(words.trim()).small().color(*colour));
            }
        });
        let rect = ui.available_rect_before_wrap();
        ui.painter()
            .rect_filled(rect, theme::CONTROL_RADIUS, colours.sunken);
        let plot = Plot::new("losses")
            .height(rect.height())
            .show_background(false)
            .show_axes([false, false])
            .show_grid([false, newest.is_some()])
            .grid_color(colours.outline)
            .grid_fade(0.0)
            .y_grid_spacer(egui_plot::uniform_grid_spacer(|_| [1.0, 1.0, 1.0]))
            .set_margin_fraction(vec2(0.01, 0.12))
            .allow_zoom(false)
            .allow_drag(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_double_click_reset(false)
            .allow_axis_zoom_drag(false)
            .show_crosshair(false)
            .include_x(0.0)
            .include_x(f64::from(run.steps.max(1)))
            .sense(Sense::hover())
            .label_formatter(|_| None);
        let changes = run.changes.clone();
        let response = plot.show(ui, |plot| {
            for step in changes {
                plot.vline(
                    VLine::new("", f64::from(step))
                        .color(colours.outline)
                        .style(LineStyle::Dashed { length: 4.0 }),
                );
            }
            for (name, colour, value) in lines {
                let points: PlotPoints<'_> = run
                    .curve
                    .points()
                    .filter(|point| value(point) > 0.0)
                    .map(|point| [f64::from(point.step), value(&point).log10()])
                    .collect();
                plot.line(Line::new(name, points).color(colour).width(1.6));
            }
        });
        response
            .response
            .widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, text::LOSSES));
        curve_hover(run, response);
    });
}

/// The losses at the step under the pointer.
fn curve_hover(run: &Run, plot: egui_plot::PlotResponse<()>) {
    let Some(pointer) = plot.response.hover_pos() else {
        return;
    };
    let step = plot.transform.value_from_position(pointer).x;
    let nearest = run.curve.points().min_by(|a, b| {
        let gap = |step_of: u32| (f64::from(step_of) - step).abs();
        gap(a.step).total_cmp(&gap(b.step))
    });
    if let Some(point) = nearest {
        plot.response.on_hover_text(format!(
            "Step {}\ntotal {}\nstyle {}\ncontent {}",
            point.step,
            text::loss(point.total),
            text::loss(point.style),
            text::loss(point.content)
        ));
    }
}

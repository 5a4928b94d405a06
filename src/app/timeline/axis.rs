//! The axis of steps that film, branches and losses share.

use eframe::egui::{Painter, Rangef, Response, Stroke, Ui};

use crate::app::{
    command::{Command, features::TimelineCommand, ids::Moment},
    session::{Session, run::Phase},
    theme,
};

/// Steps to points.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    x: Rangef,
    /// Steps at its right end.
    pub(super) steps: u32,
}

impl Axis {
    /// An axis across `x` that is long enough for every run of the film.
    pub(super) fn of(session: &Session, x: Rangef) -> Self {
        let past = session.timeline.past.values().map(|past| past.steps);
        let steps = past.fold(session.run.steps, u32::max).max(1);
        Self { x, steps }
    }

    /// Where a step is.
    pub(super) fn x_of(self, step: u32) -> f32 {
        let share = (f64::from(step) / f64::from(self.steps)).min(1.0) as f32;
        self.x.min + self.x.span() * share
    }

    /// The step at a point.
    pub(super) fn step_at(self, x: f32) -> u32 {
        let share = ((x - self.x.min) / self.x.span()).clamp(0.0, 1.0);
        (f64::from(share) * f64::from(self.steps)).round() as u32
    }

    /// What dragging or clicking at `response` asks for: the moment under the pointer; behind the
    /// end of the run at hand, now.
    pub(super) fn scrub(self, session: &Session, response: &Response, commands: &mut Vec<Command>) {
        let Some(pointer) = response.interact_pointer_pos() else {
            return;
        };
        if !(response.dragged() || response.clicked()) {
            return;
        }
        let look = self.moment_at(session, pointer.x);
        if look != session.timeline.moment {
            commands.push(Command::Timeline(TimelineCommand::Look(look)));
        }
    }

    fn moment_at(self, session: &Session, x: f32) -> Option<Moment> {
        /// Points beyond the last frame that still mean that frame.
        const REACH: f32 = 6.0;
        let timeline = &session.timeline;
        let frames = timeline.frames(&session.run);
        let last = frames.last()?;
        let at_hand = timeline.run_shown(&session.run) == session.run.id.0;
        let end = self.x_of(session.run.step().max(last.step));
        if at_hand && session.run.now.is_some() && x > end + REACH {
            return None;
        }
        let step = self.step_at(x);
        let nearest = frames.iter().min_by_key(|frame| frame.step.abs_diff(step));
        nearest.map(|frame| Moment::of(frame))
    }

    /// The moment on the canvas, or how far the run is, as a line through `y`.
    pub(super) fn playhead(self, ui: &Ui, painter: &Painter, session: &Session, y: Rangef) {
        let colors = theme::palette(ui);
        let (step, width) = match session.timeline.moment {
            Some(moment) => (moment.step, 2.0),
            None if session.run.phase == Phase::Idle => return,
            None => (session.run.step(), 1.0),
        };
        painter.vline(self.x_of(step), y, Stroke::new(width, colors.accent));
    }
}

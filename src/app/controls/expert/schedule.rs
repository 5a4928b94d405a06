//! Steps, and the sizes they are taken at.

use eframe::egui::Ui;

use super::field::{Field, options};
use crate::{
    app::{
        controls::{desk::Desk, row::Choice},
        text,
    },
    settings::{Schedule, range},
};

/// Draws schedule and steps.
pub(super) fn schedule_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    Choice {
        name: text::SCHEDULE,
        tooltip: text::SCHEDULE_TOOLTIP,
        options: &options(|schedule| match schedule {
            Schedule::Octaves => text::SCHEDULE_OCTAVES,
            Schedule::Proportional => text::SCHEDULE_PROPORTIONAL,
            Schedule::CoarseToFine => text::SCHEDULE_COARSE,
            Schedule::SingleLevel => text::SCHEDULE_SINGLE,
        }),
        reset: desk.preset.schedule,
        at_work: desk.at_work(|at_work| at_work.schedule),
    }
    .show(ui, &mut desk.settings.schedule);
    let at_work = desk.at_work(|at_work| at_work.coarsest_px);
    if desk.settings.schedule == Schedule::CoarseToFine {
        Field {
            name: text::COARSEST,
            tooltip: text::COARSEST_TOOLTIP,
            range: range::COARSEST_PX,
            slider: 32.0..=512.0,
            logarithmic: Some(32.0),
            whole: true,
        }
        .show_u32(
            ui,
            &mut desk.settings.coarsest_px,
            desk.preset.coarsest_px,
            at_work,
        );
    }
    let at_work = desk.at_work(|at_work| at_work.steps);
    Field {
        name: text::STEPS,
        tooltip: text::STEPS_TOOLTIP,
        range: range::STEPS,
        slider: 10.0..=3000.0,
        logarithmic: Some(10.0),
        whole: true,
    }
    .show_u32(ui, &mut desk.settings.steps, desk.preset.steps, at_work);
}

//! The run of the moment: where it stands and what it was started with.

use std::sync::Arc;

use eframe::egui::TextureHandle;

use crate::{
    app::session::{loss_curve::LossCurve, pace::Pace},
    pixels::Picture,
    settings::TransferSettings,
    transfer::{Level, StepReport, StyleImage},
    worker::RunId,
};

/// Where a run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was started yet.
    #[default]
    Idle,
    /// The engine is being made ready; no step was taken.
    Preparing,
    /// Steps are taken.
    Running,
    /// Held by the user.
    Paused,
    /// All steps are done.
    Finished,
    /// Ended by the user, or by an error.
    Stopped,
}

impl Phase {
    /// Whether the worker has a run at hand.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Preparing | Self::Running | Self::Paused)
    }
}

/// The run of the moment, or the last one.
#[derive(Default)]
pub(crate) struct Run {
    pub(crate) id: RunId,
    pub(crate) phase: Phase,
    pub(crate) steps: u32,
    pub(crate) levels: Vec<Level>,
    pub(crate) report: Option<StepReport>,
    pub(crate) curve: LossCurve,
    pub(crate) pace: Pace,
    pub(crate) threads: Option<usize>,
    pub(crate) weights: String,
    /// The settings it was started with: some controls take effect at the next start only.
    pub(crate) started_with: Option<Arc<TransferSettings>>,
    /// The pictures it was started with.
    pub(crate) content: Option<Arc<Picture>>,
    pub(crate) styles: Vec<StyleImage>,
    /// Sides of the picture it will end with.
    pub(crate) full_px: Option<(usize, usize)>,
    /// The deed that stopped it: while it can be taken back, the run can go on.
    pub(crate) stopped_by: Option<u64>,
    /// The newest preview.
    pub(crate) now: Option<TextureHandle>,
    /// Steps after which settings were changed while it ran.
    pub(crate) changes: Vec<u32>,
    /// Settings that were wanted, and whether they need another run.
    pub(crate) compared: Option<(TransferSettings, bool)>,
}

impl Run {
    /// Steps taken.
    pub(crate) fn step(&self) -> u32 {
        self.report.as_ref().map_or(0, |report| report.step)
    }

    /// Looks whether the settings that are wanted need another run; called every frame, so it
    /// copies them only when they have changed.
    pub(crate) fn compare(&mut self, wanted: &TransferSettings) {
        let known = self.compared.as_ref();
        if known.is_some_and(|(with, _)| with == wanted) {
            return;
        }
        let at_work = self.started_with.as_ref();
        let needs = at_work.is_some_and(|at_work| at_work.needs_new_run(wanted));
        self.compared = Some((wanted.clone(), needs));
    }

    /// Whether settings were changed that wait for the next start.
    pub(crate) fn settings_wait(&self) -> bool {
        let needs = self.compared.as_ref().is_some_and(|&(_, needs)| needs);
        needs && self.phase.is_active()
    }

    /// Whether its content image has transparent parts.
    pub(crate) fn has_alpha(&self) -> bool {
        let content = self.content.as_ref();
        content.is_some_and(|picture| picture.alpha.is_some())
    }

    /// The level at hand.
    pub(crate) fn level(&self) -> usize {
        self.report.as_ref().map_or(0, |report| report.level)
    }
}

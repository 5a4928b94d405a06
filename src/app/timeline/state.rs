//! What the timeline knows: the film as it stands, the moment that is looked at, the losses of
//! runs before this one.

use std::{collections::BTreeMap, sync::Arc};

use eframe::egui::TextureHandle;

use crate::{
    app::{
        command::ids::Moment,
        session::{loss_curve::LossCurve, run::Run},
        text,
    },
    transfer::film::{Film, Frame, Reel},
};

/// What is left of a run that another one has replaced.
pub(crate) struct PastRun {
    pub(crate) curve: LossCurve,
    /// Steps it would have taken.
    pub(crate) steps: u32,
    pub(crate) changes: Vec<u32>,
}

/// The film of all runs, and what of it is looked at.
#[derive(Default)]
pub(crate) struct Timeline {
    pub(crate) reels: Vec<Reel>,
    /// Version of the worker's film that `reels` is.
    pub(crate) version: u64,
    /// The run whose film is shown, while a moment is looked at.
    pub(crate) line: Option<u64>,
    /// What is looked at; `None` is now.
    pub(crate) moment: Option<Moment>,
    /// The moment on the canvas: its small picture at first, then the whole one.
    pub(crate) screen: Option<TextureHandle>,
    pub(crate) past: BTreeMap<u64, PastRun>,
}

impl Timeline {
    /// The run whose film is shown: the one that was chosen, else the one at hand. Winding back
    /// beyond the start of a branch stays in the branch's film.
    pub(crate) fn run_shown(&self, run: &Run) -> u64 {
        self.line.unwrap_or(run.id.0)
    }

    /// The frames that lead to the end of the run that is shown.
    pub(crate) fn frames(&self, run: &Run) -> Vec<Arc<Frame>> {
        Film::frames(&self.reels, self.run_shown(run))
    }

    /// The frame of a moment.
    pub(crate) fn frame(&self, moment: Moment) -> Option<&Arc<Frame>> {
        let reel = self.reels.iter().find(|reel| reel.run == moment.run)?;
        reel.frames.iter().find(|frame| frame.step == moment.step)
    }

    /// The frame that is looked at.
    pub(crate) fn frame_shown(&self) -> Option<&Arc<Frame>> {
        self.frame(self.moment?)
    }

    /// A new film has arrived: what is gone from it is forgotten, and the moment looked at moves
    /// to the nearest one that is left.
    pub(crate) fn take(&mut self, version: u64, reels: Vec<Reel>) {
        self.version = version;
        self.reels = reels;
        let reels = &self.reels;
        self.past
            .retain(|run, _| reels.iter().any(|reel| reel.run == *run));
        self.line = self
            .line
            .filter(|run| reels.iter().any(|reel| reel.run == *run));
        if let Some(moment) = self.moment
            && self.frame(moment).is_none()
        {
            let frames = Film::frames(&self.reels, self.line.unwrap_or(moment.run));
            let nearest = frames
                .iter()
                .min_by_key(|frame| frame.step.abs_diff(moment.step));
            self.moment = nearest.map(|frame| Moment::of(frame));
        }
    }

    /// Puts a run aside that another one replaces.
    pub(crate) fn put_aside(&mut self, run: &mut Run) {
        if run.report.is_some() {
            let past = PastRun {
                curve: std::mem::take(&mut run.curve),
                steps: run.steps,
                changes: std::mem::take(&mut run.changes),
            };
            self.past.insert(run.id.0, past);
        }
    }

    /// Number, parent's step and last step of each run, for people.
    pub(crate) fn names(&self) -> Vec<String> {
        let names = self
            .reels
            .iter()
            .enumerate()
            .map(|(n, reel)| text::run_name(n + 1, reel.from.map(|(_, step)| step)));
        names.collect()
    }
}

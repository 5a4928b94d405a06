//! Memory is asked for and speed is measured while the window rests.

use std::time::{Duration, Instant};

use eframe::egui::Context;

use crate::{
    app::{
        App,
        estimate::state::{Question, kind, threads},
        io::{files::FileJob, sketcher::SketchTask},
        session::job::at_most_px,
    },
    settings::{Schedule, TransferSettings},
    transfer::Job,
};

/// The window rests this long before the machine is measured.
const REST: Duration = Duration::from_millis(1500);
/// Longest side of the picture that is measured with: large enough that a step of a real run
/// costs about as much for each pixel.
const MEASURE_PX: u32 = 224;
/// Steps measured; the first ones find caches cold.
const MEASURE_STEPS: u32 = 8;
/// A run of fewer steps tells less than a measure.
const TELLING_STEPS: u32 = 30;

impl App {
    /// Has the memory of the next run estimated when something changed. Called once a frame.
    pub(crate) fn estimate_memory(&mut self) {
        let known = self.session.estimate.question.as_ref();
        if !known.is_some_and(|known| self.session.is_next(&known.job)) {
            self.session.estimate.question = self.session.job().map(Question::new);
        }
        let estimate = &mut self.session.estimate;
        let Some(question) = estimate.question.as_mut().filter(|open| !open.asked) else {
            return;
        };
        if estimate.waits {
            return;
        }
        question.asked = true;
        let threads = threads(question.job.threads);
        let job = FileJob::EstimateMemory(Box::new(question.job.clone()), threads);
        match self.files.send(job) {
            Ok(()) => estimate.waits = true,
            // Asked again at the next change.
            Err(error) => log::debug!("{error}"),
        }
    }

    /// Measures a kind of run that is not known yet, once the window rests. Answers whether a
    /// measure is at work.
    pub(crate) fn measure_speed(&mut self, ctx: &Context) -> bool {
        let session = &mut self.session;
        let rests = !session.run.phase.is_active() && session.pictures.loading == 0;
        let estimate = &mut session.estimate;
        let unknown = estimate.question.as_ref().filter(|question| {
            let known = session.app.speeds.contains_key(&question.kind);
            rests && !known && !estimate.unmeasurable.contains(&question.kind)
        });
        let Some(question) = unknown else {
            estimate.resting_since = None;
            return false;
        };
        if let Some(SketchTask::Speed(at_work)) = self.sketcher.at_work() {
            return *at_work == question.kind;
        }
        let since = *estimate.resting_since.get_or_insert_with(Instant::now);
        let rested = since.elapsed();
        if rested < REST {
            ctx.request_repaint_after(REST.saturating_sub(rested));
            return false;
        }
        estimate.secs.clear();
        let (job, kind) = (question.job.clone(), question.kind.clone());
        let settings = TransferSettings {
            size_px: Some(at_most_px(&job.content, MEASURE_PX)),
            schedule: Schedule::SingleLevel,
            steps: MEASURE_STEPS,
            ..job.settings.clone()
        };
        let measure = Job { settings, ..job };
        let begun = self
            .sketcher
            .begin(SketchTask::Speed(kind.clone()), measure);
        if let Err(error) = begun {
            log::debug!("{error}");
            estimate.give_up(&kind);
            return false;
        }
        true
    }

    /// The measure is done.
    pub(crate) fn speed_measured(&mut self, kind: String) {
        let estimate = &self.session.estimate;
        let content = estimate.question.as_ref().map(|open| &open.job.content);
        let (Some(secs), Some(content)) = (estimate.median_secs(), content) else {
            self.session.estimate.give_up(&kind);
            return;
        };
        let px = at_most_px(content, MEASURE_PX);
        let (width, height) = content.planes.sides_for(px);
        let megapixels = (width * height) as f64 / 1e6;
        log::info!(
            "measured {:.3} s for a step of a million pixels: {kind}",
            secs / megapixels
        );
        self.session.app.learn_speed(kind, secs / megapixels);
    }

    /// A run has ended: how fast it was is known better than by any measure.
    pub(crate) fn learn_from_run(&mut self) {
        let run = &self.session.run;
        let Some(settings) = &run.started_with else {
            return;
        };
        if run.step() < TELLING_STEPS || !run.changes.is_empty() {
            return;
        }
        let Some(secs) = run.pace.secs_per_megapixel() else {
            return;
        };
        let kind = kind(settings, run.styles.len(), self.session.threads);
        self.session.app.learn_speed(kind, secs);
    }
}

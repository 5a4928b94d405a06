//! Memory is asked for and speed is measured while the window rests.

use std::time::{Duration, Instant};

use eframe::egui::Context;

use crate::{
    app::{
        App,
        estimate::state::{kind, same_question, threads},
        io::{files::FileJob, sketcher::SketchTask},
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
    /// Has the memory of the next run estimated when something changed.
    pub(crate) fn estimate_memory(&mut self) {
        let Some(job) = self.session.job() else {
            return;
        };
        let estimate = &mut self.session.estimate;
        let known = estimate
            .asked
            .as_ref()
            .is_some_and(|asked| same_question(asked, &job));
        if known || estimate.waits {
            return;
        }
        estimate.asked = Some(job.clone());
        estimate.waits = true;
        let threads = threads(job.threads);
        let job = FileJob::EstimateMemory(Box::new(job), threads);
        if let Err(error) = self.files.send(job) {
            // Asked again at the next change.
            log::debug!("{error}");
            self.session.estimate.waits = false;
        }
    }

    /// Measures a kind of run that is not known yet, once the window rests. Answers whether a
    /// measure is at work.
    pub(crate) fn measure_speed(&mut self, ctx: &Context) -> bool {
        let rests = !self.session.run.phase.is_active() && self.session.loading == 0;
        let Some(job) = self.session.job().filter(|_| rests) else {
            self.session.estimate.resting_since = None;
            return false;
        };
        let kind = kind(&job);
        let estimate = &mut self.session.estimate;
        if self.session.app.speeds.contains_key(&kind) || estimate.unmeasurable.contains(&kind) {
            estimate.resting_since = None;
            return false;
        }
        if let Some(SketchTask::Speed(at_work)) = self.sketcher.at_work() {
            return *at_work == kind;
        }
        let since = *estimate.resting_since.get_or_insert_with(Instant::now);
        let rested = since.elapsed();
        if rested < REST {
            ctx.request_repaint_after(REST.saturating_sub(rested));
            return false;
        }
        estimate.secs.clear();
        let content = &job.content.planes;
        let longest = content.width.max(content.height) as u32;
        let settings = TransferSettings {
            size_px: Some(MEASURE_PX.min(longest.max(16))),
            schedule: Schedule::SingleLevel,
            steps: MEASURE_STEPS,
            ..job.settings.clone()
        };
        let begun = self
            .sketcher
            .begin(SketchTask::Speed(kind.clone()), Job { settings, ..job });
        if let Err(error) = begun {
            log::debug!("{error}");
            self.session.estimate.give_up(&kind);
            return false;
        }
        true
    }

    /// The measure is done.
    pub(crate) fn speed_measured(&mut self, kind: String) {
        let job = self.session.job();
        let (Some(secs), Some(job)) = (self.session.estimate.median_secs(), job) else {
            self.session.estimate.give_up(&kind);
            return;
        };
        let content = &job.content.planes;
        let longest = content.width.max(content.height) as u32;
        let (width, height) = content.sides_for(MEASURE_PX.min(longest.max(16)));
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
        let (Some(content), Some(settings)) = (&run.content, &run.started_with) else {
            return;
        };
        if run.step() < TELLING_STEPS || !run.changes.is_empty() {
            return;
        }
        let Some(secs) = run.pace.secs_per_megapixel() else {
            return;
        };
        let job = Job {
            content: std::sync::Arc::clone(content),
            styles: run.styles.clone(),
            initial: None,
            resume: None,
            settings: (**settings).clone(),
            threads: self.session.threads,
            force: false,
        };
        self.session.app.learn_speed(kind(&job), secs);
    }
}

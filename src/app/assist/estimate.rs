//! What a run will take: time, from how fast runs of its kind were or from a few small steps made
//! while the window rests; and memory.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use eframe::egui::{Context, Label, Ui};

use crate::{
    app::{
        App,
        command::Command,
        io::{files::FileJob, presets::AssistJob, sketcher::SketchTask},
        session::{Session, run::Phase},
        text,
        theme::{self, space},
    },
    settings::{Schedule, TransferSettings},
    transfer::{Forecast, Job, StepReport, plan},
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

/// State.
#[derive(Default)]
pub(crate) struct Estimate {
    asked: Option<Job>,
    waits: bool,
    forecast: Option<Forecast>,
    /// Seconds of computing at each step of the measure at hand.
    secs: Vec<f64>,
    /// Kinds of runs that cannot be measured (an error would come again).
    unmeasurable: BTreeSet<String>,
    resting_since: Option<Instant>,
}

impl Estimate {
    /// A step of the measure.
    pub(super) fn time(&mut self, report: &StepReport) {
        self.secs.push(report.secs);
    }

    pub(super) fn answer(&mut self, forecast: Forecast) {
        self.waits = false;
        self.forecast = Some(forecast);
    }

    /// There will be no measure of this kind.
    pub(super) fn give_up(&mut self, kind: &str) {
        self.unmeasurable.insert(kind.to_owned());
    }

    /// Time of a median step of the measure.
    fn median_secs(&self) -> Option<f64> {
        let mut steps: Vec<f64> = self.secs.windows(2).map(|pair| pair[1] - pair[0]).collect();
        steps.sort_unstable_by(f64::total_cmp);
        steps
            .get(steps.len() / 2)
            .copied()
            .filter(|&secs| secs > 0.0)
    }
}

/// What decides how long a step takes, apart from the picture's size.
fn kind(job: &Job) -> String {
    let settings = &job.settings;
    let deepest = settings
        .style_layers
        .active()
        .chain(settings.content_layers.active());
    let deepest = deepest.map(|(layer, _)| layer).max();
    let deepest = deepest.map_or_else(String::new, |layer| layer.to_string());
    let threads = threads(job.threads);
    format!(
        "{:?} {deepest} {:?} {:?} {:?} {} styles, {threads} threads",
        settings.network,
        settings.style_measures.keys().collect::<Vec<_>>(),
        settings.content_measures.keys().collect::<Vec<_>>(),
        settings.optimizer,
        job.styles.len(),
    )
}

fn threads(wanted: Option<usize>) -> usize {
    wanted.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Seconds that the next run takes; `None` until its kind was measured.
pub(crate) fn estimate_secs(session: &Session) -> Option<f64> {
    let job = session.job()?;
    let secs = *session.app.speeds.get(&kind(&job))?;
    let content = &job.content.planes;
    let work: f64 = plan(&job.settings, content.width, content.height)
        .iter()
        .map(|level| (level.width * level.height) as f64 * f64::from(level.steps))
        .sum();
    Some(secs * work / 1e6)
}

fn same_question(a: &Job, b: &Job) -> bool {
    let same = |a: &std::sync::Arc<_>, b: &std::sync::Arc<_>| std::sync::Arc::ptr_eq(a, b);
    a.settings == b.settings
        && same(&a.content, &b.content)
        && a.styles.len() == b.styles.len()
        && a.styles
            .iter()
            .zip(&b.styles)
            .all(|(a, b)| same(&a.picture, &b.picture))
}

impl App {
    /// Has the memory of the next run estimated when something changed.
    pub(super) fn estimate_memory(&mut self) {
        let Some(job) = self.session.job() else {
            return;
        };
        let estimate = &mut self.session.assist.estimate;
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
        let job = FileJob::Assist(AssistJob::EstimateMemory(Box::new(job), threads));
        if let Err(error) = self.files.send(job) {
            // Asked again at the next change.
            log::debug!("{error}");
            self.session.assist.estimate.waits = false;
        }
    }

    /// Measures a kind of run that is not known yet, once the window rests. Answers whether a
    /// measure is at work.
    pub(super) fn measure_speed(&mut self, ctx: &Context) -> bool {
        let rests = !self.session.run.phase.is_active() && self.session.loading == 0;
        let Some(job) = self.session.job().filter(|_| rests) else {
            self.session.assist.estimate.resting_since = None;
            return false;
        };
        let kind = kind(&job);
        let estimate = &mut self.session.assist.estimate;
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
            self.session.assist.estimate.give_up(&kind);
            return false;
        }
        true
    }

    /// The measure is done.
    pub(super) fn speed_measured(&mut self, kind: String) {
        let job = self.session.job();
        let (Some(secs), Some(job)) = (self.session.assist.estimate.median_secs(), job) else {
            self.session.assist.estimate.give_up(&kind);
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
    pub(super) fn learn_from_run(&mut self) {
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

/// Says under the size what the next run takes.
pub(crate) fn estimate_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let forecast = session.assist.estimate.forecast;
    let time = estimate_secs(session).map(text::about);
    let Some(forecast) = forecast.filter(|_| session.is_ready()) else {
        return;
    };
    let memory = format!("{} of memory", text::bytes(forecast.needed_bytes));
    let words = match &time {
        Some(time) => format!("{time}, {memory}"),
        None if session.run.phase == Phase::Idle => format!("{}, {memory}", text::MEASURING),
        None => memory,
    };
    ui.add_space(space::XS);
    let largest = text::largest(forecast.largest_px);
    ui.add(Label::new(theme::small(ui, words)).wrap())
        .on_hover_text(format!("{}\n{largest}", text::ESTIMATE_TOOLTIP));
    if forecast.fits() {
        return;
    }
    let caution = theme::palette(ui).caution;
    let free = text::bytes(forecast.free_bytes.unwrap_or(0));
    let words = theme::small(ui, format!("More than the {free} that are free."));
    ui.add(Label::new(words.color(caution)).wrap());
    if ui.link(largest).clicked() {
        let settings = TransferSettings {
            size_px: Some(forecast.largest_px),
            ..session.settings().clone()
        };
        commands.push(Command::Settings(Box::new(settings)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measure_takes_a_median_step() {
        let estimate = Estimate {
            secs: vec![0.9, 1.0, 1.1, 1.2, 3.0, 3.1],
            ..Estimate::default()
        };
        let secs = estimate.median_secs().unwrap();
        assert!((secs - 0.1).abs() < 1e-9, "{secs}");
        assert_eq!(Estimate::default().median_secs(), None);
    }
}

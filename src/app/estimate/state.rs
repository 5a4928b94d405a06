//! How long runs of a kind take, and what the next one needs.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use crate::{
    settings::TransferSettings,
    transfer::{Forecast, Job, StepReport, plan},
};

/// What is known and asked about the next run.
#[derive(Default)]
pub(crate) struct Estimate {
    pub(crate) question: Option<Question>,
    /// Whether an answer is waited for.
    pub(crate) waits: bool,
    pub(crate) forecast: Option<Forecast>,
    /// Seconds of computing at each step of the measure at hand.
    pub(crate) secs: Vec<f64>,
    /// Kinds of runs that cannot be measured (an error would come again).
    pub(crate) unmeasurable: BTreeSet<String>,
    pub(crate) resting_since: Option<Instant>,
}

/// The run that is estimated.
pub(crate) struct Question {
    pub(crate) job: Job,
    /// What decides how fast it is, apart from its size.
    pub(crate) kind: String,
    /// Million pixels times steps.
    work: f64,
    /// Whether its memory was asked for.
    pub(crate) asked: bool,
}

impl Question {
    pub(crate) fn new(job: Job) -> Self {
        let content = &job.content.planes;
        let levels = plan(&job.settings, content.width, content.height);
        let work = levels.iter().map(|level| {
            let pixels = (level.width * level.height) as f64;
            pixels * f64::from(level.steps)
        });
        Self {
            kind: kind(&job.settings, job.styles.len(), job.threads),
            work: work.sum::<f64>() / 1e6,
            job,
            asked: false,
        }
    }
}

impl Estimate {
    /// Seconds that the next run takes, by the speeds of runs; `None` until its kind was measured.
    pub(crate) fn run_secs(&self, speeds: &BTreeMap<String, f64>) -> Option<f64> {
        let question = self.question.as_ref()?;
        Some(speeds.get(&question.kind)? * question.work)
    }

    /// A step of the measure.
    pub(crate) fn time(&mut self, report: &StepReport) {
        self.secs.push(report.secs);
    }

    pub(crate) fn answer(&mut self, forecast: Forecast) {
        self.waits = false;
        self.forecast = Some(forecast);
    }

    /// There will be no measure of this kind.
    pub(crate) fn give_up(&mut self, kind: &str) {
        self.unmeasurable.insert(kind.to_owned());
    }

    /// Time of a median step of the measure.
    pub(crate) fn median_secs(&self) -> Option<f64> {
        let mut steps: Vec<f64> = self.secs.windows(2).map(|pair| pair[1] - pair[0]).collect();
        steps.sort_unstable_by(f64::total_cmp);
        steps
            .get(steps.len() / 2)
            .copied()
            .filter(|&secs| secs > 0.0)
    }
}

/// What decides how long a step takes, apart from the picture's size.
pub(crate) fn kind(
    settings: &TransferSettings,
    styles: usize,
    threads_wanted: Option<usize>,
) -> String {
    let deepest = settings
        .style_layers
        .active()
        .chain(settings.content_layers.active());
    let deepest = deepest.map(|(layer, _)| layer).max();
    let deepest = deepest.map_or_else(String::new, |layer| layer.to_string());
    let threads = threads(threads_wanted);
    format!(
        "{:?} {deepest} {:?} {:?} {:?} {styles} styles, {threads} threads",
        settings.network,
        settings.style_measures.keys().collect::<Vec<_>>(),
        settings.content_measures.keys().collect::<Vec<_>>(),
        settings.optimizer,
    )
}

/// Threads that a run computes with.
pub(crate) fn threads(wanted: Option<usize>) -> usize {
    wanted.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
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

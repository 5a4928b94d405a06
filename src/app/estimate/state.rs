//! How long runs of a kind take, and what the next one needs.

use std::{collections::BTreeSet, time::Instant};

use crate::transfer::{Forecast, Job, StepReport};

/// State.
#[derive(Default)]
pub(crate) struct Estimate {
    pub(crate) asked: Option<Job>,
    pub(crate) waits: bool,
    pub(crate) forecast: Option<Forecast>,
    /// Seconds of computing at each step of the measure at hand.
    pub(crate) secs: Vec<f64>,
    /// Kinds of runs that cannot be measured (an error would come again).
    pub(crate) unmeasurable: BTreeSet<String>,
    pub(crate) resting_since: Option<Instant>,
}

impl Estimate {
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
pub(crate) fn kind(job: &Job) -> String {
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

pub(crate) fn threads(wanted: Option<usize>) -> usize {
    wanted.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

pub(crate) fn same_question(a: &Job, b: &Job) -> bool {
    let same = |a: &std::sync::Arc<_>, b: &std::sync::Arc<_>| std::sync::Arc::ptr_eq(a, b);
    a.settings == b.settings
        && same(&a.content, &b.content)
        && a.styles.len() == b.styles.len()
        && a.styles
            .iter()
            .zip(&b.styles)
            .all(|(a, b)| same(&a.picture, &b.picture))
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

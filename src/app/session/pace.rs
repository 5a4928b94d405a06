//! How fast a run goes and how long it will take.
//!
//! Levels cost about as much as they have pixels, so the time left is estimated from seconds per
//! pixel and step, smoothed; the figure shown then only drifts toward the estimate, so that it
//! counts down instead of jumping.

use crate::transfer::{Level, StepReport};

/// Weight of the newest step in the running means: about the last ten steps count.
const NEWEST: f64 = 0.1;
/// Share of the gap between shown and estimated time that one step closes.
const DRIFT: f64 = 0.08;

/// Running estimates.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    secs: f64,
    /// Seconds of all steps but the first, and their pixels.
    steps_secs: f64,
    steps_pixels: f64,
    secs_per_pixel: Option<f64>,
    secs_per_step: Option<f64>,
    left_secs: Option<f64>,
}

impl Pace {
    /// Takes a step into account.
    pub(crate) fn record(&mut self, report: &StepReport, levels: &[Level]) {
        let took = (report.secs - self.secs).max(0.0);
        let first = self.secs == 0.0;
        self.secs = report.secs;
        if first {
            // Its time is mostly that of the preparations before it.
            return;
        }
        let Some(level) = levels.get(report.level) else {
            return;
        };
        let pixels = (level.width * level.height) as f64;
        self.steps_secs += took;
        self.steps_pixels += pixels;
        blend(&mut self.secs_per_pixel, took / pixels);
        blend(&mut self.secs_per_step, took);
        let before: u32 = levels[..report.level].iter().map(|level| level.steps).sum();
        let here = f64::from((before + level.steps).saturating_sub(report.step));
        let later: f64 = levels[report.level + 1..]
            .iter()
            .map(|level| f64::from(level.steps) * (level.width * level.height) as f64)
            .sum();
        let estimate = self.secs_per_pixel.unwrap_or(0.0) * (here * pixels + later);
        self.left_secs = Some(match self.left_secs {
            Some(shown) => {
                let counted_down = (shown - took).max(0.0);
                counted_down + DRIFT * (estimate - counted_down)
            }
            None => estimate,
        });
    }

    /// A level begins: its steps are slower or faster than those before.
    pub(crate) fn begin_level(&mut self) {
        self.secs_per_step = None;
    }

    /// Steps a second at the moment.
    pub(crate) fn steps_per_sec(&self) -> Option<f64> {
        self.secs_per_step
            .filter(|&secs| secs > 0.0)
            .map(|secs| 1.0 / secs)
    }

    /// Seconds of a step for a million pixels, over the whole run so far.
    pub(crate) fn secs_per_megapixel(&self) -> Option<f64> {
        (self.steps_pixels > 0.0).then(|| 1e6 * self.steps_secs / self.steps_pixels)
    }

    /// Seconds to the end of the run.
    pub(crate) fn left_secs(&self) -> Option<f64> {
        self.left_secs
    }

    /// Seconds of computing so far.
    pub(crate) fn secs(&self) -> f64 {
        self.secs
    }
}

fn blend(mean: &mut Option<f64>, newest: f64) {
    *mean = Some(match *mean {
        Some(mean) => mean + NEWEST * (newest - mean),
        None => newest,
    });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn step(step: u32, level: usize, secs: f64) -> StepReport {
        StepReport {
            step,
            total: 1.0,
            content: BTreeMap::new(),
            style: BTreeMap::new(),
            pixels: 0.0,
            tv: 0.0,
            secs,
            level,
            content_kept: 0.0,
            style_reached: 0.0,
        }
    }

    fn levels() -> Vec<Level> {
        [(100, 50), (200, 50)]
            .map(|(side, steps)| Level {
                width: side,
                height: side,
                steps,
            })
            .to_vec()
    }

    #[test]
    fn later_levels_cost_as_much_as_they_have_pixels() {
        let mut pace = Pace::default();
        pace.record(&step(1, 0, 7.0), &levels());
        assert_eq!(pace.left_secs(), None, "preparations tell nothing");
        pace.record(&step(2, 0, 7.1), &levels());
        // 48 more steps of 0.1 s and 50 of four times that.
        let left = pace.left_secs().unwrap();
        assert!((left - (4.8 + 20.0)).abs() < 1e-6, "{left}");
    }

    #[test]
    fn one_slow_step_hardly_moves_the_time_left() {
        let (mut pace, levels) = (Pace::default(), levels());
        let mut secs = 0.0;
        for n in 1..=20 {
            secs += 0.1;
            pace.record(&step(n, 0, secs), &levels);
        }
        let before = pace.left_secs().unwrap();
        pace.record(&step(21, 0, secs + 0.5), &levels);
        let after = pace.left_secs().unwrap();
        assert!((after - before).abs() < 0.1 * before, "{before} -> {after}");
    }

    #[test]
    fn a_run_without_surprises_counts_down_to_nothing() {
        let (mut pace, levels) = (Pace::default(), levels());
        let mut secs = 0.0;
        for n in 1..=100 {
            let level = usize::from(n > 50);
            secs += if level == 0 { 0.1 } else { 0.4 };
            pace.record(&step(n, level, secs), &levels);
        }
        assert!(pace.left_secs().unwrap() < 0.1);
    }
}

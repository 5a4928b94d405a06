//! How evenly the window draws, for the log: intervals between frames that follow each other
//! closely, and the time spent on each, apart for a resting and a working engine.

use std::time::{Duration, Instant};

/// Frames that make a report.
const REPORT_FRAMES: usize = 300;
/// Fewer are not worth a report when the engine begins or ends to work.
const FEWEST_FRAMES: usize = 10;
/// A longer pause means that there was nothing to draw.
const PAUSE: Duration = Duration::from_millis(500);

/// Intervals and times of the frames since the last report.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    last: Option<Instant>,
    painting: bool,
    intervals: Vec<Duration>,
    work: Vec<Duration>,
}

/// Figures of some frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Summary {
    median: Duration,
    /// 95th percentile.
    high: Duration,
    longest: Duration,
}

impl Frames {
    /// Takes note of a frame and of the time that the one before took to make and draw; now and
    /// then writes the figures to the log.
    pub(crate) fn record(&mut self, now: Instant, painting: bool, work: Option<Duration>) {
        let Some(last) = self.last.replace(now) else {
            log::info!("the first frame is made");
            self.painting = painting;
            return;
        };
        self.work.extend(work);
        let interval = now - last;
        if interval <= PAUSE {
            self.intervals.push(interval);
        }
        let changes = painting != self.painting;
        if changes && self.work.len() >= FEWEST_FRAMES || self.work.len() >= REPORT_FRAMES {
            self.report();
        }
        self.painting = painting;
    }

    fn report(&mut self) {
        let kind = if self.painting { "painting" } else { "resting" };
        for (what, times) in [("interval", &mut self.intervals), ("work", &mut self.work)] {
            if let Some(Summary {
                median,
                high,
                longest,
            }) = summary(times)
            {
                log::debug!(
                    "{} frames {kind}, {what}: median {:.1} ms, 95 % below {:.1} ms, longest {:.1} ms",
                    times.len(),
                    1e3 * median.as_secs_f64(),
                    1e3 * high.as_secs_f64(),
                    1e3 * longest.as_secs_f64()
                );
            }
            times.clear();
        }
    }
}

/// The figures of `times`, if there are any; sorts them.
fn summary(times: &mut [Duration]) -> Option<Summary> {
    times.sort_unstable();
    let last = times.len().checked_sub(1)?;
    let at = |share: f64| times[(last as f64 * share).round() as usize];
    Some(Summary {
        median: at(0.5),
        high: at(0.95),
        longest: at(1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_sorted_times() {
        let mut times: Vec<_> = (1..=101).rev().map(Duration::from_millis).collect();
        let expected = Summary {
            median: Duration::from_millis(51),
            high: Duration::from_millis(96),
            longest: Duration::from_millis(101),
        };
        assert_eq!(summary(&mut times), Some(expected));
        assert_eq!(summary(&mut []), None);
    }

    #[test]
    fn pauses_are_no_intervals_and_kinds_are_reported_apart() {
        let mut frames = Frames::default();
        let start = Instant::now();
        let work = Some(Duration::from_millis(3));
        for at_millis in [0, 16, 2000, 2010] {
            frames.record(start + Duration::from_millis(at_millis), false, work);
        }
        assert_eq!(frames.intervals, [16, 10].map(Duration::from_millis));
        for n in 0..FEWEST_FRAMES as u64 {
            let now = start + Duration::from_millis(2020 + n);
            frames.record(now, false, work);
        }
        frames.record(start + Duration::from_secs(3), true, work);
        assert!(frames.work.is_empty(), "reported when the engine begins");
    }
}

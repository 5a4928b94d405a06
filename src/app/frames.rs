//! How evenly the window draws, for the log: intervals between frames that follow each other
//! closely, apart for a resting and a working engine.

use std::time::{Duration, Instant};

/// Frames that make a report.
const REPORT_FRAMES: usize = 300;
/// A longer pause means that there was nothing to draw.
const PAUSE: Duration = Duration::from_millis(500);

/// See the module's head.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    last: Option<Instant>,
    resting: Vec<Duration>,
    painting: Vec<Duration>,
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
    /// Takes note of a frame; now and then writes the figures to the log.
    pub(crate) fn record(&mut self, now: Instant, painting: bool) {
        let Some(last) = self.last.replace(now) else {
            return;
        };
        let interval = now - last;
        if interval > PAUSE {
            return;
        }
        let (kind, intervals) = if painting {
            ("painting", &mut self.painting)
        } else {
            ("resting", &mut self.resting)
        };
        intervals.push(interval);
        if intervals.len() >= REPORT_FRAMES {
            let Summary {
                median,
                high,
                longest,
            } = summary(intervals);
            log::debug!(
                "{REPORT_FRAMES} frames {kind}: median {:.1} ms, 95 % below {:.1} ms, longest {:.1} ms",
                1e3 * median.as_secs_f64(),
                1e3 * high.as_secs_f64(),
                1e3 * longest.as_secs_f64()
            );
            intervals.clear();
        }
    }
}

/// The figures of `intervals`, which are not empty; sorts them.
fn summary(intervals: &mut [Duration]) -> Summary {
    intervals.sort_unstable();
    let at = |share: f64| intervals[((intervals.len() - 1) as f64 * share).round() as usize];
    Summary {
        median: at(0.5),
        high: at(0.95),
        longest: at(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_sorted_intervals() {
        let mut intervals: Vec<_> = (1..=101).rev().map(Duration::from_millis).collect();
        let expected = Summary {
            median: Duration::from_millis(51),
            high: Duration::from_millis(96),
            longest: Duration::from_millis(101),
        };
        assert_eq!(summary(&mut intervals), expected);
    }

    #[test]
    fn pauses_are_not_frames_and_kinds_stay_apart() {
        let mut frames = Frames::default();
        let start = Instant::now();
        for (at_millis, painting) in [(0, false), (16, false), (2000, false), (2010, true)] {
            frames.record(start + Duration::from_millis(at_millis), painting);
        }
        assert_eq!(frames.resting, [Duration::from_millis(16)]);
        assert_eq!(frames.painting, [Duration::from_millis(10)]);
    }
}

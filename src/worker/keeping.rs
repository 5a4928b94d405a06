//! When a run is put down as it stands, so that little of it is lost whatever happens.

use std::time::{Duration, Instant};

/// Time between two times, where that costs next to nothing.
const EVERY: Duration = Duration::from_millis(1500);
/// The longest time between them: with the step at hand and the writing, no more than five seconds of
/// work are lost.
const AT_LEAST_EVERY: Duration = Duration::from_secs(3);
/// Part of the time that it may take.
const SHARE: u32 = 20;

/// The times of one run.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    last: Option<Instant>,
    /// Time that the last one took.
    cost: Duration,
}

impl Keeping {
    /// Whether it is time again.
    pub(super) fn is_due(&self) -> bool {
        let rest = (SHARE * self.cost).clamp(EVERY, AT_LEAST_EVERY);
        self.last.is_none_or(|last| last.elapsed() >= rest)
    }

    /// Does it, and takes the time.
    pub(super) fn time<T>(&mut self, keep: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let kept = keep();
        let end = Instant::now();
        self.cost = end - begin;
        self.last = Some(end);
        kept
    }
}

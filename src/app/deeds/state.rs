//! What was done besides settings and can be taken back: pictures exchanged, things deleted, a run
//! stopped. The history of settings counts these deeds, so that one key goes back through both in
//! the order in which they happened.

use std::time::{Duration, Instant};

use crate::{
    app::{
        command::ids::SnapshotId,
        queue::state::Queued,
        session::picture::{Shown, Style},
        snapshots::state::Kept,
    },
    settings::DeletedPreset,
    worker::RunId,
};

/// Deeds that are kept whole; of older ones only the place is.
const MOST: usize = 40;
/// Changes of one strength that follow each other as fast as this are one deed.
const ONE_DRAG: Duration = Duration::from_secs(1);

/// The pictures on the table.
#[derive(Clone, Default)]
pub(crate) struct Table {
    pub(crate) content: Option<Shown>,
    pub(crate) styles: Vec<Style>,
}

/// What was done, with what it takes to take it back, or to do it again.
pub(crate) enum Deed {
    /// The pictures on the table were others: these.
    Pictures(Box<Table>),
    /// The strength of a style image was moved; the table before.
    Strength(usize, Box<Table>),
    /// A snapshot was deleted from this place.
    Snapshot {
        id: SnapshotId,
        place: usize,
        /// What was deleted, while it is.
        kept: Option<Box<Kept>>,
    },
    /// A run was taken out of this place of the queue.
    Queued {
        id: u64,
        place: usize,
        /// What was taken out, while it is.
        queued: Option<Box<Queued>>,
    },
    /// A preset was deleted.
    Preset(Box<DeletedPreset>),
    /// A run was stopped.
    Stop(RunId),
}

struct Entry {
    id: u64,
    /// `None` when it is too old, or was taken back by its own button.
    deed: Option<Deed>,
    made: Instant,
}

/// The deeds, oldest first. Those from `at` on were taken back.
#[derive(Default)]
pub(crate) struct Deeds {
    entries: Vec<Entry>,
    at: usize,
    last_id: u64,
}

impl Deeds {
    /// How many are done: what the history of settings counts.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Takes note of one; those that were taken back cannot be done again after it. Answers its
    /// name.
    pub(crate) fn add(&mut self, deed: Deed) -> u64 {
        self.entries.truncate(self.at);
        self.last_id += 1;
        self.entries.push(Entry {
            id: self.last_id,
            deed: Some(deed),
            made: Instant::now(),
        });
        self.at = self.entries.len();
        if let Some(old) = self.at.checked_sub(MOST + 1) {
            self.entries[old].deed = None;
        }
        self.last_id
    }

    /// Whether the newest deed is a change of this strength, just now: then this one goes on with it.
    pub(crate) fn goes_on(&mut self, n: usize) -> bool {
        let newest = self.entries[..self.at].last_mut();
        let Some(entry) = newest.filter(|entry| entry.made.elapsed() < ONE_DRAG) else {
            return false;
        };
        let same = matches!(&entry.deed, Some(Deed::Strength(of, _)) if *of == n);
        if same {
            entry.made = Instant::now();
        }
        same
    }

    /// Takes a deed out by its name, if it is done; its place stays.
    pub(crate) fn take(&mut self, id: u64) -> Option<Deed> {
        let mut done = self.entries[..self.at].iter_mut();
        done.find(|entry| entry.id == id)?.deed.take()
    }

    /// One step toward `target` deeds: the deed to exchange, its name, and whether it is taken back
    /// (or else done again). `None` when it is reached.
    pub(crate) fn step_to(&mut self, target: usize) -> Option<Step> {
        let target = target.min(self.entries.len());
        let back = match self.at.cmp(&target) {
            std::cmp::Ordering::Equal => return None,
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
        };
        let place = if back { self.at - 1 } else { self.at };
        self.at = if back { place } else { place + 1 };
        let entry = &mut self.entries[place];
        Some(Step {
            place,
            id: entry.id,
            deed: entry.deed.take(),
            back,
        })
    }

    /// Puts the reverse of a deed in its place.
    pub(crate) fn put(&mut self, place: usize, deed: Deed) {
        if let Some(entry) = self.entries.get_mut(place) {
            entry.deed = Some(deed);
        }
    }
}

/// A deed on its way back, or forth.
pub(crate) struct Step {
    pub(crate) place: usize,
    pub(crate) id: u64,
    pub(crate) deed: Option<Deed>,
    pub(crate) back: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop(n: u64) -> Deed {
        Deed::Stop(RunId(n))
    }

    fn run_of(deed: Option<&Deed>) -> u64 {
        match deed {
            Some(Deed::Stop(run)) => run.0,
            _ => 0,
        }
    }

    #[test]
    fn deeds_go_back_and_forth_in_their_order() {
        let mut deeds = Deeds::default();
        for n in 1..=3 {
            deeds.add(stop(n));
        }
        let step = deeds.step_to(1).unwrap();
        assert!(step.back);
        let (place, run) = (step.place, run_of(step.deed.as_ref()));
        assert_eq!(run, 3);
        deeds.put(place, stop(3));
        assert_eq!(run_of(deeds.step_to(1).unwrap().deed.as_ref()), 2);
        assert!(deeds.step_to(1).is_none());
        let empty = deeds.step_to(3).unwrap();
        assert!(!empty.back && empty.deed.is_none(), "2 was not put back");
        assert_eq!(run_of(deeds.step_to(3).unwrap().deed.as_ref()), 3);
        assert_eq!(deeds.at(), 3);
    }

    #[test]
    fn a_new_deed_ends_what_could_be_done_again_and_old_ones_are_let_go() {
        let mut deeds = Deeds::default();
        deeds.add(stop(1));
        assert!(deeds.step_to(0).is_some());
        let id = deeds.add(stop(2));
        assert!(deeds.step_to(9).is_none());
        for n in 3..100 {
            deeds.add(stop(n));
        }
        assert!(deeds.take(id).is_none(), "too old");
        assert_eq!(deeds.at(), 98);
    }
}

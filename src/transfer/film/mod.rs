//! The film of a run: moments kept while it goes on, within a budget of memory.
//!
//! A [`Camera`] decides which steps are worth a frame and takes it; a [`Film`] holds the frames of
//! a run and of its branches and thins them out as it fills. Frames are JPEG at the size of their
//! level: a moment can be looked at, gone on from, and put into an animation.

mod camera;
mod file;
mod pace;

use std::sync::Arc;

pub use camera::Camera;
pub use pace::paced;

use super::Record;
use crate::{
    error::Result,
    pixels::{Filter, Picture, Rgba8, resample_plane},
};

/// Memory for films when nothing else is said, in MB: some 400 frames of a 1024 px painting.
pub const DEFAULT_BUDGET_MB: u32 = 128;
/// Most frames of a film, however small they are: more than anyone scrubs through.
const MAX_FRAMES: usize = 600;
/// Most runs and branches of a film.
const MAX_RUNS: usize = 12;

/// A moment of a run.
#[derive(Debug)]
pub struct Frame {
    /// The run it belongs to.
    pub run: u64,
    /// Steps taken.
    pub step: u32,
    /// Seconds of computing.
    pub secs: f64,
    /// Total loss at the step.
    pub loss: f64,
    /// As in [`StepReport`](super::StepReport).
    pub style_reached: f64,
    /// As in [`StepReport`](super::StepReport).
    pub content_kept: f64,
    /// W and H in pixels.
    pub size_px: (usize, usize),
    /// A small picture for strips.
    pub thumbnail: Arc<Rgba8>,
    jpeg: Vec<u8>,
    /// The record of this moment or of an earlier one with the same settings.
    record: Arc<Record>,
    content: Arc<Picture>,
}

impl Frame {
    /// The picture, with the content image's alpha.
    ///
    /// # Errors
    /// Never for a frame that a camera took.
    pub fn picture(&self) -> Result<Picture> {
        let mut picture = Picture::from_bytes(&self.jpeg, &self.content.name)?;
        picture.sha256.clear();
        picture.alpha = self.content.alpha.as_ref().map(|alpha| {
            let from = (self.content.planes.width, self.content.planes.height);
            resample_plane(alpha, from, self.size_px, Filter::Bilinear)
        });
        Ok(picture)
    }

    /// The content image of its run.
    pub fn content(&self) -> &Arc<Picture> {
        &self.content
    }

    /// How the picture was made.
    pub fn record(&self) -> Record {
        Record {
            step: self.step,
            secs: self.secs,
            loss: Some(self.loss).filter(|loss| loss.is_finite()),
            ..Record::clone(&self.record)
        }
    }

    /// Memory that it takes; what frames share is counted for each.
    fn bytes(&self) -> usize {
        /// A record without changes, and each change.
        const RECORD_BYTES: (usize, usize) = (4096, 200);
        let changes = self.record.history.changes.len();
        let record = RECORD_BYTES.0 + RECORD_BYTES.1 * changes;
        self.jpeg.capacity() + self.thumbnail.data.capacity() + record
    }
}

/// The frames of one run.
#[derive(Clone, Debug)]
pub struct Reel {
    /// The run.
    pub run: u64,
    /// The moment of another run that this one went on from: its run and step.
    pub from: Option<(u64, u32)>,
    /// Steps that counted as taken when it began.
    pub start: u32,
    /// Its frames by step.
    pub frames: Vec<Arc<Frame>>,
}

/// The frames of runs and their branches, oldest run first.
#[derive(Debug)]
pub struct Film {
    reels: Vec<Reel>,
    budget_bytes: usize,
    bytes: usize,
    version: u64,
}

impl Film {
    /// An empty film that keeps below `budget_bytes`.
    pub fn new(budget_bytes: usize) -> Self {
        Self {
            reels: Vec::new(),
            budget_bytes,
            bytes: 0,
            version: 0,
        }
    }

    /// Its runs.
    pub fn reels(&self) -> &[Reel] {
        &self.reels
    }

    /// A number that changes with the film.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Memory that the frames take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// A run begins; `from` is the moment of another run that it goes on from, `start` the steps
    /// that count as taken.
    pub fn begin(&mut self, run: u64, from: Option<(u64, u32)>, start: u32) {
        self.reels.push(Reel {
            run,
            from,
            start,
            frames: Vec::new(),
        });
        self.version += 1;
        while self.reels.len() > MAX_RUNS && self.drop_oldest_reel() {}
    }

    /// Puts the frames of runs before all others.
    pub fn restore(&mut self, mut reels: Vec<Reel>) {
        let frames = reels.iter().flat_map(|reel| &reel.frames);
        self.bytes += frames.map(|frame| frame.bytes()).sum::<usize>();
        reels.append(&mut self.reels);
        self.reels = reels;
        self.version += 1;
        while self.is_full() && (self.thin_out() || self.drop_oldest_reel() || self.drop_first()) {}
    }

    /// Adds a frame to the run that it belongs to.
    pub fn push(&mut self, frame: Frame) {
        let Some(reel) = self.reels.iter_mut().find(|reel| reel.run == frame.run) else {
            return;
        };
        self.bytes += frame.bytes();
        reel.frames.push(Arc::new(frame));
        self.version += 1;
        while self.is_full() && (self.thin_out() || self.drop_oldest_reel() || self.drop_first()) {}
    }

    /// The runs that lead to the end of `run`, each with the steps up to which it counts.
    pub fn lineage(reels: &[Reel], run: u64) -> Vec<(&Reel, u32)> {
        let mut line = Vec::new();
        let (mut next, mut upto) = (Some(run), u32::MAX);
        while let Some(reel) = next.and_then(|run| reels.iter().find(|reel| reel.run == run)) {
            line.push((reel, upto));
            upto = reel.start;
            // A run never branches from a later one, so this ends.
            next = reel.from.map(|(run, _)| run).filter(|&run| run < reel.run);
        }
        line.reverse();
        line
    }

    /// The frames that lead to the end of `run`, in their order.
    pub fn frames(reels: &[Reel], run: u64) -> Vec<Arc<Frame>> {
        let line = Self::lineage(reels, run);
        let frames = line.into_iter().flat_map(|(reel, upto)| {
            let frames = reel.frames.iter();
            frames.take_while(move |frame| frame.step <= upto).cloned()
        });
        frames.collect()
    }

    fn is_full(&self) -> bool {
        let frames: usize = self.reels.iter().map(|reel| reel.frames.len()).sum();
        self.bytes > self.budget_bytes || frames > MAX_FRAMES
    }

    /// Takes away the frame whose neighbors are nearest to each other. First and last frames and
    /// those that branches start from stay.
    fn thin_out(&mut self) -> bool {
        let forks: Vec<_> = self.reels.iter().filter_map(|reel| reel.from).collect();
        let gaps = self.reels.iter().enumerate().flat_map(|(of, reel)| {
            let inner = reel.frames.windows(3).enumerate();
            inner.map(move |(at, three)| (of, at + 1, three[2].step - three[0].step, &three[1]))
        });
        let narrowest = gaps
            .filter(|(.., frame)| !forks.contains(&(frame.run, frame.step)))
            .min_by_key(|&(.., gap, _)| gap)
            .map(|(of, at, ..)| (of, at));
        if let Some((of, at)) = narrowest {
            self.remove(of, at);
        }
        narrowest.is_some()
    }

    /// Takes away the oldest run that no other one and not the newest depends on.
    fn drop_oldest_reel(&mut self) -> bool {
        let newest = self.reels.len().saturating_sub(1);
        let is_parent = |run| {
            let mut parents = self.reels.iter().filter_map(|reel| reel.from);
            parents.any(|(parent, _)| parent == run)
        };
        let oldest = self.reels[..newest]
            .iter()
            .position(|reel| !is_parent(reel.run));
        if let Some(at) = oldest {
            let reel = self.reels.remove(at);
            let bytes: usize = reel.frames.iter().map(|frame| frame.bytes()).sum();
            self.bytes -= bytes;
        }
        oldest.is_some()
    }

    /// Takes away the oldest frame of all; the newest always stays.
    fn drop_first(&mut self) -> bool {
        let frames: usize = self.reels.iter().map(|reel| reel.frames.len()).sum();
        let first = self.reels.iter().position(|reel| !reel.frames.is_empty());
        match first {
            Some(of) if frames > 1 => {
                self.remove(of, 0);
                true
            }
            _ => false,
        }
    }

    fn remove(&mut self, of: usize, at: usize) {
        let frame = self.reels[of].frames.remove(at);
        self.bytes -= frame.bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Planes;

    fn frame(run: u64, step: u32, bytes: usize) -> Frame {
        Frame {
            run,
            step,
            secs: 0.0,
            loss: 1.0,
            style_reached: 0.0,
            content_kept: 0.0,
            size_px: (1, 1),
            thumbnail: Arc::new(Rgba8 {
                width: 1,
                height: 1,
                data: vec![0; 4],
            }),
            jpeg: vec![0; bytes],
            record: Arc::new(Record::default()),
            content: Arc::new(Picture {
                planes: Planes::filled(1, 1, [0.0; 3]),
                alpha: None,
                name: String::new(),
                path: None,
                sha256: String::new(),
                notes: Vec::new(),
            }),
        }
    }

    fn steps(film: &Film, run: u64) -> Vec<u32> {
        let frames = Film::frames(film.reels(), run);
        frames.iter().map(|frame| frame.step).collect()
    }

    #[test]
    fn a_thousand_steps_stay_within_the_budget_and_evenly_spread() {
        const BUDGET: usize = 2_000_000;
        let mut film = Film::new(BUDGET);
        film.begin(1, None, 0);
        for step in 1..=1000 {
            // Later levels have larger frames.
            film.push(frame(1, step, 10_000 + 100 * step as usize));
            assert!(film.bytes() <= BUDGET, "{} bytes", film.bytes());
        }
        let steps = steps(&film, 1);
        assert_eq!((steps[0], *steps.last().unwrap()), (1, 1000));
        assert!(steps.len() > 20, "{}", steps.len());
        let gaps: Vec<u32> = steps.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let widest = *gaps.iter().max().unwrap();
        assert!((widest as usize) < 4 * 1000 / steps.len(), "{gaps:?}");
        let counted: usize = film.reels()[0].frames.iter().map(|f| f.bytes()).sum();
        assert_eq!(counted, film.bytes());
    }

    #[test]
    fn a_branch_keeps_the_film_before_it_and_the_moment_it_started_from() {
        let mut film = Film::new(100_000);
        film.begin(1, None, 0);
        for step in 1..=6 {
            film.push(frame(1, step, 10));
        }
        film.begin(2, Some((1, 4)), 4);
        film.push(frame(2, 5, 10));
        assert_eq!(steps(&film, 2), [1, 2, 3, 4, 5]);
        assert_eq!(steps(&film, 1), [1, 2, 3, 4, 5, 6]);
        for step in 6..400 {
            film.push(frame(2, step, 10));
        }
        assert!(film.bytes() <= 100_000);
        let first: Vec<_> = film.reels()[0].frames.iter().map(|f| f.step).collect();
        assert!(first.contains(&4), "{first:?}");
    }

    #[test]
    fn old_runs_make_room_and_one_frame_always_stays() {
        let mut film = Film::new(50_000);
        for run in 1..=20 {
            film.begin(run, None, 0);
            film.push(frame(run, 1, 1000));
            assert!(film.reels().len() <= MAX_RUNS);
        }
        film.push(frame(20, 2, 1_000_000));
        assert_eq!(film.reels().len(), 1);
        assert_eq!(steps(&film, 20), [2]);
        film.push(frame(99, 1, 10));
        assert_eq!(
            steps(&film, 20),
            [2],
            "frames of unknown runs are passed over"
        );
    }
}

//! What travels between window and worker thread.

use std::sync::Arc;

use crate::{
    error::Error,
    pixels::Picture,
    settings::{DeviceChoice, TransferSettings},
    transfer::{Computed, DeviceInfo, Job, Level, Record, StepReport},
};

/// Tells one run from the next: events of a run that is over are ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(pub u64);

/// From the window to the worker. Live changes of settings do not travel here but through
/// [`super::Worker::update`], where the newest wins.
#[derive(Debug)]
pub enum Command {
    /// Begin a run; one that is going on is stopped first.
    Start {
        /// Name of the new run.
        run: RunId,
        /// Pictures and settings.
        job: Box<Job>,
        /// The run that it goes on from, when it is a branch.
        parent: Option<RunId>,
    },
    /// Hold after the step at hand.
    Pause,
    /// Go on.
    Resume,
    /// End the run and hand over its picture. Until another begins, [`Command::Continue`] takes
    /// this back.
    Stop,
    /// Go on with the run that was stopped last, as if it had only been held.
    Continue,
    /// Hand over the picture of the moment at full size.
    Snapshot,
    /// Compute the next runs on this.
    UseDevice(DeviceChoice),
    /// Look what there is to compute on; the answer is [`EventKind::Devices`].
    ListDevices {
        /// Threads that runs will be computed with.
        threads: Option<usize>,
    },
    /// End the thread.
    Shutdown,
}

/// From the worker to the window. Nothing here is ever dropped; pictures for the screen go
/// through [`super::Worker::take_preview`] instead.
#[derive(Debug)]
pub struct Event {
    /// The run it belongs to.
    pub run: RunId,
    /// What happened.
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug)]
pub enum EventKind {
    /// The engine is being made ready (weights packed, targets computed).
    Started {
        /// Steps the run will take.
        steps: u32,
        /// Its levels, coarse to fine.
        levels: Vec<Level>,
        /// With what it is computed.
        computed: Computed,
    },
    /// What the run is computed on, right after `Started`.
    Computing {
        /// The processor, or the device by its number: never the automatic choice.
        device: DeviceChoice,
    },
    /// A level begins.
    LevelStarted {
        /// Index into the levels of `Started`.
        level: usize,
    },
    /// A step was taken.
    Stepped(StepReport),
    /// New settings are in force, after the step named.
    Updated {
        /// Steps taken so far.
        step: u32,
    },
    /// The run goes on with another network.
    NetworkChanged {
        /// Its weights in words.
        weights: String,
    },
    /// Another network could not be loaded: the run continues with the present one.
    NetworkKept {
        /// Why, and what to do.
        error: Error,
        /// The settings in force.
        settings: Box<TransferSettings>,
    },
    /// Something the user should know; the run goes on.
    Warned(String),
    /// The run holds.
    Paused,
    /// The run goes on.
    Resumed,
    /// Answer to [`Command::ListDevices`]; of no run.
    Devices(Vec<DeviceInfo>),
    /// Answer to [`Command::Snapshot`].
    Snapshot(Snapshot),
    /// The last picture of a run that is over, finished in another way.
    Refinished(Snapshot),
    /// All steps are done.
    Finished(Snapshot),
    /// The user ended the run before its last step; `None` when no step was taken yet.
    Stopped(Option<Snapshot>),
    /// The run cannot go on.
    Failed {
        /// Why, and what to do.
        error: Error,
        /// The last good picture, if any step was taken.
        last: Option<Snapshot>,
    },
}

/// A picture of a run, with what led to it.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The picture at full size of its level.
    pub picture: Arc<Picture>,
    /// The painting before its finish, where that is another picture: what a run goes on from.
    pub unfinished: Option<Arc<Picture>>,
    /// Steps taken.
    pub step: u32,
    /// Total loss at the last step.
    pub loss: f64,
    /// Seconds of computing.
    pub secs: f64,
    /// The content image of its run.
    pub content: Arc<Picture>,
    /// How it was made, for the file it is saved to and for branches.
    pub record: Arc<Record>,
}

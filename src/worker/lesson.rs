//! A thread for one lesson: a brush is learnt from a painting while the window goes on.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::Builder,
};

use crate::{
    error::{Error, Result},
    feedforward::{Brush, Norms},
    transfer::{Compute, Learner, Lesson, LessonReport},
};

/// Steps between two looks at the brush.
const LOOK_EVERY: u32 = 4;

/// What a lesson tells.
#[derive(Debug)]
pub enum LessonEvent {
    /// A step was taken. Every few steps the brush as it is by then comes along.
    Stepped(LessonReport, Option<Arc<Norms>>),
    /// It is over: all steps are taken, or it was stopped. Nothing is learnt without a step.
    Done(Option<Box<Brush>>),
    /// It cannot go on.
    Failed(Error),
}

/// Ends its lesson when it is dropped; what is learnt by then is delivered.
#[derive(Debug)]
pub struct LessonHandle {
    stop: Arc<AtomicBool>,
}

impl LessonHandle {
    /// Begins a lesson. `lesson` gathers the pictures, on the lesson's thread; the brush gets the name
    /// `name`, and `deliver` gets every event there.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn begin(
        lesson: impl FnOnce() -> Result<Lesson> + Send + 'static,
        threads: Option<usize>,
        name: String,
        deliver: impl Fn(LessonEvent) + Send + 'static,
    ) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        Builder::new()
            .name("lesson".to_owned())
            .spawn(move || {
                let learn = || learn(lesson, threads, &name, &stopped, &deliver);
                let end = catch_unwind(AssertUnwindSafe(learn)).unwrap_or_else(|_| {
                    let fault = "learning the brush failed".to_owned();
                    Err(Error::Internal(fault))
                });
                deliver(match end {
                    Ok(brush) => LessonEvent::Done(brush.map(Box::new)),
                    Err(error) => LessonEvent::Failed(error),
                });
            })
            .map_err(|fault| Error::Internal(format!("no thread for a lesson: {fault}")))?;
        Ok(Self { stop })
    }
}

impl LessonHandle {
    /// Ends the lesson after the step at hand; what is learnt by then is delivered. Never waits.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Drop for LessonHandle {
    fn drop(&mut self) {
        self.stop();
    }
}

fn learn(
    lesson: impl FnOnce() -> Result<Lesson>,
    threads: Option<usize>,
    name: &str,
    stopped: &AtomicBool,
    deliver: &impl Fn(LessonEvent),
) -> Result<Option<Brush>> {
    let compute = Compute::new(threads)?;
    let mut learner = Learner::new(&compute, lesson()?)?;
    let mut steps = 0;
    while !learner.finished() && !stopped.load(Ordering::Relaxed) {
        let report = learner.step(&compute)?;
        steps = report.step;
        let look = steps % LOOK_EVERY == 1;
        let norms = look.then(|| learner.norms().map(Arc::new)).transpose()?;
        deliver(LessonEvent::Stepped(report, norms));
    }
    if steps == 0 {
        return Ok(None);
    }
    learner.brush(&compute, name).map(Some)
}

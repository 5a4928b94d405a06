//! A second worker for small pictures aside: variations, and the measure of this machine's speed.
//!
//! It has an engine of its own, so that a run that is held keeps its picture; both compute at the
//! lowest priority. It begins when there is something to sketch and ends when there is not: an
//! engine takes memory.

use std::thread::Builder;

use eframe::egui::{ColorImage, Context};

use crate::{
    app::io::painter::Painter,
    error::{Error, Result},
    transfer::{Job, StepReport, film},
    worker::{EventKind, RunId, Snapshot},
};

/// What a sketch is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SketchTask {
    /// To learn how fast runs of this kind are.
    Speed(String),
    /// A cell of the sheet of variations.
    Cell {
        /// The sheet.
        sheet: u64,
        /// The cell.
        n: usize,
    },
}

/// What came of it.
pub(crate) enum SketchEvent {
    /// A step was taken.
    Stepped(StepReport),
    /// A picture for the screen.
    Preview(SketchTask, ColorImage),
    /// All steps are done.
    Done(SketchTask, Box<Snapshot>),
    /// It cannot be had.
    Failed(SketchTask, Error),
}

/// The second worker, while there is something to sketch.
pub(crate) struct Sketcher {
    ctx: Context,
    worker: Option<Painter>,
    at_work: Option<(RunId, SketchTask)>,
}

impl Sketcher {
    pub(crate) fn new(ctx: &Context) -> Self {
        Self {
            ctx: ctx.clone(),
            worker: None,
            at_work: None,
        }
    }

    /// The window.
    pub(crate) fn ctx(&self) -> &Context {
        &self.ctx
    }

    /// What is being sketched.
    pub(crate) fn at_work(&self) -> Option<&SketchTask> {
        self.at_work.as_ref().map(|(_, task)| task)
    }

    /// Begins a sketch; one that is at work is given up.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn begin(&mut self, task: SketchTask, job: Job) -> Result<()> {
        let worker = if let Some(worker) = self.worker.take() {
            worker
        } else {
            Painter::spawn(
                &self.ctx,
                film::DEFAULT_BUDGET_MB as usize * 1_000_000,
                None,
            )?
        };
        let run = self.worker.insert(worker).start(job)?;
        self.at_work = Some((run, task));
        Ok(())
    }

    /// Gives up what is at work and lets the engine go.
    pub(crate) fn rest(&mut self) {
        self.at_work = None;
        let Some(worker) = self.worker.take() else {
            return;
        };
        // Its thread may be amid a step, and the window does not wait for it.
        let ended = Builder::new()
            .name("end of sketches".to_owned())
            .spawn(move || drop(worker));
        if let Err(fault) = ended {
            log::warn!("sketches ended late: {fault}");
        }
    }

    /// What has arrived; never waits.
    pub(crate) fn take_events(&mut self) -> Vec<SketchEvent> {
        let (Some(worker), Some((run, task))) = (&self.worker, self.at_work.clone()) else {
            return Vec::new();
        };
        let events = worker.take_events();
        let mut arrived = Vec::new();
        if let Some((of, image)) = worker.take_preview()
            && of == run
        {
            arrived.push(SketchEvent::Preview(task.clone(), image));
        }
        for event in events.into_iter().filter(|event| event.run == run) {
            let ended = match event.kind {
                EventKind::Stepped(report) => {
                    arrived.push(SketchEvent::Stepped(report));
                    continue;
                }
                EventKind::Finished(snapshot) => {
                    SketchEvent::Done(task.clone(), Box::new(snapshot))
                }
                EventKind::Failed { error, .. } => SketchEvent::Failed(task.clone(), error),
                _ => continue,
            };
            arrived.push(ended);
            self.at_work = None;
        }
        arrived
    }
}

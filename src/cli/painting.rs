//! The run of `impasto render` once everything is ready: steps, snapshots, film, and its end, which is
//! a saved picture however it comes.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    checkpoints::Checkpoints,
    film::Filming,
    interrupts::{Interrupts, Signal},
    output::{self, Teller},
    place,
    plan::Plan,
    standard::Target,
};
use crate::{
    error::{Error, Result},
    network::Layer,
    paths,
    pixels::{SaveOptions, record_fits, save},
    transfer::{StepReport, Transfer},
    words::counted,
};

/// What comes out of a run, and where it goes.
pub(super) struct Results {
    pub(super) target: Target,
    /// Without a record.
    pub(super) options: SaveOptions,
    /// Whether pictures remember how they were made.
    pub(super) record: bool,
    /// Steps between snapshots.
    pub(super) every: Option<u32>,
    /// Whether each step is told on stdout.
    pub(super) json: bool,
}

impl Results {
    /// Checks that standard output is asked for one thing only.
    ///
    /// # Errors
    /// When it is not.
    pub(super) fn check(&self) -> Result<()> {
        let both = match (&self.target, self.every) {
            (Target::File(_), _) => return Ok(()),
            _ if self.json => "--json writes to standard output as well: name a file",
            (_, Some(_)) => "snapshots need a name: give a file",
            _ => return Ok(()),
        };
        Err(Error::setting("output", "-", both))
    }

    /// Whether pictures tell how they were made.
    ///
    /// # Errors
    /// When the format is unknown.
    pub(super) fn remembers(&self) -> Result<bool> {
        Ok(self.record && self.target.format()?.remembers())
    }

    /// The files of the snapshots of a run of so many steps.
    pub(super) fn snapshots(&self, steps: u32) -> Vec<PathBuf> {
        let (Some(path), Some(every)) = (self.target.file(), self.every) else {
            return Vec::new();
        };
        let steps = (every..steps).step_by(every as usize);
        steps.map(|step| numbered(path, step)).collect()
    }

    fn options_of(&self, transfer: &Transfer) -> SaveOptions {
        if self.record {
            transfer.record().into_options(&self.options)
        } else {
            self.options.clone()
        }
    }

    /// Saves the picture of the moment as a snapshot. One that cannot be saved is told, and the run
    /// goes on.
    fn snapshot(&self, transfer: &Transfer) {
        let Some(path) = self.target.file() else {
            return;
        };
        let path = numbered(path, transfer.steps());
        if let Err(error) = self.save_as(transfer, &path) {
            output::say(&format!("impasto: a snapshot is missing: {error}"));
        }
    }

    fn save_as(&self, transfer: &Transfer, path: &Path) -> Result<()> {
        let (picture, options) = (transfer.picture(), self.options_of(transfer));
        transfer.install(|| save(path, &picture.planes, picture.alpha.as_deref(), &options))
    }

    /// Saves the picture of the moment as the result.
    fn save(&self, transfer: &Transfer) -> Result<()> {
        let record = self.options_of(transfer).record;
        if record.is_some_and(|record| !record_fits(&record)) {
            output::say("impasto: how this picture was made is too long a story to be kept in it");
        }
        if let Some(path) = self.target.file() {
            return place::keep(path, |path| self.save_as(transfer, path));
        }
        let (picture, options) = (transfer.picture(), self.options_of(transfer));
        let alpha = picture.alpha.as_deref();
        transfer.install(|| self.target.save(&picture.planes, alpha, &options))
    }
}

/// `out.png` to `out-000100.png`.
fn numbered(path: &Path, step: u32) -> PathBuf {
    paths::with_suffix(path, &format!("-{step:06}"))
}

/// How the steps came to an end.
enum End {
    Finished,
    Signal(Signal),
    Failed(Error),
}

/// What goes on beside the steps.
pub(super) struct Beside {
    pub(super) filming: Option<Filming>,
    pub(super) checkpoints: Option<Checkpoints>,
    pub(super) interrupts: Interrupts,
}

/// A run in progress.
pub(super) struct Painting {
    transfer: Transfer,
    plan: Plan,
    results: Results,
    beside: Beside,
    teller: Teller,
    total: u32,
}

impl Painting {
    /// A run that is ready for its first step.
    pub(super) fn new(transfer: Transfer, plan: Plan, results: Results, beside: Beside) -> Self {
        let planned = transfer.levels().iter().map(|level| level.steps).sum();
        Self {
            total: plan.until.unwrap_or(planned).min(planned),
            transfer,
            plan,
            results,
            beside,
            teller: Teller::default(),
        }
    }

    /// Takes all steps and saves what comes out.
    ///
    /// # Errors
    /// When the run fails or is interrupted, with what became of its picture; when something cannot be
    /// saved.
    pub(super) fn paint(mut self) -> Result<()> {
        let end = self.steps();
        if matches!(end, End::Finished) || self.transfer.steps() > 0 {
            let saved = self.results.save(&self.transfer);
            let filmed = match &self.beside.filming {
                Some(filming) => self.transfer.install(|| filming.save()),
                None => Ok(()),
            };
            return self.conclude(end, saved, filmed);
        }
        match end {
            End::Signal(signal) => Err(signal.end("nothing was painted yet")),
            End::Failed(error) => Err(error.on_the_way()),
            End::Finished => Ok(()),
        }
    }

    fn steps(&mut self) -> End {
        let progress = output::progress_bar(self.total, self.results.json);
        let end = loop {
            if let Some(signal) = self.beside.interrupts.caught() {
                break End::Signal(signal);
            }
            // A picture may be taken just behind a change: before the last step is known to be it.
            if let Err(error) = self.plan.steer(&mut self.transfer) {
                break End::Failed(error);
            }
            if self.transfer.finished() || self.transfer.steps() >= self.total {
                break End::Finished;
            }
            let report = match self.transfer.step() {
                Ok(report) => report,
                Err(error) => break End::Failed(error),
            };
            self.look_at(&report);
            progress.set_position(u64::from(report.step));
            progress.set_message(message(&self.transfer, &report));
        };
        progress.finish_and_clear();
        end
    }

    /// What is done with a step besides taking it.
    fn look_at(&mut self, report: &StepReport) {
        if let Some(filming) = &mut self.beside.filming {
            filming.watch(&self.transfer, report);
        }
        if self.results.json {
            self.teller.json(&JsonStep::from(report));
        }
        if let Some(every) = self.results.every
            && report.step.is_multiple_of(every)
            && report.step < self.total
        {
            self.results.snapshot(&self.transfer);
        }
        if let Some(checkpoints) = &mut self.beside.checkpoints {
            checkpoints.look_at(&self.transfer);
        }
    }

    /// What becomes of the checkpoint: it goes when the picture is whole and saved, and stays, as it is
    /// now, when a signal came. Answers how the run can go on.
    fn end_checkpoints(&mut self, end: &End, saved: bool) -> Option<String> {
        let mut checkpoints = self.beside.checkpoints.take()?;
        match end {
            End::Finished if saved => {
                checkpoints.remove();
                None
            }
            End::Finished => None,
            End::Signal(_) | End::Failed(_) => {
                let kept = matches!(end, End::Signal(_)) && checkpoints.keep(&self.transfer);
                let path = checkpoints.path().display();
                let how = || format!("go on by `impasto render --resume {path}`");
                (kept || checkpoints.path().exists()).then(how)
            }
        }
    }

    /// Tells how it went. The worst of it comes last, as the error.
    fn conclude(mut self, end: End, saved: Result<()>, filmed: Result<()>) -> Result<()> {
        let go_on = self.end_checkpoints(&end, saved.is_ok());
        let moment = self.moment();
        let name = self.results.target.name();
        let whole = matches!(end, End::Finished);
        if saved.is_ok() && whole && !self.results.json {
            self.results.target.tell(&format!(
                "{name}: {} in {:.1} s",
                counted(self.transfer.steps(), "step"),
                self.transfer.secs()
            ))?;
        }
        let told = match &saved {
            Ok(()) => format!("{name} shows {moment}"),
            Err(_) => moment,
        };
        let told = match go_on {
            Some(how) => format!("{told}; {how}"),
            None => told,
        };
        let mut faults = vec![saved.err(), filmed.err(), self.teller.end().err()];
        match end {
            End::Finished => {}
            End::Signal(signal) => faults.push(Some(signal.end(&told))),
            End::Failed(error) => {
                faults.push(Some(error.on_the_way()));
                if faults[0].is_none() {
                    output::say(&format!("impasto: {told}"));
                }
            }
        }
        let mut faults: Vec<Error> = faults.into_iter().flatten().collect();
        let last = faults.pop();
        faults.iter().for_each(output::complain);
        last.map_or(Ok(()), |error| Err(error.on_the_way()))
    }

    /// Step and size of the picture of the moment.
    fn moment(&self) -> String {
        let level = self.transfer.levels()[self.transfer.level()];
        format!(
            "step {} of {} at {}x{} pixels",
            self.transfer.steps(),
            self.total,
            level.width,
            level.height
        )
    }
}

fn message(transfer: &Transfer, report: &StepReport) -> String {
    let level = transfer.levels()[report.level];
    format!(
        "{}x{}  style {:.0} %  content {:.0} %",
        level.width,
        level.height,
        100.0 * report.style_reached,
        100.0 * report.content_kept
    )
}

/// A step on the wire.
#[derive(Serialize)]
struct JsonStep<'a> {
    step: u32,
    total: f64,
    content: &'a BTreeMap<Layer, f64>,
    style: &'a BTreeMap<Layer, f64>,
    tv: f64,
    seconds: f64,
}

impl<'a> From<&'a StepReport> for JsonStep<'a> {
    fn from(report: &'a StepReport) -> Self {
        Self {
            step: report.step,
            total: report.total,
            content: &report.content,
            style: &report.style,
            tv: report.tv,
            seconds: report.secs,
        }
    }
}

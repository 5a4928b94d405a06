//! The worker thread's own side: takes commands, runs steps, sends events.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crossbeam_channel::{Receiver, select};

use super::{
    Command, EventKind, RunId, outlet::Outlet, running::Running, slots::lock, taken::Taken,
};
use crate::{
    error::{Error, Result},
    settings::DeviceChoice,
    transfer::{Compute, Job},
};

/// What the thread does after a command.
enum Next {
    Go,
    End,
}

/// What the thread waits for.
enum Call {
    Command(Command),
    /// Settings wait.
    Nudge,
}

/// The thread's whole life: until [`Command::Shutdown`] or until nobody holds the other end.
pub(super) fn serve(commands: &Receiver<Command>, nudges: &Receiver<()>, outlet: &Outlet) {
    let mut server = Server {
        outlet,
        compute: None,
        device: DeviceChoice::default(),
        remark: None,
        running: None,
        stopped: None,
        last: None,
    };
    loop {
        // With a run to go on with, only look; without one, wait.
        let waits = server.running.as_ref().is_none_or(|running| running.paused);
        let call = if waits {
            let call = select! {
                recv(commands) -> command => command.map(Call::Command),
                recv(nudges) -> nudge => nudge.map(|()| Call::Nudge),
            };
            match call {
                Ok(call) => Some(call),
                Err(_) => return,
            }
        } else {
            commands.try_recv().ok().map(Call::Command)
        };
        let next = match call {
            Some(Call::Command(command)) => server.obey(command),
            Some(Call::Nudge) => {
                server.refinish();
                Next::Go
            }
            None => {
                server.advance();
                Next::Go
            }
        };
        if matches!(next, Next::End) {
            return;
        }
    }
}

struct Server<'a> {
    outlet: &'a Outlet,
    compute: Option<Compute>,
    device: DeviceChoice,
    /// What was last said about the device: not said again at every start.
    remark: Option<String>,
    running: Option<Running>,
    /// The run that was stopped last, until another begins: it can go on.
    stopped: Option<Running>,
    /// The last painting of the run before, until another begins.
    last: Option<Taken>,
}

impl Server<'_> {
    fn obey(&mut self, command: Command) -> Next {
        match command {
            Command::Start { run, job, parent } => {
                self.stop();
                if let Some(stopped) = self.stopped.take() {
                    self.reclaim(stopped);
                }
                self.last = None;
                self.start(run, *job, parent);
            }
            Command::Pause => self.set_paused(true),
            Command::Resume => self.set_paused(false),
            Command::Stop => self.stop(),
            Command::Continue => self.go_on(),
            Command::Snapshot => {
                if let Some(running) = &self.running {
                    let snapshot = running.taken().snapshot();
                    self.outlet.send(running.run, EventKind::Snapshot(snapshot));
                }
            }
            Command::UseDevice(choice) => self.device = choice,
            Command::ListDevices { threads } => self.list_devices(threads),
            Command::Shutdown => return Next::End,
        }
        Next::Go
    }

    fn start(&mut self, run: RunId, job: Job, parent: Option<RunId>) {
        let wanted = job.threads;
        let step = match (&job.resume, &job.checkpoint) {
            (Some(resume), _) => Some(resume.step),
            (None, Some(checkpoint)) => Some(checkpoint.record.step),
            (None, None) => None,
        };
        let from = parent.zip(step).map(|(parent, step)| (parent.0, step));
        let begun = guarded(|| {
            let device = self.device;
            let compute = self.compute_with(wanted)?;
            compute.set_device(device);
            compute.begin(job)
        });
        let transfer = match begun {
            Ok(begun) => begun,
            Err(error) => {
                let last = None;
                return self.outlet.send(run, EventKind::Failed { error, last });
            }
        };
        lock(&self.outlet.slots.film).begin(run.0, from, transfer.steps());
        self.outlet.send(
            run,
            EventKind::Started {
                steps: transfer.levels().iter().map(|level| level.steps).sum(),
                levels: transfer.levels().to_vec(),
                computed: transfer.computed().clone(),
            },
        );
        if let Ok(device) = transfer.device().parse() {
            self.outlet.send(run, EventKind::Computing { device });
        }
        let remark = self.compute.as_ref().and_then(Compute::remark);
        let remark = remark.map(str::to_owned);
        if let Some(news) = remark.clone().filter(|_| remark != self.remark) {
            self.outlet.send(run, EventKind::Warned(news));
        }
        self.remark = remark;
        for remark in transfer.remarks() {
            self.outlet.send(run, EventKind::Warned(remark));
        }
        self.running = Some(Running::new(run, transfer));
    }

    /// What computes with so many threads: what is there, or anew.
    fn compute_with(&mut self, threads: Option<usize>) -> Result<&mut Compute> {
        let compute = match self.compute.take() {
            Some(compute) if threads.is_none_or(|n| n == compute.threads()) => compute,
            _ => Compute::new(threads)?,
        };
        Ok(self.compute.insert(compute))
    }

    /// Tells what there is to compute on.
    fn list_devices(&mut self, threads: Option<usize>) {
        let list = guarded(|| Ok(self.compute_with(threads)?.devices()));
        match list {
            Ok(list) => self.outlet.send(RunId::default(), EventKind::Devices(list)),
            Err(error) => log::error!("no list of devices: {error}"),
        }
    }

    fn set_paused(&mut self, paused: bool) {
        let Some(running) = &mut self.running else {
            return;
        };
        if running.paused != paused {
            running.paused = paused;
            let kind = if paused {
                EventKind::Paused
            } else {
                EventKind::Resumed
            };
            self.outlet.send(running.run, kind);
            running.show(self.outlet);
            running.keep(self.outlet, true);
        }
    }

    /// Puts the finish that is wanted on the picture of a run that holds or is over.
    fn refinish(&mut self) {
        let outlet = self.outlet;
        let finished = guarded(|| {
            if let Some(running) = &mut self.running {
                let wanted = outlet.slots.look_at_settings(running.run);
                if wanted.is_some_and(|wanted| running.transfer.take_finish(&wanted)) {
                    running.show(outlet);
                }
            } else if let Some(last) = &mut self.last
                && let Some(wanted) = outlet.slots.take_settings(last.run())
            {
                last.refinish(&wanted, outlet);
            }
            Ok(())
        });
        if let Err(error) = finished {
            log::error!("the picture was not finished in another way: {error}");
        }
    }

    fn stop(&mut self) {
        let Some(mut running) = self.running.take() else {
            return;
        };
        // Also what is stopped can go on.
        running.keep(self.outlet, true);
        self.last = running.last_taken();
        let snapshot = self.last.as_ref().map(Taken::snapshot);
        self.outlet.send(running.run, EventKind::Stopped(snapshot));
        self.stopped = Some(running);
    }

    /// Takes the last stop back.
    fn go_on(&mut self) {
        let Some(mut running) = self.stopped.take() else {
            return;
        };
        self.last = None;
        running.paused = false;
        self.outlet.send(running.run, EventKind::Resumed);
        running.show(self.outlet);
        self.running = Some(running);
    }

    fn reclaim(&mut self, running: Running) {
        if let Some(compute) = &mut self.compute {
            compute.reclaim(running.transfer);
        }
    }

    /// One step of the run, with what belongs before and after it.
    fn advance(&mut self) {
        let (Some(running), Some(compute)) = (&mut self.running, &mut self.compute) else {
            return;
        };
        let outlet = self.outlet;
        let step = guarded(|| {
            running.take_settings(compute, outlet)?;
            running.transfer.step()
        });
        match step {
            Ok(report) => {
                running.announce_level(outlet);
                running.film(&report, outlet);
                outlet.send(running.run, EventKind::Stepped(report));
                if running.preview_is_due() {
                    running.show(outlet);
                }
                running.keep(outlet, false);
                if running.transfer.finished()
                    && let Some(running) = self.running.take()
                {
                    let taken = running.taken();
                    taken.show(outlet);
                    outlet.send(running.run, EventKind::Finished(taken.snapshot()));
                    self.last = Some(taken);
                    self.reclaim(running);
                }
            }
            Err(error) => {
                if let Some(running) = self.running.take() {
                    self.last = running.last_taken();
                    let last = self.last.as_ref().map(Taken::snapshot);
                    outlet.send(running.run, EventKind::Failed { error, last });
                }
            }
        }
    }
}

/// Runs `work`; a panic becomes an error.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let why = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "unknown fault".to_owned());
        Err(Error::Internal(why))
    })
}

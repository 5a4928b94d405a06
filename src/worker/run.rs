//! The worker thread's own side: takes commands, runs steps, sends events.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, select};

use super::{
    Command, EventKind, PREVIEW_MAX_PX, PREVIEWS_PER_SEC, Preview, RunId, outlet::Outlet,
    slots::lock, taken::Taken,
};
use crate::{
    error::{Error, Result},
    settings::DeviceChoice,
    transfer::{Compute, Job, StepReport, Transfer, film::Camera},
};

/// A run under way.
struct Running {
    run: RunId,
    transfer: Transfer,
    camera: Camera,
    paused: bool,
    announced_level: Option<usize>,
    last_preview: Option<Instant>,
}

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
        let from = parent.zip(job.resume.as_ref());
        let from = from.map(|(parent, resume)| (parent.0, resume.step));
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
        self.running = Some(Running {
            run,
            transfer,
            camera: Camera::new(run.0),
            paused: false,
            announced_level: None,
            last_preview: None,
        });
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
        let Some(running) = self.running.take() else {
            return;
        };
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

impl Running {
    /// Puts waiting settings in force. Settings that are not valid are refused in words and the
    /// run goes on with the old ones; a network that cannot be loaded is refused alone.
    fn take_settings(&mut self, compute: &mut Compute, outlet: &Outlet) -> Result<()> {
        let Some(mut wanted) = outlet.slots.take_settings(self.run) else {
            return Ok(());
        };
        let before = self.transfer.settings().clone();
        // A step may take long, and the picture is there.
        if self.transfer.take_finish(&wanted) && self.preview_is_due() {
            self.show(outlet);
        }
        let mut updated = compute.update(&mut self.transfer, &wanted);
        if let Err(error) = &mut updated
            && !self.transfer.settings().same_network(&wanted)
        {
            wanted.take_network_of(self.transfer.settings());
            let error = std::mem::replace(error, Error::Canceled);
            let settings = Box::new(self.transfer.settings().clone());
            outlet.send(self.run, EventKind::NetworkKept { error, settings });
            updated = compute.update(&mut self.transfer, &wanted);
        }
        match updated {
            Ok(changed) => {
                if changed {
                    let weights = self.transfer.computed().weights.clone();
                    outlet.send(self.run, EventKind::NetworkChanged { weights });
                }
                if before == *self.transfer.settings()
                    || !before.has_steps_of(self.transfer.settings())
                {
                    let step = self.transfer.steps();
                    outlet.send(self.run, EventKind::Updated { step });
                }
                Ok(())
            }
            Err(error @ Error::Setting { .. }) => {
                outlet.send(self.run, EventKind::Warned(error.to_string()));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn announce_level(&mut self, outlet: &Outlet) {
        let level = self.transfer.level();
        if self.announced_level != Some(level) {
            self.announced_level = Some(level);
            outlet.send(self.run, EventKind::LevelStarted { level });
        }
    }

    /// A frame that cannot be taken is no reason to end a run.
    fn film(&mut self, report: &StepReport, outlet: &Outlet) {
        match self.camera.watch(&self.transfer, report) {
            Ok(Some(frame)) => lock(&outlet.slots.film).push(frame),
            Ok(None) => {}
            Err(error) => log::warn!("no frame of step {}: {error}", report.step),
        }
    }

    fn preview_is_due(&self) -> bool {
        let pause = Duration::from_secs_f64(1.0 / PREVIEWS_PER_SEC);
        self.last_preview.is_none_or(|last| last.elapsed() >= pause)
    }

    fn show(&mut self, outlet: &Outlet) {
        self.last_preview = Some(Instant::now());
        let level = self.transfer.levels()[self.transfer.level()];
        let image = self.transfer.preview(PREVIEW_MAX_PX);
        outlet.show(Preview {
            run: self.run,
            step: self.transfer.steps(),
            image: Arc::new(image),
            full_size: (level.width, level.height),
        });
    }

    /// The picture of the moment.
    fn taken(&self) -> Taken {
        Taken::of(self.run, &self.transfer)
    }

    /// The picture that a run without further steps leaves, if any step was taken.
    fn last_taken(&self) -> Option<Taken> {
        (self.transfer.steps() > 0).then(|| self.taken())
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

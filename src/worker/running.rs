//! A run under way: what belongs before and after each of its steps.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use super::{
    EventKind, PREVIEW_MAX_PX, PREVIEWS_PER_SEC, Preview, RunId, keeping::Keeping, outlet::Outlet,
    slots::lock, taken::Taken,
};
use crate::{
    error::{Error, Result},
    transfer::{Compute, StepReport, Transfer, film::Camera},
};

/// A run under way.
pub(super) struct Running {
    pub(super) run: RunId,
    pub(super) transfer: Transfer,
    camera: Camera,
    pub(super) paused: bool,
    announced_level: Option<usize>,
    last_preview: Option<Instant>,
    keeping: Keeping,
}

impl Running {
    /// A run whose first step is next.
    pub(super) fn new(run: RunId, transfer: Transfer) -> Self {
        Self {
            run,
            transfer,
            camera: Camera::new(run.0),
            paused: false,
            announced_level: None,
            last_preview: None,
            keeping: Keeping::default(),
        }
    }

    /// Puts the run down as it stands, when that is wanted and due; `now` whether or not it is due.
    pub(super) fn keep(&mut self, outlet: &Outlet, now: bool) {
        let wanted = outlet.slots.keeps.load(Ordering::Relaxed) && self.transfer.steps() > 0;
        if wanted && (now || self.keeping.is_due()) {
            let transfer = &self.transfer;
            let checkpoint = self.keeping.time(|| transfer.checkpoint());
            outlet.keep(self.run, checkpoint);
        }
    }

    /// Puts waiting settings in force. Settings that are not valid are refused in words and the
    /// run goes on with the old ones; a network that cannot be loaded is refused alone.
    pub(super) fn take_settings(&mut self, compute: &mut Compute, outlet: &Outlet) -> Result<()> {
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

    pub(super) fn announce_level(&mut self, outlet: &Outlet) {
        let level = self.transfer.level();
        if self.announced_level != Some(level) {
            self.announced_level = Some(level);
            outlet.send(self.run, EventKind::LevelStarted { level });
        }
    }

    /// A frame that cannot be taken is no reason to end a run.
    pub(super) fn film(&mut self, report: &StepReport, outlet: &Outlet) {
        match self.camera.watch(&self.transfer, report) {
            Ok(Some(frame)) => lock(&outlet.slots.film).push(frame),
            Ok(None) => {}
            Err(error) => log::warn!("no frame of step {}: {error}", report.step),
        }
    }

    pub(super) fn preview_is_due(&self) -> bool {
        let pause = Duration::from_secs_f64(1.0 / PREVIEWS_PER_SEC);
        self.last_preview.is_none_or(|last| last.elapsed() >= pause)
    }

    pub(super) fn show(&mut self, outlet: &Outlet) {
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
    pub(super) fn taken(&self) -> Taken {
        Taken::of(self.run, &self.transfer)
    }

    /// The picture that a run without further steps leaves, if any step was taken.
    pub(super) fn last_taken(&self) -> Option<Taken> {
        (self.transfer.steps() > 0).then(|| self.taken())
    }
}

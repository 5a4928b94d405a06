//! What comes back from the worker and from the thread for pictures.

use eframe::egui::{Context, TextureOptions};

use crate::{
    app::{
        App,
        command::{
            Command,
            ids::{SnapshotId, Wish},
        },
        io::files::FileJob,
        notices::state::Mood,
        session::run::Phase,
        text,
    },
    error::Error,
    settings::DeviceChoice,
    transfer::StepReport,
    words::counted,
    worker::{self, Event, EventKind, RunId, Snapshot},
};

/// Steps between two looks at the memory in use.
const MEMORY_EVERY: u32 = 20;

impl App {
    /// Takes in everything that has arrived; never waits.
    pub(super) fn take_events(&mut self, ctx: &Context) {
        for event in self.worker.take_events() {
            self.event(event);
        }
        if let Some((run, image)) = self.worker.take_preview()
            && run == self.session.run.id
        {
            match &mut self.session.run.now {
                Some(texture) => texture.set(image, TextureOptions::LINEAR),
                now => {
                    log::info!("the first preview of run {} is there", run.0);
                    *now = Some(ctx.load_texture("now", image, TextureOptions::LINEAR));
                }
            }
        }
        self.network_answers();
        self.take_film_events(ctx);
        for event in self.files.events() {
            self.file_event(ctx, event);
        }
    }

    fn event(&mut self, event: Event) {
        let ours = event.run == self.session.run.id;
        let run = &mut self.session.run;
        match event.kind {
            // A run that was replaced by another hands over its picture all the same.
            EventKind::Stopped(last) => {
                if ours {
                    run.phase = Phase::Stopped;
                }
                self.ended(event.run, last, false);
                if ours {
                    self.stopped();
                }
            }
            EventKind::Devices(list) => self.session.devices.list = list,
            _ if !ours => log::debug!("an event of run {} came late", event.run.0),
            EventKind::Started {
                steps,
                levels,
                computed,
            } => {
                log::info!(
                    "{} in {} on {}",
                    counted(steps, "step"),
                    counted(levels.len(), "level"),
                    counted(computed.threads, "thread")
                );
                run.steps = steps;
                run.full_px = levels.last().map(|level| (level.width, level.height));
                run.levels = levels;
                run.weights = computed.weights;
                run.threads = Some(computed.threads);
                run.phase = Phase::Running;
                self.measure_memory();
            }
            EventKind::Computing { device } => {
                log::info!("computing on {device}");
                self.session.devices.in_use = Some(device).filter(|&d| d != DeviceChoice::Cpu);
                self.look_for_devices();
            }
            EventKind::LevelStarted { level } => {
                log::info!("level {level} begins");
                run.pace.begin_level();
            }
            EventKind::Stepped(report) => self.stepped(report),
            EventKind::Updated { step } => {
                log::info!("settings changed after step {step}");
                run.changes.push(step);
            }
            EventKind::NetworkChanged { weights } => self.network_changed(weights),
            EventKind::NetworkKept { error, settings } => self.network_kept(&error, &settings),
            EventKind::Warned(words) => self.session.toasts.add(Mood::Trouble, words),
            EventKind::Paused => {
                log::info!("paused at step {}", run.step());
                run.phase = Phase::Paused;
            }
            EventKind::Resumed => {
                log::info!("resumed");
                run.phase = Phase::Running;
                if let Some(deed) = run.stopped_by.take() {
                    let toasts = &mut self.session.toasts;
                    toasts
                        .retract(|command| matches!(command, Command::TakeBack(id) if *id == deed));
                }
            }
            EventKind::Snapshot(snapshot) => {
                let wish = self
                    .session
                    .snapshots
                    .wishes
                    .pop_front()
                    .unwrap_or(Wish::Keep);
                let name = text::snapshot_name(snapshot.step, false);
                let id = self.keep(event.run, snapshot, name);
                self.fulfill(wish, id);
            }
            EventKind::Refinished(snapshot) => self.refinished(event.run, snapshot),
            EventKind::Finished(snapshot) => {
                run.phase = Phase::Finished;
                let result = self.ended(event.run, Some(snapshot), true);
                self.finished(result);
            }
            EventKind::Failed { error, last } => {
                run.phase = Phase::Stopped;
                self.ended(event.run, last, false);
                if !matches!(error, Error::Canceled) {
                    self.complain(&error);
                    self.failed();
                }
            }
        }
    }

    fn stepped(&mut self, report: StepReport) {
        log::debug!(
            "step {} total {} content {} style {} tv {}",
            report.step,
            report.total,
            report.content.values().sum::<f64>() + report.pixels,
            report.style.values().sum::<f64>(),
            report.tv
        );
        let measure = report.step.is_multiple_of(MEMORY_EVERY);
        let run = &mut self.session.run;
        run.pace.record(&report, &run.levels);
        run.curve.record(&report);
        if run.report.replace(report).is_none() {
            for _ in 0..self.session.snapshots.wishes.len() {
                // Asked for before there was anything to keep.
                self.send(worker::Command::Snapshot);
            }
        }
        if measure {
            self.measure_memory();
        }
    }

    fn measure_memory(&mut self) {
        // Only a figure on the status line: when the thread is busy, the next one will do.
        if self.files.send(FileJob::MeasureMemory).is_err() {
            log::debug!("no time to look at the memory");
        }
    }

    /// A run is over: its picture is kept, and whoever waits for one gets this.
    fn ended(&mut self, run: RunId, last: Option<Snapshot>, finished: bool) -> Option<SnapshotId> {
        let waiting: Vec<Wish> = self.session.snapshots.wishes.drain(..).collect();
        let Some(snapshot) = last else {
            if !waiting.is_empty() {
                self.session.toasts.add(Mood::Note, text::NOTHING_PAINTED);
            }
            return None;
        };
        log::info!("the run ended at step {}", snapshot.step);
        let name = text::snapshot_name(snapshot.step, finished);
        let id = self.keep(run, snapshot, name);
        for wish in waiting {
            self.fulfill(wish, id);
        }
        Some(id)
    }
}

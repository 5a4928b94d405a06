//! What comes back from the worker and from the thread for pictures.

use std::sync::Arc;

use eframe::egui::{Context, TextureOptions};

use crate::{
    app::{
        App,
        command::ids::{Role, SnapshotId, Wish},
        io::{
            files::{FileEvent, FileJob},
            picture::color_image,
        },
        session::{Kept, picture::Shown, run::Phase},
        text,
        toasts::Mood,
    },
    error::Error,
    settings::DeviceChoice,
    transfer::StepReport,
    worker::{self, Event, EventKind, RunId, Snapshot},
};

/// Steps between two looks at the memory in use.
const MEMORY_EVERY: u32 = 20;

impl App {
    /// Takes in everything that has arrived; never waits.
    pub(super) fn take_events(&mut self, ctx: &Context) {
        let events: Vec<Event> = self.worker.events().collect();
        for event in events {
            self.event(event);
        }
        if let Some(preview) = self.worker.take_preview()
            && preview.run == self.session.run.id
        {
            let image = color_image(&preview.image);
            match &mut self.session.run.now {
                Some(texture) => texture.set(image, TextureOptions::LINEAR),
                now => {
                    log::info!("the first preview of run {} is there", preview.run.0);
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
            }
            EventKind::Devices(list) => self.session.devices.list = list,
            _ if !ours => log::debug!("an event of run {} came late", event.run.0),
            EventKind::Started {
                steps,
                levels,
                computed,
            } => {
                log::info!(
                    "{steps} steps in {} levels on {} threads",
                    levels.len(),
                    computed.threads
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
            }
            EventKind::Snapshot(snapshot) => {
                let wish = self.wishes.pop_front().unwrap_or(Wish::Keep);
                let name = text::snapshot_name(snapshot.step, false);
                let id = self.keep(event.run, snapshot, name);
                self.fulfill(wish, id);
            }
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
            for _ in 0..self.wishes.len() {
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
        let waiting: Vec<Wish> = self.wishes.drain(..).collect();
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

    /// Adds a picture to the strip, unless it is there already.
    pub(super) fn keep(&mut self, run: RunId, snapshot: Snapshot, name: String) -> SnapshotId {
        let again = self.session.kept.last_mut().filter(|kept| {
            kept.snapshot.step == snapshot.step
                && kept.snapshot.secs.to_bits() == snapshot.secs.to_bits()
                && kept.snapshot.record.settings == snapshot.record.settings
        });
        if let Some(kept) = again {
            if name == text::RESULT {
                kept.name = name;
            }
            return kept.id;
        }
        self.last_snapshot += 1;
        let id = SnapshotId(self.last_snapshot);
        let picture = Arc::clone(&snapshot.picture);
        self.session.kept.push(Kept {
            id,
            name,
            snapshot,
            run,
            saved: None,
            shown: None,
        });
        let sent = self.files.send(FileJob::Prepare { id, picture });
        self.expect(sent);
        id
    }

    fn file_event(&mut self, ctx: &Context, event: FileEvent) {
        match event {
            FileEvent::Loaded(role, loaded) => {
                self.session.loading = self.session.loading.saturating_sub(1);
                match loaded {
                    Ok(mut prepared) => {
                        let remembered = prepared.remembered.take();
                        let shown = Shown::new(ctx, *prepared);
                        if let Some(remembered) = remembered {
                            return self.offer(role, shown, remembered);
                        }
                        log::info!("{} is the {} picture", shown.picture.name, role.name());
                        if !self.edit_first(role, &shown) {
                            self.put_picture(role, shown);
                        }
                    }
                    Err(error) => self.not_loaded(role, &error),
                }
            }
            FileEvent::Prepared(id, prepared) => {
                let shown = Shown::new(ctx, *prepared);
                if let Some(kept) = self.session.kept.iter_mut().find(|kept| kept.id == id) {
                    kept.shown = Some(shown);
                }
            }
            FileEvent::Saved(id, Ok(path)) => {
                self.say_saved(&path);
                if let Some(kept) = self.session.kept.iter_mut().find(|kept| kept.id == id) {
                    kept.saved = Some(path);
                }
            }
            FileEvent::Saved(_, Err(error)) => self.complain(&error),
            FileEvent::Developed(frame, wanted, picture) => {
                self.developed(&frame, wanted, picture);
            }
            FileEvent::Revealed(shown) => self.expect(shown),
            FileEvent::Ffmpeg(there) => self.session.timeline.export.ffmpeg = Some(there),
            FileEvent::Exported(result) => self.exported(result),
            FileEvent::ForClipboard(image) => {
                ctx.copy_image(image);
                self.session.toasts.add(Mood::Done, text::COPIED);
            }
            FileEvent::Assist(event) => self.assist_event(ctx, event),
            FileEvent::Memory(bytes) => self.session.memory_bytes = bytes,
            FileEvent::Picked(purpose, paths) => self.picked(&purpose, paths),
            FileEvent::NoDialog(purpose) => self.ask_path(purpose),
            FileEvent::Canceled => {}
        }
    }

    fn not_loaded(&mut self, role: Role, error: &Error) {
        self.announce_next = false;
        self.last_drop = None;
        self.session.assist.forget_edit(role);
        self.fall_back_to_sample(role);
        self.complain(error);
    }
}

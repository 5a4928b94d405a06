//! Runs start, pause, stop and go on; what follows when one ends.

use std::sync::Arc;

use eframe::egui::{UserAttentionType, ViewportCommand};

use crate::{
    app::{
        App,
        command::{
            Command,
            ids::{SnapshotId, Wish},
        },
        deeds::state::Deed,
        notices::state::Mood,
        session::{
            job::BranchFrom,
            run::{Phase, Run},
        },
        text,
    },
    transfer::Job,
    worker::{self, RunId},
};

impl App {
    /// All steps are done: says so, also to those who look at another window.
    pub(crate) fn finished(&mut self, result: Option<SnapshotId>) {
        self.learn_from_run();
        if let Some(id) = result {
            for wish in std::mem::take(&mut self.session.at_end) {
                self.fulfill(wish, id);
            }
        }
        let words = text::finished_in(self.session.run.pace.secs());
        let save = Command::SaveAs(result);
        self.session
            .toasts
            .add_with(Mood::Done, words, text::SAVE_THIS, save);
        let ctx = self.sketcher.ctx();
        if !ctx.input(|input| input.viewport().focused.unwrap_or(true)) {
            let attention = ViewportCommand::RequestUserAttention(UserAttentionType::Informational);
            ctx.send_viewport_cmd(attention);
        }
        self.next_of_queue(result);
    }

    /// A run could not go on: the next of the queue has its turn.
    pub(crate) fn failed(&mut self) {
        // Its error stays to be read.
        let banner = self.session.banner.take();
        self.next_of_queue(None);
        self.session.banner = banner.or(self.session.banner.take());
    }

    /// Goes on with the run that was stopped, as if nothing had been.
    pub(crate) fn resume_stopped(&mut self) {
        if self.session.run.phase == Phase::Stopped && self.session.run.stopped_by.is_some() {
            self.send(worker::Command::Continue);
            // What was changed since reaches it too.
            self.worker.update(self.session.settings().clone());
        }
    }

    /// The run was stopped by the user: says so, and offers to go on.
    pub(crate) fn stopped(&mut self) {
        let (id, step) = (self.session.run.id, self.session.run.step());
        let deed = self.session.deeds.add(Deed::Stop(id));
        self.session.run.stopped_by = Some(deed);
        let toasts = &mut self.session.toasts;
        toasts.add_with(
            Mood::Done,
            text::stopped_at(step),
            text::CONTINUE_RUN,
            Command::TakeBack(deed),
        );
    }

    /// Restarts with the settings of the moment from the picture of the moment.
    pub(crate) fn go_on(&mut self) {
        // Held, so that the picture handed over is also the one that the run ends with.
        self.send(worker::Command::Pause);
        self.wish(Wish::GoOn);
    }

    /// The picture of the moment is here: the restart itself.
    pub(crate) fn go_on_from(&mut self, id: SnapshotId) {
        let (Some(content), Some(kept)) = (&self.session.pictures.content, self.session.kept(id))
        else {
            return;
        };
        let branch = BranchFrom {
            content: Arc::clone(&content.picture),
            ..BranchFrom::new(&kept.snapshot, self.session.run.id)
        };
        self.start(false, Some(branch));
    }

    /// What Space does: starts, pauses or resumes, whichever is next.
    pub(crate) fn start_or_pause(&mut self) {
        match self.session.run.phase {
            Phase::Idle | Phase::Finished | Phase::Stopped => self.start(false, None),
            Phase::Preparing | Phase::Running => self.send(worker::Command::Pause),
            Phase::Paused => self.send(worker::Command::Resume),
        }
    }

    /// Starts a run: a branch if one is given, else from what the settings say.
    pub(crate) fn start(&mut self, force: bool, branch: Option<BranchFrom>) {
        let Some(mut job) = self.session.job() else {
            self.session.toasts.add(Mood::Note, text::NEEDS_PICTURES);
            return;
        };
        job.force = force;
        let from = branch.and_then(|branch| branch.apply(&mut job));
        self.begin(job, from);
    }

    /// Begins a run of a job, as a branch of another where that is said.
    pub(crate) fn begin(&mut self, job: Job, from: Option<RunId>) {
        let run = Run {
            phase: Phase::Preparing,
            started_with: Some(Arc::new(job.settings.clone())),
            content: Some(Arc::clone(&job.content)),
            styles: job.styles.clone(),
            ..Run::default()
        };
        let started = match from {
            Some(from) => self.worker.branch(job, from),
            None => self.worker.start(job),
        };
        match started {
            Ok(id) => {
                log::info!("run {} begins", id.0);
                self.note_begin();
                self.session.timeline.put_aside(&mut self.session.run);
                self.session.timeline.moment = None;
                self.session.timeline.line = None;
                self.session.run = Run { id, ..run };
                self.session.at_end.clear();
                self.session.source = None;
                self.session.banner = None;
                self.session.variations.open = None;
                self.session.brushes.sheet = None;
                self.session.app.hint_seen = true;
            }
            Err(error) => self.complain(&error),
        }
    }
}

//! What follows when a run ends, and the restart that keeps the picture.

use std::sync::Arc;

use eframe::egui::{UserAttentionType, ViewportCommand};

use crate::{
    app::{
        App,
        command::{
            Command,
            ids::{SnapshotId, Wish},
        },
        session::job::BranchFrom,
        text,
        toasts::Mood,
    },
    transfer::Resume,
    worker,
};

impl App {
    /// All steps are done: says so, also to those who look at another window.
    pub(in crate::app) fn finished(&mut self, result: Option<SnapshotId>) {
        self.learn_from_run();
        let took = text::duration(self.session.run.pace.secs());
        let words = format!("{} {took}", text::FINISHED_IN);
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
    pub(in crate::app) fn failed(&mut self) {
        // Its error stays to be read.
        let banner = self.session.banner.take();
        self.next_of_queue(None);
        self.session.banner = banner.or(self.session.banner.take());
    }

    /// Restarts with the settings of the moment from the picture of the moment.
    pub(super) fn go_on(&mut self) {
        // Held, so that the picture handed over is also the one that the run ends with.
        self.send(worker::Command::Pause);
        self.wish(Wish::GoOn);
    }

    /// The picture of the moment is here: the restart itself.
    pub(in crate::app) fn go_on_from(&mut self, id: SnapshotId) {
        let (Some(content), Some(kept)) = (&self.session.content, self.session.kept(id)) else {
            return;
        };
        let snapshot = &kept.snapshot;
        let branch = BranchFrom {
            picture: Arc::clone(&snapshot.picture),
            content: Arc::clone(&content.picture),
            run: self.session.run.id,
            resume: Resume {
                step: snapshot.step,
                secs: snapshot.secs,
                record: Arc::clone(&snapshot.record),
            },
        };
        self.start(false, Some(branch));
    }
}

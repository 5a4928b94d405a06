//! Runs are added to the queue and begun; each result is kept and saved.

use crate::app::{
    App,
    command::{
        features::QueueCommand,
        ids::{SnapshotId, Wish},
    },
    notices::state::Mood,
    queue::state::Queued,
    text,
};

/// Runs that a person can oversee.
const MOST: usize = 24;

impl App {
    /// Does what a view asked for.
    pub(crate) fn queue_command(&mut self, command: QueueCommand) {
        match command {
            QueueCommand::Add => self.enqueue(),
            QueueCommand::Remove(id) => self.session.queue.remove(id),
            QueueCommand::Start => self.start_queue(),
        }
    }

    /// Adds the present pictures and settings.
    fn enqueue(&mut self) {
        let session = &mut self.session;
        let Some(content) = session
            .pictures
            .content
            .clone()
            .filter(|_| !session.pictures.styles.is_empty())
        else {
            session.toasts.add(Mood::Note, text::NEEDS_PICTURES);
            return;
        };
        let queue = &mut session.queue;
        if queue.waiting.len() >= MOST {
            session.toasts.add(Mood::Trouble, text::QUEUE_FULL);
            return;
        }
        queue.last_id += 1;
        queue.waiting.push(Queued {
            id: queue.last_id,
            content,
            styles: session.pictures.styles.clone(),
            settings: session.app.transfer.clone(),
            preset: session.app.preset.clone(),
            initial: session.pictures.initial.clone(),
        });
        let words = if session.run.phase.is_active() {
            text::QUEUED_AFTER
        } else {
            text::QUEUED
        };
        session.toasts.add(Mood::Done, words);
    }

    /// Begins the first run of the queue: its pictures and settings become those of the window.
    fn start_queue(&mut self) {
        let session = &mut self.session;
        if session.queue.waiting.is_empty() {
            return;
        }
        let next = session.queue.waiting.remove(0);
        session.pictures.content = Some(next.content);
        session.pictures.styles = next.styles;
        session.pictures.initial = next.initial;
        session.app.transfer = next.settings;
        session.app.preset = next.preset;
        self.remember_pictures();
        self.start(false, None);
        let run = &self.session.run;
        self.session.queue.at_work = run.phase.is_active().then_some(run.id);
    }

    /// A run has ended by itself, with a picture or an error: results of the queue are saved, and
    /// the next one begins.
    pub(crate) fn next_of_queue(&mut self, result: Option<SnapshotId>) {
        let of_queue = self.session.queue.at_work.take() == Some(self.session.run.id);
        if let Some(id) = result.filter(|_| of_queue) {
            self.fulfill(Wish::Keep, id);
        }
        self.start_queue();
    }
}

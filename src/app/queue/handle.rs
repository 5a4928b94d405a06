//! Runs are added to the queue and begun; each result is kept and saved.

use std::path::PathBuf;

use crate::app::{
    App,
    command::{
        Command,
        features::QueueCommand,
        ids::{Role, SnapshotId, Wish},
    },
    deeds::state::Deed,
    io::picture::{Load, PictureSource},
    notices::state::Mood,
    queue::state::Queued,
    session::picture::Shown,
    text,
};

/// Runs that wait at most: a folder of photographs.
const MOST: usize = 200;

impl App {
    /// Does what a view asked for.
    pub(crate) fn queue_command(&mut self, command: QueueCommand) {
        match command {
            QueueCommand::Add => self.enqueue(None),
            QueueCommand::Remove(id) => self.dequeue(id),
            QueueCommand::Start => self.start_queue(),
        }
    }

    /// Adds the present pictures and settings, or those with another content image.
    pub(crate) fn enqueue(&mut self, content: Option<Shown>) {
        let session = &mut self.session;
        let content = content.or_else(|| session.pictures.content.clone());
        let Some(content) = content.filter(|_| !session.pictures.styles.is_empty()) else {
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
        if session.run.phase.is_active() {
            session.toasts.add(Mood::Done, words);
        } else {
            let start = Command::Queue(QueueCommand::Start);
            let toasts = &mut session.toasts;
            toasts.add_with(Mood::Done, words, text::START_QUEUE, start);
        }
    }

    /// Adds a run for each of these content images, with the present styles and settings.
    pub(crate) fn enqueue_contents(&mut self, paths: Vec<PathBuf>) {
        let room = MOST.saturating_sub(self.session.queue.waiting.len());
        if paths.len() > room {
            let words = text::queue_takes(room, paths.len());
            self.session.toasts.add(Mood::Trouble, words);
        }
        for path in paths.into_iter().take(room) {
            self.load(Load::new(Role::Queued, PictureSource::File(path)));
        }
    }

    /// Takes a run out.
    fn dequeue(&mut self, id: u64) {
        let waiting = &mut self.session.queue.waiting;
        let Some(place) = waiting.iter().position(|queued| queued.id == id) else {
            return;
        };
        let queued = Box::new(waiting.remove(place));
        let words = text::taken_out(&queued.title());
        let queued = Some(queued);
        let deed = self.session.deeds.add(Deed::Queued { id, place, queued });
        self.say_done(words, deed);
    }

    /// Begins the first run of the queue: its pictures and settings become those of the window.
    fn start_queue(&mut self) {
        if self.session.queue.waiting.is_empty() {
            return;
        }
        self.note_table();
        let session = &mut self.session;
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

//! Deeds are noted, taken back and done again.

use crate::{
    app::{
        App,
        command::Command,
        deeds::state::{Deed, Table},
        io::presets::PresetsJob,
        notices::state::Mood,
        session::run::Phase,
        text,
    },
    worker,
};

impl App {
    /// The pictures on the table, as a deed that changes them notes them first.
    pub(crate) fn table(&self) -> Table {
        let pictures = &self.session.pictures;
        Table {
            content: pictures.content.clone(),
            styles: pictures.styles.clone(),
        }
    }

    /// Notes the pictures on the table before they are changed.
    pub(crate) fn note_table(&mut self) -> u64 {
        // What was said of the table before would take back more than it speaks of.
        let of_table = self.session.deeds_of_table.drain(..).collect::<Vec<_>>();
        self.session
            .toasts
            .retract(|command| matches!(command, Command::TakeBack(id) if of_table.contains(id)));
        let table = Box::new(self.table());
        let id = self.session.deeds.add(Deed::Pictures(table));
        self.session.deeds_of_table.push(id);
        id
    }

    /// Says what was done, with a button that takes it back.
    pub(crate) fn say_done(&mut self, words: impl Into<String>, deed: u64) {
        let toasts = &mut self.session.toasts;
        toasts.add_with(Mood::Done, words, text::TAKE_BACK, Command::TakeBack(deed));
    }

    /// Takes one deed back, by the button of its notice.
    pub(crate) fn take_back(&mut self, id: u64) {
        if let Some(deed) = self.session.deeds.take(id) {
            self.exchange(deed, true);
        }
    }

    /// Takes deeds back, or does them again, until so many are done. Answers whether that changed
    /// anything.
    pub(crate) fn go_to_deed(&mut self, target: usize) -> bool {
        let mut changed = false;
        while let Some(step) = self.session.deeds.step_to(target) {
            self.session
                .toasts
                .retract(|command| matches!(command, Command::TakeBack(id) if *id == step.id));
            if let Some(deed) = step.deed {
                let reverse = self.exchange(deed, step.back);
                self.session.deeds.put(step.place, reverse);
                changed = true;
            }
        }
        changed
    }

    /// Takes a deed back (or does it again) and answers what reverses that.
    fn exchange(&mut self, deed: Deed, back: bool) -> Deed {
        match deed {
            Deed::Pictures(mut table) => {
                self.exchange_table(&mut table);
                Deed::Pictures(table)
            }
            Deed::Strength(n, mut table) => {
                self.exchange_table(&mut table);
                Deed::Strength(n, table)
            }
            Deed::Snapshot { id, place, kept } => {
                let all = &mut self.session.snapshots.kept;
                let kept = if let Some(kept) = kept {
                    all.insert(place.min(all.len()), *kept);
                    None
                } else {
                    let at = all.iter().position(|kept| kept.id == id);
                    at.map(|at| Box::new(all.remove(at)))
                };
                Deed::Snapshot { id, place, kept }
            }
            Deed::Queued { id, place, queued } => {
                let waiting = &mut self.session.queue.waiting;
                let queued = if let Some(queued) = queued {
                    waiting.insert(place.min(waiting.len()), *queued);
                    None
                } else {
                    let at = waiting.iter().position(|queued| queued.id == id);
                    at.map(|at| Box::new(waiting.remove(at)))
                };
                Deed::Queued { id, place, queued }
            }
            Deed::Preset(preset) => {
                let folder = self.presets_folder();
                let job = if back {
                    PresetsJob::Restore(folder, preset.clone())
                } else {
                    PresetsJob::Delete(folder, preset.name.clone(), false)
                };
                self.presets_job(job);
                Deed::Preset(preset)
            }
            Deed::Stop(run) => {
                let ours = run == self.session.run.id;
                if ours && back {
                    self.resume_stopped();
                } else if ours && self.session.run.phase != Phase::Stopped {
                    self.send(worker::Command::Stop);
                }
                Deed::Stop(run)
            }
        }
    }

    fn exchange_table(&mut self, table: &mut Table) {
        let pictures = &mut self.session.pictures;
        std::mem::swap(&mut pictures.content, &mut table.content);
        std::mem::swap(&mut pictures.styles, &mut table.styles);
        pictures.turns = crate::app::pictures::state::Turns::default();
        self.session
            .toasts
            .retract(|command| matches!(command, Command::OtherRole));
        self.remember_pictures();
    }
}

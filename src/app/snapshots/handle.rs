//! Pictures are kept, copied, named and deleted, and runs go on from them.

use std::sync::Arc;

use crate::{
    app::{
        App,
        command::ids::{SnapshotId, Source, Wish},
        deeds::state::Deed,
        io::files::FileJob,
        notices::state::Mood,
        session::{job::BranchFrom, picture::Shown, run::Phase},
        snapshots::state::Kept,
        text,
    },
    worker::{self, RunId, Snapshot},
};

impl App {
    /// Adds a picture to the strip, unless it is there already.
    pub(crate) fn keep(&mut self, run: RunId, snapshot: Snapshot, name: String) -> SnapshotId {
        let again = self.session.snapshots.kept.last_mut().filter(|kept| {
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
        let id = self.session.snapshots.next_id();
        self.session.snapshots.kept.push(Kept {
            id,
            name,
            snapshot,
            run,
            saved: None,
            shown: None,
        });
        self.prepare_snapshot(id);
        id
    }

    /// The last picture of a run was finished in another way: it takes the place of what was kept.
    pub(crate) fn refinished(&mut self, run: RunId, snapshot: Snapshot) {
        let same = |kept: &&mut Kept| {
            kept.run == run
                && kept.snapshot.step == snapshot.step
                && kept.snapshot.secs.to_bits() == snapshot.secs.to_bits()
        };
        let Some(kept) = self.session.snapshots.kept.iter_mut().rfind(same) else {
            let finished = self.session.run.phase == Phase::Finished;
            let name = text::snapshot_name(snapshot.step, finished);
            self.keep(run, snapshot, name);
            return;
        };
        let prepared = kept.is_prepared();
        kept.snapshot = snapshot;
        kept.saved = None;
        // Otherwise the next answer of the thread for pictures asks for it.
        if prepared {
            let id = kept.id;
            self.prepare_snapshot(id);
        }
    }

    /// A snapshot is ready for the screen, unless it has become another picture meanwhile.
    pub(crate) fn prepared(&mut self, id: SnapshotId, shown: Shown) {
        let Some(kept) = self.kept_mut(id) else {
            return;
        };
        kept.shown = Some(shown);
        if !kept.is_prepared() {
            self.prepare_snapshot(id);
        }
    }

    /// Has a snapshot made ready for the screen.
    pub(crate) fn prepare_snapshot(&mut self, id: SnapshotId) {
        if let Some(kept) = self.session.kept(id) {
            let picture = Arc::clone(&kept.snapshot.picture);
            let sent = self.files.send(FileJob::Prepare { id, picture });
            self.expect(sent);
        }
    }

    /// Asks for the picture of the moment; `fulfill` does the rest when it comes.
    pub(crate) fn wish(&mut self, wish: Wish) {
        if self.wish_for_moment(wish) || self.wish_for_instant(wish) {
            return;
        }
        let run = &self.session.run;
        if run.phase.is_active() {
            self.session.snapshots.wishes.push_back(wish);
            if run.report.is_some() {
                self.send(worker::Command::Snapshot);
            } else {
                self.session.toasts.add(Mood::Note, text::SOON);
            }
            return;
        }
        let shown = match self.session.source() {
            Source::Snapshot(id) => self.session.kept(id),
            _ => None,
        };
        match shown.or(self.session.newest()).map(|kept| kept.id) {
            Some(id) => self.fulfill(wish, id),
            None => self.session.toasts.add(Mood::Note, text::NOTHING_PAINTED),
        }
    }

    /// Does with a kept picture what was asked for.
    pub(crate) fn fulfill(&mut self, wish: Wish, id: SnapshotId) {
        match wish {
            Wish::Keep => self.save_to_folder(id),
            Wish::SaveAs => self.save_as(id),
            Wish::Copy => self.copy(id),
            Wish::GoOn => self.go_on_from(id),
        }
    }

    pub(crate) fn copy(&mut self, id: SnapshotId) {
        if let Some(kept) = self.session.kept(id) {
            let job = FileJob::ForClipboard(Arc::clone(&kept.snapshot.picture));
            let sent = self.files.send(job);
            self.expect(sent);
        }
    }

    pub(crate) fn kept_mut(&mut self, id: SnapshotId) -> Option<&mut Kept> {
        self.session
            .snapshots
            .kept
            .iter_mut()
            .find(|kept| kept.id == id)
    }

    /// Takes a snapshot out of the strip.
    pub(crate) fn delete_snapshot(&mut self, id: SnapshotId) {
        let all = &mut self.session.snapshots.kept;
        let Some(place) = all.iter().position(|kept| kept.id == id) else {
            return;
        };
        let kept = Box::new(all.remove(place));
        let words = text::deleted(&kept.name);
        let kept = Some(kept);
        let deed = self.session.deeds.add(Deed::Snapshot { id, place, kept });
        self.say_done(words, deed);
    }

    /// Goes on from a snapshot, as a branch.
    pub(crate) fn continue_from(&mut self, id: SnapshotId) {
        let kept = self.session.kept(id);
        let branch = kept.map(|kept| BranchFrom::new(&kept.snapshot, kept.run));
        if branch.is_some() {
            self.start(false, branch);
        }
    }
}

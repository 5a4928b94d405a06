//! A picture of a run as it was taken: it can be shown, kept, and, when the run is over, finished in
//! another way.

use std::sync::Arc;

use super::{EventKind, PREVIEW_MAX_PX, Preview, RunId, Snapshot, outlet::Outlet};
use crate::{
    settings::TransferSettings,
    transfer::{Painting, Record, Transfer},
};

/// The painting of a run with what is known about it.
pub(super) struct Taken {
    run: RunId,
    painting: Painting,
    snapshot: Snapshot,
}

impl Taken {
    /// The painting of the moment.
    pub(super) fn of(run: RunId, transfer: &Transfer) -> Self {
        let painting = transfer.painting();
        let unfinished = (!painting.is_plain()).then(|| Arc::new(painting.unfinished()));
        Self {
            run,
            snapshot: Snapshot {
                picture: Arc::new(painting.picture()),
                unfinished,
                step: transfer.steps(),
                loss: transfer.last_loss(),
                secs: transfer.secs(),
                content: Arc::clone(transfer.content()),
                record: Arc::new(transfer.record()),
            },
            painting,
        }
    }

    pub(super) fn run(&self) -> RunId {
        self.run
    }

    /// The picture as it is finished now.
    pub(super) fn snapshot(&self) -> Snapshot {
        self.snapshot.clone()
    }

    /// Finishes the picture as `wanted` says, and shows it where that makes another one.
    pub(super) fn refinish(&mut self, wanted: &TransferSettings, outlet: &Outlet) {
        if !self.painting.take_finish(wanted) {
            return;
        }
        let unfinished = self.snapshot.unfinished.take();
        let unfinished = unfinished.unwrap_or_else(|| Arc::new(self.painting.unfinished()));
        self.snapshot.unfinished = Some(unfinished).filter(|_| !self.painting.is_plain());
        self.snapshot.picture = Arc::new(self.painting.picture());
        self.snapshot.record = Arc::new(Record {
            settings: self.painting.settings().clone(),
            ..Record::clone(&self.snapshot.record)
        });
        self.show(outlet);
        outlet.send(self.run, EventKind::Refinished(self.snapshot()));
    }

    /// Puts the picture on the screen.
    pub(super) fn show(&self, outlet: &Outlet) {
        let planes = &self.snapshot.picture.planes;
        outlet.show(Preview {
            run: self.run,
            step: self.snapshot.step,
            image: Arc::new(
                self.painting
                    .reduced(&self.snapshot.picture, PREVIEW_MAX_PX),
            ),
            full_size: (planes.width, planes.height),
        });
    }
}

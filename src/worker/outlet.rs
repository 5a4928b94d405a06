//! The way out of the worker thread to the window: events, the preview slot, and the call that wakes
//! it.

use std::sync::Arc;

use crossbeam_channel::Sender;

use super::{Event, EventKind, Preview, RunId, slots::Slots, slots::lock};
use crate::transfer::Checkpoint;

pub(super) struct Outlet {
    events: Sender<Event>,
    pub(super) slots: Arc<Slots>,
    wake: Box<dyn Fn() + Send>,
}

impl Outlet {
    pub(super) fn new(
        events: Sender<Event>,
        slots: Arc<Slots>,
        wake: Box<dyn Fn() + Send>,
    ) -> Self {
        Self {
            events,
            slots,
            wake,
        }
    }

    /// Sends first, then wakes: the other way round the window may look too early and sleep.
    pub(super) fn send(&self, run: RunId, kind: EventKind) {
        if self.events.send(Event { run, kind }).is_err() {
            log::debug!("nobody listens to the transfer any more");
        }
        (self.wake)();
    }

    /// Hands over a run as it stands; of several the newest counts.
    pub(super) fn keep(&self, run: RunId, checkpoint: Checkpoint) {
        *lock(&self.slots.kept) = Some((run, checkpoint));
        (self.wake)();
    }

    pub(super) fn show(&self, preview: Preview) {
        *lock(&self.slots.preview) = Some(preview);
        (self.wake)();
    }
}

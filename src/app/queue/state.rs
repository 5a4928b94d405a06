//! The runs that wait: pictures and settings are kept as they are when a run is added.

use crate::{
    app::{
        io::names::file_stem,
        session::picture::{Shown, Style},
    },
    settings::TransferSettings,
    worker::RunId,
};

/// A run that waits.
pub(crate) struct Queued {
    pub(crate) id: u64,
    pub(crate) content: Shown,
    pub(crate) styles: Vec<Style>,
    pub(crate) settings: TransferSettings,
    pub(crate) preset: String,
    pub(crate) initial: Option<Shown>,
}

impl Queued {
    /// Names of its pictures, and the size.
    pub(crate) fn title(&self) -> String {
        let content = file_stem(&self.content.original.name);
        let mut words = vec![content];
        let styles = self.styles.iter();
        words.extend(styles.map(|style| file_stem(&style.shown.original.name)));
        let size = self
            .settings
            .size_px
            .unwrap_or_else(|| self.content.picture.planes.longest_px() as u32);
        words.push(format!("{size} px"));
        words.join(", ")
    }
}

/// The runs that wait, the next one first.
#[derive(Default)]
pub(crate) struct Queue {
    pub(crate) waiting: Vec<Queued>,
    pub(crate) last_id: u64,
    /// The run at hand, when it came out of the queue.
    pub(crate) at_work: Option<RunId>,
}

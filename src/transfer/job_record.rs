//! What the record of a picture takes from the job of its run.

use super::{
    job::{Job, StyleImage},
    record::{Computed, History, Input, Record, StyleInput},
};

impl From<&StyleImage> for StyleInput {
    fn from(style: &StyleImage) -> Self {
        let mask = |mask: &Option<_>| mask.as_deref().map(Input::from);
        Self {
            input: style.picture.as_ref().into(),
            strength: style.strength,
            region: mask(&style.region),
            style_region: mask(&style.style_region),
        }
    }
}

impl Record {
    /// The record of a run's picture.
    pub(super) fn of_job(job: &Job, computed: &Computed, history: &History) -> Self {
        let continued = job.checkpoint.as_ref().map(|kept| &kept.record);
        let resumed = job.resume.as_ref().map(|resume| &*resume.record);
        Self {
            program: concat!("impasto ", env!("CARGO_PKG_VERSION")).to_owned(),
            content: job.content.as_ref().into(),
            styles: job.styles.iter().map(StyleInput::from).collect(),
            initial: match resumed.or(continued) {
                Some(record) => record.initial.clone(),
                None => job.initial.as_deref().map(Input::from),
            },
            computed: computed.clone(),
            history: history.clone(),
            ..Self::default()
        }
    }
}

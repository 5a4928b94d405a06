//! An instant picture as large as a run would paint, to be kept.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use super::messages::Snapshot;
use crate::{
    error::{Error, Result},
    transfer::{Job, Look, Stylist, Stylized},
};

/// Paints a job in one pass. It takes a while: not for a thread that has anything else to do.
///
/// # Errors
/// When a setting is not valid, the content image is too small, or memory runs out.
pub fn paint_whole(job: &Job, look: &Look) -> Result<Snapshot> {
    // Nobody loses more than this picture by a fault in it.
    let painted = catch_unwind(AssertUnwindSafe(|| {
        Stylist::prompt(job.threads)?.paint(job, look)
    }));
    let fault = |_| Err(Error::Internal("the instant picture failed".to_owned()));
    let Stylized { painting, record } = painted.unwrap_or_else(fault)?;
    let unfinished = (!painting.is_plain()).then(|| Arc::new(painting.unfinished()));
    Ok(Snapshot {
        picture: Arc::new(painting.into_picture()),
        unfinished,
        step: 0,
        loss: f64::NAN,
        secs: record.secs,
        content: Arc::clone(&job.content),
        record: Arc::new(record),
    })
}

//! Which steps are kept, and taking them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{Frame, file::THUMBNAIL_PX};
use crate::{
    error::Result,
    pixels::{encode_jpeg, preview_rgba8},
    transfer::{Record, StepReport, Transfer},
};

/// Frames that a run of any length is worth.
const FRAMES_PER_RUN: u32 = 160;
/// Share of the time that filming may take.
const SHARE_OF_TIME: f64 = 0.03;
/// Quality of frames: no visible loss, a tenth of the memory of PNG.
const JPEG_QUALITY: u8 = 92;

/// Films one run.
#[derive(Debug)]
pub struct Camera {
    run: u64,
    /// Steps and time of the last frame.
    last: Option<(u32, Instant)>,
    /// Time that the last frame took.
    cost: Duration,
    record: Option<Arc<Record>>,
}

impl Camera {
    /// For the run of that number.
    pub fn new(run: u64) -> Self {
        Self {
            run,
            last: None,
            cost: Duration::ZERO,
            record: None,
        }
    }

    /// Takes a frame when the step that was just taken is worth one: in even distances, and the
    /// first and last step of each level.
    ///
    /// # Errors
    /// When the picture cannot be encoded.
    pub fn watch(&mut self, transfer: &Transfer, report: &StepReport) -> Result<Option<Frame>> {
        let due = transfer.level_ends() || self.is_due(transfer, report.step);
        due.then(|| self.shoot(transfer, report)).transpose()
    }

    fn is_due(&self, transfer: &Transfer, step: u32) -> bool {
        let Some((last, when)) = self.last else {
            return true;
        };
        let all: u32 = transfer.levels().iter().map(|level| level.steps).sum();
        let rested = when.elapsed().as_secs_f64() * SHARE_OF_TIME >= self.cost.as_secs_f64();
        rested && step >= last + (all / FRAMES_PER_RUN).max(1)
    }

    fn shoot(&mut self, transfer: &Transfer, report: &StepReport) -> Result<Frame> {
        let begin = Instant::now();
        let content = transfer.content();
        let picture = transfer.picture();
        let planes = &picture.planes;
        let (jpeg, thumbnail) = transfer.install(|| {
            let thumbnail = preview_rgba8(planes, picture.alpha.as_deref(), THUMBNAIL_PX);
            (encode_jpeg(planes, JPEG_QUALITY), Arc::new(thumbnail))
        });
        let mut jpeg = jpeg?;
        jpeg.shrink_to_fit();
        let frame = Frame {
            run: self.run,
            step: report.step,
            secs: report.secs,
            loss: report.total,
            style_reached: report.style_reached,
            content_kept: report.content_kept,
            size_px: (planes.width, planes.height),
            thumbnail,
            jpeg,
            record: self.record(transfer),
            content: Arc::clone(content),
        };
        self.cost = begin.elapsed();
        self.last = Some((report.step, Instant::now()));
        Ok(frame)
    }

    /// The record of a moment before, as long as no settings have changed since.
    fn record(&mut self, transfer: &Transfer) -> Arc<Record> {
        let known = self.record.take().filter(|record| {
            record.history.changes.len() == transfer.history().changes.len()
                && record.settings == *transfer.settings()
        });
        let record = known.unwrap_or_else(|| Arc::new(transfer.record()));
        Arc::clone(self.record.insert(record))
    }
}

//! A frame as bytes, for the disk.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Frame;
use crate::{
    pixels::{Picture, preview_rgba8},
    transfer::Record,
};

/// Longest side of the small pictures.
pub(super) const THUMBNAIL_PX: usize = 128;

/// What stands before the picture.
#[derive(Serialize, Deserialize)]
struct Head {
    run: u64,
    step: u32,
    secs: f64,
    /// JSON knows no number for what is not finite.
    loss: Option<f64>,
    style_reached: f64,
    content_kept: f64,
    size_px: (usize, usize),
    record: String,
}

impl Frame {
    /// The bytes of a file that [`Self::from_bytes`] reads: the length of a head in JSON as four
    /// bytes, the head, and a JPEG.
    pub fn to_bytes(&self) -> Vec<u8> {
        let finite = |value: f64| if value.is_finite() { value } else { 0.0 };
        let head = Head {
            run: self.run,
            step: self.step,
            secs: finite(self.secs),
            loss: Some(self.loss).filter(|loss| loss.is_finite()),
            style_reached: finite(self.style_reached),
            content_kept: finite(self.content_kept),
            size_px: self.size_px,
            record: self.record.to_json(),
        };
        let head = serde_json::to_vec(&head).unwrap_or_default();
        let length = head.len() as u32;
        [&length.to_le_bytes()[..], &head, &self.jpeg].concat()
    }

    /// The frame in the bytes of a file, of a run with this content image; `None` when they are
    /// damaged or cut off.
    pub fn from_bytes(bytes: &[u8], content: Arc<Picture>) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (head, jpeg) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let head: Head = serde_json::from_slice(head).ok()?;
        let planes = Picture::from_bytes(jpeg, &content.name).ok()?.planes;
        if (planes.width, planes.height) != head.size_px {
            return None;
        }
        Some(Self {
            run: head.run,
            step: head.step,
            secs: head.secs,
            loss: head.loss.unwrap_or(f64::NAN),
            style_reached: head.style_reached,
            content_kept: head.content_kept,
            size_px: head.size_px,
            thumbnail: Arc::new(preview_rgba8(&planes, None, THUMBNAIL_PX)),
            jpeg: jpeg.to_vec(),
            record: Arc::new(Record::from_json(&head.record)?),
            content,
        })
    }
}

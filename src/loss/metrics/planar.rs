//! The picture that metrics of pixels look at.

use crate::error::{Error, Result};

/// A planar RGB picture, `[3, H, W]`, sRGB 0..1.
#[derive(Clone, Copy, Debug)]
pub struct Planar<'a> {
    pub(super) data: &'a [f32],
    pub(super) height: usize,
    pub(super) width: usize,
}

impl<'a> Planar<'a> {
    /// Pairs pixels with their sides.
    ///
    /// # Errors
    /// When the length does not match the sides, or a side is 0.
    pub fn new(data: &'a [f32], height: usize, width: usize) -> Result<Self> {
        if data.len() != 3 * height * width || data.is_empty() {
            return Err(Error::Internal(format!(
                "a picture of {} values cannot be 3 x {height} x {width}",
                data.len()
            )));
        }
        Ok(Self {
            data,
            height,
            width,
        })
    }

    /// Luma (ITU-R BT.601), `[H, W]`.
    pub(super) fn luminance(self) -> Vec<f32> {
        let plane = self.height * self.width;
        let color = |at: usize| [0, 1, 2].map(|channel| self.data[channel * plane + at]);
        let luma = |[r, g, b]: [f32; 3]| 0.299 * r + 0.587 * g + 0.114 * b;
        (0..plane).map(|at| luma(color(at))).collect()
    }
}

//! Row strips: convolutions and what goes with them, a few rows at a time.
//!
//! A library convolution on a device unrolls its input into columns, nine times as large as the
//! map. In strips the columns stay below a budget whatever the picture's size, and with them the
//! number of values in one launch, which the devices count in 32 bits.

use std::ops::Range;

use candle_core::{Device, Module as _, Tensor};
use candle_nn::{Conv2d, Conv2dConfig};

use crate::{error::Result, network::EdgePadding};

/// Bytes of columns that a strip may have: large enough to keep a device busy, and a power of
/// two, because Metal hands memory out in such pieces.
pub(super) const STRIP_BYTES: usize = 128 << 20;

/// Below this, strips are not made smaller: what does not fit then never will.
pub(super) const STRIP_BYTES_MIN: usize = 4 << 20;

/// A 3x3 convolution on the device.
pub(super) struct Convolution {
    /// On padded rows: padding is not always zero. Weights `[out, in, 3, 3]`, contiguous.
    layer: Conv2d,
}

impl Convolution {
    /// Uploads weights `[out, in, 3, 3]`.
    pub(super) fn new(
        weight: &[f32],
        (outputs, inputs): (usize, usize),
        bias: Option<&[f32]>,
        device: &Device,
    ) -> Result<Self> {
        let bias = bias.map(|bias| Tensor::from_slice(bias, outputs, device));
        let weight = Tensor::from_slice(weight, (outputs, inputs, 3, 3), device)?;
        let layer = Conv2d::new(weight, bias.transpose()?, Conv2dConfig::default());
        Ok(Self { layer })
    }

    /// Channels that come out.
    pub(super) fn outputs(&self) -> usize {
        self.layer.weight().dims()[0]
    }

    /// Rows `rows` of the convolution of a map of `height` rows that is padded by `margin` (1: as
    /// many rows as before; 2: two more). `input` gives rows of the map, `[1, in, rows, W]`: those
    /// at hand and one more on either side, the halo.
    pub(super) fn rows(
        &self,
        rows: &Range<usize>,
        height: usize,
        margin: usize,
        edge: EdgePadding,
        input: impl FnOnce(Range<usize>) -> Result<Tensor>,
    ) -> Result<Tensor> {
        let begin = rows.start.saturating_sub(margin);
        let end = (rows.end + 2 - margin).min(height);
        let above = margin.saturating_sub(rows.start);
        let below = rows.end + 2 - margin - end;
        let map = input(begin..end)?.contiguous()?;
        let padded = match edge {
            EdgePadding::Zero => map
                .pad_with_zeros(2, above, below)?
                .pad_with_zeros(3, margin, margin)?,
            EdgePadding::Replicate | EdgePadding::Mirror => map
                .pad_with_same(2, above, below)?
                .pad_with_same(3, margin, margin)?,
        };
        Ok(self.layer.forward(&padded.contiguous()?)?)
    }

    /// The strips in which `rows` rows of `width` values a channel are computed, with columns of at
    /// most `bytes`; pairs of rows stay together where `even`.
    pub(super) fn strips(
        &self,
        rows: usize,
        width: usize,
        bytes: usize,
        even: bool,
    ) -> impl Iterator<Item = Range<usize>> + use<> {
        // Where few channels come in, what goes out is the larger part.
        let channels = (9 * self.layer.weight().dims()[1]).max(4 * self.outputs());
        let fitting = bytes / (4 * channels * width.max(1));
        let step = if even {
            (fitting & !1).max(2)
        } else {
            fitting.max(1)
        };
        (0..rows)
            .step_by(step)
            .map(move |start| start..(start + step).min(rows))
    }
}

/// A map that is put together from strips.
pub(super) struct Assembly {
    shape: [usize; 4],
    whole: Option<Tensor>,
}

impl Assembly {
    /// Of shape `[1, C, H, W]`.
    pub(super) fn new(channels: usize, height: usize, width: usize) -> Self {
        Self {
            shape: [1, channels, height, width],
            whole: None,
        }
    }

    /// Puts a strip in its place, from row `start` on.
    pub(super) fn put(&mut self, strip: &Tensor, start: usize) -> Result<()> {
        let strip = strip.contiguous()?;
        if strip.dims() == self.shape {
            self.whole = Some(strip);
            return Ok(());
        }
        let whole = match self.whole.take() {
            Some(whole) => whole,
            None => Tensor::zeros(&self.shape, strip.dtype(), strip.device())?,
        };
        whole.slice_set(&strip, 2, start)?;
        self.whole = Some(whole);
        Ok(())
    }

    /// The map; `None` when nothing was put.
    pub(super) fn finish(self) -> Option<Tensor> {
        self.whole
    }
}

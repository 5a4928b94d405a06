//! The reverse pass, in strips of rows.

use std::ops::Range;

use candle_core::{Device, Tensor};

use super::{
    Kept, LayerPass,
    pooling::{first_maximum, spread},
};
use crate::{
    error::{Error, Result},
    features::{FeatureGradient, Values},
    network::{Layer, Pooling},
};

/// The gradient at a tap, as parts that any rows of it can be made from.
#[derive(Default)]
pub(super) struct TapGradient {
    /// `2 dL/dS / N`, `[C, C]`.
    second: Option<Tensor>,
    /// `dL/dμ / N`, `[1, C, 1, 1]`.
    mean: Option<Tensor>,
    /// `2 dL/d mean square / N`, `[1, C, 1, 1]`.
    energy: Option<Tensor>,
    /// `[1, C, H, W]`; with what comes through readings of positions.
    map: Option<Tensor>,
}

impl TapGradient {
    /// The parts of `gradient` at a map of these dimensions.
    ///
    /// # Errors
    /// When a shape does not fit.
    pub(super) fn new(
        layer: Layer,
        gradient: &FeatureGradient,
        (channels, height, width): (usize, usize, usize),
        device: &Device,
    ) -> Result<Self> {
        let fits = |part: Option<&Tensor>, dims: &[usize]| match part {
            Some(part) if part.dims() != dims => Err(Error::Internal(format!(
                "a gradient of shape {:?} at {layer}, where {dims:?} belongs",
                part.dims()
            ))),
            _ => Ok(()),
        };
        let moments = gradient.moments.as_ref();
        let second = moments.and_then(|moments| moments.second.as_ref());
        let mean = moments.and_then(|moments| moments.mean.as_ref());
        fits(gradient.map.as_ref(), &[channels, height, width])?;
        fits(second, &[channels, channels])?;
        let energy = moments.and_then(|moments| moments.energy.as_ref());
        fits(mean, &[channels])?;
        fits(energy, &[channels])?;
        let scale = 1.0 / (height * width) as f64;
        let second = second.map(|part| part.affine(2.0 * scale, 0.0));
        let mean = mean.map(|part| part.affine(scale, 0.0)?.reshape((1, channels, 1, 1)));
        let energy = energy.map(|part| part.affine(2.0 * scale, 0.0)?.reshape((1, channels, 1, 1)));
        let mut map = gradient.map.clone();
        if !gradient.rows.is_empty() {
            let mut planes = match &map {
                Some(map) => Values::of(map)?.to_vec(),
                None => vec![0.0; channels * height * width],
            };
            for rows in &gradient.rows {
                rows.add_to(&mut planes, height * width);
            }
            map = Some(Tensor::from_vec(planes, (channels, height, width), device)?);
        }
        let map = map.map(|map| map.unsqueeze(0));
        Ok(Self {
            energy: energy.transpose()?,
            second: second.transpose()?,
            mean: mean.transpose()?,
            map: map.transpose()?,
        })
    }

    /// Some rows of the gradient; `map` holds the same rows of the feature map.
    fn rows(&self, rows: &Range<usize>, map: &Tensor) -> Result<Tensor> {
        let mut total = match &self.map {
            Some(direct) => direct.narrow(2, rows.start, rows.len())?.contiguous()?,
            None => map.zeros_like()?,
        };
        if let Some(second) = &self.second {
            let (_, c, h, w) = map.dims4()?;
            let part = second.matmul(&map.reshape((c, h * w))?)?;
            total = (total + part.reshape((1, c, h, w))?)?;
        }
        if let Some(mean) = &self.mean {
            total = total.broadcast_add(mean)?;
        }
        if let Some(energy) = &self.energy {
            total = (total + map.broadcast_mul(energy)?)?;
        }
        Ok(total)
    }
}

/// A layer in the reverse pass: what its gradient is made of.
pub(super) struct Gradient<'a> {
    pub(super) pass: &'a LayerPass,
    /// Of the layer behind, with respect to its input; pooled where this layer pools.
    pub(super) behind: Option<&'a Tensor>,
    pub(super) tap: Option<&'a TapGradient>,
    /// How the layer's map was halved, if it was.
    pub(super) pooling: Option<Pooling>,
}

impl Gradient<'_> {
    /// Rows of the gradient before the nonlinearity, `[1, C, rows, W]`.
    pub(super) fn rows(&self, rows: Range<usize>) -> Result<Tensor> {
        let kept = match &self.pass.kept {
            Kept::Map(map) => map,
            Kept::Gate(gate) => gate,
        };
        let kept = kept.narrow(2, rows.start, rows.len())?.contiguous()?;
        let behind = match (self.behind, self.pooling) {
            (Some(behind), Some(pooling)) => Some(self.unpooled(behind, &rows, pooling)?),
            (Some(behind), None) => Some(behind.narrow(2, rows.start, rows.len())?.contiguous()?),
            (None, _) => None,
        };
        let tap = self.tap.map(|tap| tap.rows(&rows, &kept)).transpose()?;
        let total = match (behind, tap) {
            (Some(behind), Some(tap)) => (behind + tap)?,
            (Some(part), None) | (None, Some(part)) => part,
            (None, None) => {
                return Err(Error::Internal(
                    "a layer without a gradient was asked for its".to_owned(),
                ));
            }
        };
        let gate = match &self.pass.kept {
            Kept::Map(_) => kept.gt(0.0)?,
            Kept::Gate(_) => kept,
        };
        Ok(gate.where_cond(&total, &total.zeros_like()?)?)
    }

    /// Rows of the gradient from behind a pooling; zeros where pooling dropped them.
    fn unpooled(&self, behind: &Tensor, rows: &Range<usize>, pooling: Pooling) -> Result<Tensor> {
        let (height, width) = self.pass.sides;
        let windows = rows.start / 2..rows.end.div_ceil(2).min(height / 2);
        if windows.is_empty() {
            let (_, channels, _, _) = behind.dims4()?;
            let shape = (1, channels, rows.len(), width);
            return Ok(Tensor::zeros(shape, behind.dtype(), behind.device())?);
        }
        let pooled = behind.narrow(2, windows.start, windows.len())?;
        let mut spread = spread(&pooled, width)?;
        match (pooling, &self.pass.kept) {
            (Pooling::Average, _) => spread = spread.affine(0.25, 0.0)?,
            (Pooling::Max, Kept::Map(map)) => {
                let seen = map.narrow(2, 2 * windows.start, 2 * windows.len())?;
                let first = first_maximum(&seen.contiguous()?)?;
                spread = first.where_cond(&spread, &spread.zeros_like()?)?;
            }
            // The gate is open at the maximum only.
            (Pooling::Max, Kept::Gate(_)) => {}
        }
        let begin = rows.start - 2 * windows.start;
        let there = (2 * windows.len() - begin).min(rows.len());
        let part = spread.narrow(2, begin, there)?.contiguous()?;
        let part = part.pad_with_zeros(2, 0, rows.len() - there)?;
        Ok(part.contiguous()?)
    }
}

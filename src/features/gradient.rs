//! The derivative of a loss with respect to a feature map, in the parts it comes in.

use std::sync::Arc;

use candle_core::Tensor;

use super::{Features, RowGradient, Values};
use crate::error::Result;

/// Derivative of a loss with respect to [`Moments`](super::Moments).
#[derive(Clone, Debug, Default)]
pub struct MomentGradient {
    /// dL/d mean, `[C]`; `None` when the loss does not depend on the mean.
    pub mean: Option<Tensor>,
    /// dL/d second, `[C, C]`, symmetric (each of the two equal entries taken as independent);
    /// `None` when the loss does not depend on it.
    pub second: Option<Tensor>,
    /// dL/d mean square of each channel, `[C]`: a diagonal that is added to `second`.
    pub energy: Option<Tensor>,
}

/// Derivative of a loss with respect to one feature map F.
///
/// The whole derivative is the sum of the parts present:
/// `map + rows + (2 (second + diag energy) F + mean 1ᵀ) / N`, the latter from [`MomentGradient`].
#[derive(Clone, Debug, Default)]
pub struct FeatureGradient {
    /// Direct part, `[C, H, W]`.
    pub map: Option<Tensor>,
    /// Part through the moments.
    pub moments: Option<MomentGradient>,
    /// Parts through readings of positions or cells.
    pub rows: Vec<RowGradient>,
}

impl MomentGradient {
    /// `second + diag energy`, `[C, C]`.
    fn whole_second(&self) -> Result<Option<Tensor>> {
        let Some(energy) = &self.energy else {
            return Ok(self.second.clone());
        };
        let channels = energy.elem_count();
        let mut whole = vec![0.0_f32; channels * channels];
        for (channel, value) in Values::of(energy)?.iter().enumerate() {
            whole[channel * (channels + 1)] = *value;
        }
        let diagonal = Tensor::from_vec(whole, (channels, channels), energy.device())?;
        Ok(Some(match &self.second {
            Some(second) => (second + diagonal)?,
            None => diagonal,
        }))
    }
}

impl FeatureGradient {
    /// A gradient that is a map of its own, `[C, H, W]`.
    pub fn of_map(map: Tensor) -> Self {
        Self {
            map: Some(map),
            ..Self::default()
        }
    }

    /// A gradient through the mean `[C]`, the second moment `[C, C]`, or both.
    pub fn of_moments(mean: Option<Tensor>, second: Option<Tensor>) -> Self {
        Self {
            moments: Some(MomentGradient {
                mean,
                second,
                energy: None,
            }),
            ..Self::default()
        }
    }

    /// A gradient through mean `[C]` and mean square `[C]` of each channel.
    pub fn of_channels(mean: Tensor, energy: Tensor) -> Self {
        Self {
            moments: Some(MomentGradient {
                mean: Some(mean),
                second: None,
                energy: Some(energy),
            }),
            ..Self::default()
        }
    }

    /// A gradient through readings of positions or cells.
    pub fn of_rows(rows: RowGradient) -> Self {
        Self {
            rows: vec![rows],
            ..Self::default()
        }
    }

    /// The gradient as one dense map `[C, H, W]`, given the feature map it belongs to.
    /// Used by engines without a fused way, and by tests.
    ///
    /// # Errors
    /// When shapes do not match or the device fails.
    pub fn dense(&self, map: &Tensor) -> Result<Tensor> {
        let (c, h, w) = map.dims3()?;
        let mut total = match &self.map {
            Some(direct) => direct.clone(),
            None => map.zeros_like()?,
        };
        if let Some(moments) = &self.moments {
            let scale = 1.0 / (h * w) as f64;
            if let Some(second) = &moments.second {
                let flat = map.reshape((c, h * w))?;
                let part = second.affine(2.0 * scale, 0.0)?.matmul(&flat)?;
                total = (total + part.reshape((c, h, w))?)?;
            }
            if let Some(mean) = &moments.mean {
                let part = mean.affine(scale, 0.0)?.reshape((c, 1, 1))?;
                total = total.broadcast_add(&part)?;
            }
            if let Some(energy) = &moments.energy {
                let part = energy.affine(2.0 * scale, 0.0)?.reshape((c, 1, 1))?;
                total = (total + map.broadcast_mul(&part)?)?;
            }
        }
        if !self.rows.is_empty() {
            let mut planes: Vec<f32> = Values::of(&total)?.to_vec();
            for rows in &self.rows {
                rows.add_to(&mut planes, h * w);
            }
            total = Tensor::from_vec(planes, (c, h, w), map.device())?;
        }
        Ok(total)
    }

    /// Adds another gradient of the same feature map.
    ///
    /// # Errors
    /// When shapes do not match.
    pub fn add(&mut self, other: Self) -> Result<()> {
        fn sum(a: Option<Tensor>, b: Option<Tensor>) -> Result<Option<Tensor>> {
            Ok(match (a, b) {
                (Some(a), Some(b)) => Some((a + b)?),
                (a, b) => a.or(b),
            })
        }
        self.map = sum(self.map.take(), other.map)?;
        self.moments = match (self.moments.take(), other.moments) {
            (Some(a), Some(b)) => Some(MomentGradient {
                mean: sum(a.mean, b.mean)?,
                second: sum(a.second, b.second)?,
                energy: sum(a.energy, b.energy)?,
            }),
            (a, b) => a.or(b),
        };
        self.rows.extend(other.rows);
        Ok(())
    }

    /// Euclidean norm of the gradient as a dense map, at the feature map it belongs to.
    ///
    /// Gradients through moments alone need no map: with `g = (2 D F + m 1ᵀ) / N`, second moment
    /// S and mean μ of F, `|g|² = (4 tr(D S D) + 4 mᵀ D μ + |m|²) / N`.
    ///
    /// # Errors
    /// When shapes do not match or the device fails.
    pub fn norm(&self, features: &dyn Features) -> Result<f64> {
        let sum = |tensor: &Tensor| -> Result<f64> {
            // Rows in f32, their sum in f64: a whole map in f32 would lose digits.
            let rows = tensor.flatten_from(1)?.sum(1)?.to_vec1::<f32>()?;
            Ok(rows.into_iter().map(f64::from).sum())
        };
        let square = match (&self.map, &self.moments) {
            _ if !self.rows.is_empty() => sum(&self.dense(&features.map()?)?.sqr()?)?,
            (None, None) => 0.0,
            (None, Some(gradient)) => {
                let moments = features.moments()?;
                let mut square = 0.0;
                let second = gradient.whole_second()?;
                if let Some(second) = &second {
                    let carried = second.matmul(&moments.second)?;
                    square += 4.0 * sum(&(carried * second)?)?;
                }
                if let Some(mean) = &gradient.mean {
                    let mean = mean.unsqueeze(1)?;
                    square += sum(&mean.sqr()?)?;
                    if let Some(second) = &second {
                        let carried = second.matmul(&moments.mean.unsqueeze(1)?)?;
                        square += 4.0 * sum(&(carried * mean)?)?;
                    }
                }
                square / moments.positions as f64
            }
            (Some(map), None) => sum(&map.sqr()?)?,
            (Some(_), Some(_)) => sum(&self.dense(&features.map()?)?.sqr()?)?,
        };
        // Rounding may leave a little less than nothing.
        Ok(square.max(0.0).sqrt())
    }

    /// Multiplies the gradient by a constant.
    ///
    /// # Errors
    /// When the device fails.
    pub fn scale(&mut self, factor: f64) -> Result<()> {
        let times = |t: &Tensor| t.affine(factor, 0.0);
        self.map = self.map.as_ref().map(times).transpose()?;
        if let Some(moments) = &mut self.moments {
            moments.mean = moments.mean.as_ref().map(times).transpose()?;
            moments.second = moments.second.as_ref().map(times).transpose()?;
            moments.energy = moments.energy.as_ref().map(times).transpose()?;
        }
        for rows in &mut self.rows {
            let values = Arc::make_mut(&mut rows.values);
            values.iter_mut().for_each(|value| *value *= factor as f32);
        }
        Ok(())
    }
}

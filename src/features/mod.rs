//! What passes between the network and the losses: feature maps, their moments, and gradients.
//!
//! A loss sees one tapped feature map through [`Features`] and answers with a
//! [`FeatureGradient`]. Losses that depend on a map only through its first and second moments
//! (Gram, covariance, mean, deviation) never ask for the map itself, so an engine may keep it
//! in whatever layout is fastest.

mod gradient;
mod rows;
mod values;

use candle_core::Tensor;

pub use self::{
    gradient::{FeatureGradient, MomentGradient},
    rows::{Cells, Places, RowGradient},
    values::Values,
};

use crate::error::Result;

/// First and second raw moments of a feature map F [C, N] over its N = H·W positions.
#[derive(Clone, Debug)]
pub struct Moments {
    /// `mean[c] = sum_n F[c, n] / N`, shape `[C]`.
    pub mean: Tensor,
    /// `second[a, b] = sum_n F[a, n] F[b, n] / N`, shape `[C, C]`, symmetric, not centered.
    /// The Gram matrix of Gatys et al. divided by N.
    pub second: Tensor,
    /// N, the number of positions.
    pub positions: usize,
}

/// Mean and mean square of each channel over all positions: the diagonal of [`Moments`].
#[derive(Clone, Debug)]
pub struct ChannelMoments {
    /// `[C]`.
    pub mean: Tensor,
    /// `[C]`, not centered.
    pub energy: Tensor,
}

/// Read access to one tapped feature map of the picture at hand.
pub trait Features {
    /// `(C, H, W)`.
    fn shape(&self) -> (usize, usize, usize);

    /// The feature map, `[C, H, W]`, contiguous f32 on the engine's device.
    ///
    /// # Errors
    /// When the device fails or is out of memory.
    fn map(&self) -> Result<Tensor>;

    /// Mean and second moments, without the map leaving the engine.
    ///
    /// # Errors
    /// When the device fails or is out of memory.
    fn moments(&self) -> Result<Moments>;

    /// Mean and mean square of each channel, which cost far less than all second moments.
    ///
    /// # Errors
    /// As [`Self::moments`].
    fn channel_moments(&self) -> Result<ChannelMoments> {
        let moments = self.moments()?;
        let channels = self.shape().0;
        let second = Values::of(&moments.second)?;
        let energy: Vec<f32> = second.iter().step_by(channels + 1).copied().collect();
        let device = moments.mean.device();
        Ok(ChannelMoments {
            energy: Tensor::from_vec(energy, channels, device)?,
            mean: moments.mean,
        })
    }

    /// Means over cells, `[cells][C]`.
    ///
    /// # Errors
    /// As [`Self::map`].
    fn cell_means(&self, cells: Cells) -> Result<Vec<f32>> {
        Ok(rows::cell_means(&Values::of(&self.map()?)?, cells))
    }

    /// Rows at some positions, `[P][C]`.
    ///
    /// # Errors
    /// As [`Self::map`].
    fn rows_at(&self, positions: &[u32]) -> Result<Vec<f32>> {
        let (_, h, w) = self.shape();
        Ok(rows::rows_at(&Values::of(&self.map()?)?, h * w, positions))
    }
}

/// A feature map held as a tensor: the plain implementation of [`Features`], for targets,
/// tests, and engines without a faster way.
#[derive(Clone, Debug)]
pub struct TensorFeatures(Tensor);

impl TensorFeatures {
    /// Wraps a map of shape `[C, H, W]`.
    ///
    /// # Errors
    /// When the tensor does not have three axes.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a tensor is a handle, and the map is kept"
    )]
    pub fn new(map: Tensor) -> Result<Self> {
        map.dims3()?;
        Ok(Self(map.contiguous()?))
    }
}

impl Features for TensorFeatures {
    fn shape(&self) -> (usize, usize, usize) {
        let dims = self.0.dims();
        (dims[0], dims[1], dims[2])
    }

    fn map(&self) -> Result<Tensor> {
        Ok(self.0.clone())
    }

    fn moments(&self) -> Result<Moments> {
        let (c, h, w) = self.shape();
        let positions = h * w;
        let flat = self.0.reshape((c, positions))?;
        let whole = positions / PIECE * PIECE;
        let mut sums: Option<(Tensor, Tensor)> = None;
        for start in (0..whole).step_by(GROUP * PIECE) {
            let length = (whole - start).min(GROUP * PIECE);
            add_moments(&mut sums, &flat, (start, length), PIECE)?;
        }
        if whole < positions {
            add_moments(
                &mut sums,
                &flat,
                (whole, positions - whole),
                positions - whole,
            )?;
        }
        let (mean, second) = match sums {
            Some(sums) => sums,
            None => (self.0.zeros_like()?.sum((1, 2))?, flat.matmul(&flat.t()?)?),
        };
        Ok(Moments {
            mean,
            second,
            positions,
        })
    }
}

/// Positions whose products are summed in one go, and how many such pieces are at work together:
/// sums of sums keep the digits of f32, and a device computes the pieces side by side, where one
/// long sum would leave most of it idle.
const PIECE: usize = 1024;
const GROUP: usize = 64;

/// Adds what `length` positions of `flat` `[C, N]` from `start` on, in pieces of `piece` positions,
/// have in the mean and the second moment.
fn add_moments(
    sums: &mut Option<(Tensor, Tensor)>,
    flat: &Tensor,
    (start, length): (usize, usize),
    piece: usize,
) -> Result<()> {
    let (c, positions) = flat.dims2()?;
    let by_piece = flat
        .narrow(1, start, length)?
        .contiguous()?
        .reshape((c, length / piece, piece))?
        .transpose(0, 1)?
        .contiguous()?;
    // Divide before summing: raw sums of squares pass 1e13 at large sizes.
    let scaled = by_piece.affine(1.0 / positions as f64, 0.0)?;
    let second = scaled.matmul(&by_piece.t()?)?.sum(0)?;
    let mean = scaled.sum(2)?.sum(0)?;
    *sums = Some(match sums.take() {
        Some((mean_before, second_before)) => ((mean_before + mean)?, (second_before + second)?),
        None => (mean, second),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    fn tensor(shape: &[usize], step: f32) -> Tensor {
        let count: usize = shape.iter().product();
        let values: Vec<f32> = (0..count).map(|i| (i as f32 * step).sin()).collect();
        Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
    }

    #[test]
    fn norm_is_that_of_the_dense_gradient_whatever_its_parts() {
        let features = TensorFeatures::new(tensor(&[4, 3, 5], 0.7)).unwrap();
        let half = tensor(&[4, 4], 1.3);
        let second = (&half + half.t().unwrap()).unwrap();
        let parts = |mean: bool, second_too: bool, map: bool, energy: bool| FeatureGradient {
            map: map.then(|| tensor(&[4, 3, 5], 2.1)),
            moments: (mean || second_too || energy).then(|| MomentGradient {
                mean: mean.then(|| tensor(&[4], 0.9)),
                second: second_too.then(|| second.clone()),
                energy: energy.then(|| tensor(&[4], 1.7)),
            }),
            rows: Vec::new(),
        };
        for bits in 0..16 {
            let gradient = parts(bits & 1 > 0, bits & 2 > 0, bits & 4 > 0, bits & 8 > 0);
            let dense = gradient.dense(&features.map().unwrap()).unwrap();
            let square = dense.sqr().unwrap().sum_all().unwrap();
            let expected = f64::from(square.to_scalar::<f32>().unwrap()).sqrt();
            let norm = gradient.norm(&features).unwrap();
            assert!(
                (norm - expected).abs() < 1e-5 * (1.0 + expected),
                "parts {bits}: {norm} {expected}"
            );
        }
    }
}

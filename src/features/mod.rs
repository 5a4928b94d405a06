//! What passes between the network and the losses: feature maps, their moments, and gradients.
//!
//! A loss sees one tapped feature map through [`Features`] and answers with a
//! [`FeatureGradient`]. Losses that depend on a map only through its first and second moments
//! (Gram, covariance, mean, deviation) never ask for the map itself, so an engine may keep it
//! in whatever layout is fastest.

mod values;

use candle_core::Tensor;

pub use self::values::Values;

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
}

/// Derivative of a loss with respect to [`Moments`].
#[derive(Clone, Debug)]
pub struct MomentGradient {
    /// dL/d mean, `[C]`; `None` when the loss does not depend on the mean.
    pub mean: Option<Tensor>,
    /// dL/d second, `[C, C]`, symmetric (each of the two equal entries taken as independent);
    /// `None` when the loss does not depend on it.
    pub second: Option<Tensor>,
}

/// Derivative of a loss with respect to one feature map F.
///
/// The whole derivative is the sum of the parts present:
/// `map + (2 second F + mean 1ᵀ) / N`, the latter two from [`MomentGradient`].
#[derive(Clone, Debug, Default)]
pub struct FeatureGradient {
    /// Direct part, `[C, H, W]`.
    pub map: Option<Tensor>,
    /// Part through the moments.
    pub moments: Option<MomentGradient>,
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

impl FeatureGradient {
    /// A gradient that is a map of its own, `[C, H, W]`.
    pub fn of_map(map: Tensor) -> Self {
        Self {
            map: Some(map),
            moments: None,
        }
    }

    /// A gradient through the mean `[C]`, the second moment `[C, C]`, or both.
    pub fn of_moments(mean: Option<Tensor>, second: Option<Tensor>) -> Self {
        Self {
            map: None,
            moments: Some(MomentGradient { mean, second }),
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
            }),
            (a, b) => a.or(b),
        };
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
            (None, None) => 0.0,
            (None, Some(gradient)) => {
                let moments = features.moments()?;
                let mut square = 0.0;
                if let Some(second) = &gradient.second {
                    let carried = second.matmul(&moments.second)?;
                    square += 4.0 * sum(&(carried * second)?)?;
                }
                if let Some(mean) = &gradient.mean {
                    let mean = mean.unsqueeze(1)?;
                    square += sum(&mean.sqr()?)?;
                    if let Some(second) = &gradient.second {
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
        }
        Ok(())
    }
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
        let parts = |mean: bool, second_too: bool, map: bool| FeatureGradient {
            map: map.then(|| tensor(&[4, 3, 5], 2.1)),
            moments: (mean || second_too).then(|| MomentGradient {
                mean: mean.then(|| tensor(&[4], 0.9)),
                second: second_too.then(|| second.clone()),
            }),
        };
        for bits in 0..8 {
            let gradient = parts(bits & 1 > 0, bits & 2 > 0, bits & 4 > 0);
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

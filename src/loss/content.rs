//! Content loss: mean squared difference of feature maps.
//!
//! `L = mean((F - P)^2)` over all C·H·W entries, `dL/dF = 2 (F - P) / (C H W)`.
//!
//! Differs from Gatys et al. (2016), equation 1, which has `1/2 sum`: a mean does not drift with
//! the size of the picture.

use candle_core::Tensor;

use super::{Evaluation, Measure, difference::mean_squared, gram::mean_square};
use crate::{error::Result, features::Features};

/// Mean squared distance to the content image's feature map.
#[derive(Clone, Debug)]
pub struct ContentLoss {
    target: Vec<f32>,
    scale: f64,
}

impl ContentLoss {
    /// A loss with this target, `[C, H, W]`.
    ///
    /// # Errors
    /// When the target does not have three axes, or the device fails.
    pub fn new(target: &Tensor) -> Result<Self> {
        target.dims3()?;
        let scale = mean_square(&target.flatten_from(1)?)?;
        Ok(Self {
            target: target.flatten_all()?.to_vec1()?,
            scale,
        })
    }
}

impl Measure for ContentLoss {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let factor = 2.0 / self.target.len() as f32;
        let (value, gradient) = mean_squared(&generated.map()?, 1.0, &self.target, factor)?;
        Ok(Evaluation::of_map(value, gradient))
    }

    fn scale(&self) -> f64 {
        self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loss::finite_differences::{check_measure, noise_map};

    #[test]
    fn zero_on_itself() {
        let map = noise_map(3, 4, 5, 1);
        let features = crate::features::TensorFeatures::new(map.clone()).unwrap();
        let mut loss = ContentLoss::new(&map).unwrap();
        assert_eq!(loss.evaluate(&features).unwrap().value, 0.0);
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        check_measure(
            &mut ContentLoss::new(&noise_map(3, 4, 5, 1)).unwrap(),
            &noise_map(3, 4, 5, 2),
        );
    }
}

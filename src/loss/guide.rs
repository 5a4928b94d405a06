//! Guided style: a region of the picture looked at through a mask (Gatys et al. 2017, "Controlling
//! perceptual factors in neural style transfer", section 4, guided Gram matrices).
//!
//! A mask T over the positions of a layer, scaled to `mean(T²) = 1`, multiplies every channel:
//! `F' = F ∘ T`. Any measure then looks at F' as if it were a feature map, and its gradient comes
//! back as `dL/dF = T ∘ dL/dF'`. With the Gram loss this is the guided Gram loss; with T = 1
//! everywhere it is the plain one.
//!
//! Made for measures of second moments. Measures of whole distributions see the masked positions
//! as zeros, on both sides when style and picture have masks of equal area.

use candle_core::{Device, Tensor};

use crate::{
    error::{Error, Result},
    features::{FeatureGradient, Features, Moments, TensorFeatures},
};

/// Area in positions under which a region counts as empty at a layer: there is nothing to
/// compare, and the scaling would blow up.
const LEAST_AREA: f64 = 0.5;

/// Whether weights, 0 (outside) to 1 (inside), select nothing to speak of.
pub fn is_empty(weights: &[f32]) -> bool {
    let area = area(weights);
    area.is_nan() || area < LEAST_AREA
}

fn area(weights: &[f32]) -> f64 {
    weights.iter().map(|&t| f64::from(t) * f64::from(t)).sum()
}

/// A mask over the positions of one layer, `mean(T²) = 1`.
#[derive(Clone, Debug)]
pub struct Mask {
    /// `[1, H, W]`.
    weights: Tensor,
}

impl Mask {
    /// Scales weights `[H, W]`, 0 (outside) to 1 (inside); `None` when the region is empty at
    /// this size: skip the layer then.
    ///
    /// # Errors
    /// When the length does not match the sides, or the device fails.
    pub fn new(
        weights: &[f32],
        height: usize,
        width: usize,
        device: &Device,
    ) -> Result<Option<Self>> {
        if weights.len() != height * width {
            return Err(Error::Internal(format!(
                "a mask of {} values cannot be {height} x {width}",
                weights.len()
            )));
        }
        if is_empty(weights) {
            return Ok(None);
        }
        let scale = (weights.len() as f64 / area(weights)).sqrt();
        let weights = Tensor::from_slice(weights, (1, height, width), device)?;
        Ok(Some(Self {
            weights: weights.affine(scale, 0.0)?,
        }))
    }

    /// The feature map under this mask.
    ///
    /// # Errors
    /// When the sides do not match, or the device fails.
    pub fn apply(&self, features: &dyn Features) -> Result<Masked<'_>> {
        let map = features.map()?.broadcast_mul(&self.weights)?;
        Ok(Masked {
            mask: self,
            features: TensorFeatures::new(map)?,
        })
    }
}

/// A feature map under a mask.
#[derive(Clone, Debug)]
pub struct Masked<'a> {
    mask: &'a Mask,
    features: TensorFeatures,
}

impl Masked<'_> {
    /// Takes a gradient with respect to the masked map back to the whole one.
    ///
    /// # Errors
    /// When shapes do not match, or the device fails.
    pub fn gradient(&self, gradient: &FeatureGradient) -> Result<FeatureGradient> {
        let dense = gradient.dense(&self.features.map()?)?;
        Ok(FeatureGradient::of_map(
            dense.broadcast_mul(&self.mask.weights)?,
        ))
    }
}

impl Features for Masked<'_> {
    fn shape(&self) -> (usize, usize, usize) {
        self.features.shape()
    }

    fn map(&self) -> Result<Tensor> {
        self.features.map()
    }

    fn moments(&self) -> Result<Moments> {
        self.features.moments()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loss::{
        Evaluation, Measure,
        finite_differences::{check_measure, noise_map},
        gram::GramLoss,
    };

    /// The Gram loss through one mask.
    struct Guided {
        mask: Mask,
        loss: GramLoss,
    }

    impl Measure for Guided {
        fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
            let masked = self.mask.apply(generated)?;
            let mut evaluation = self.loss.evaluate(&masked)?;
            evaluation.gradient = masked.gradient(&evaluation.gradient)?;
            Ok(evaluation)
        }

        fn scale(&self) -> f64 {
            self.loss.scale()
        }
    }

    fn guided(weights: &[f32]) -> Guided {
        let style = TensorFeatures::new(noise_map(4, 5, 7, 1)).unwrap();
        Guided {
            mask: Mask::new(weights, 4, 3, &Device::Cpu).unwrap().unwrap(),
            loss: GramLoss::target(&[(&style, 1.0)]).unwrap(),
        }
    }

    #[test]
    fn a_mask_of_ones_changes_nothing() {
        let map = TensorFeatures::new(noise_map(4, 4, 3, 2)).unwrap();
        // Any constant: the mask is scaled.
        let mut guided = guided(&[0.25; 12]);
        let plain = guided.loss.evaluate(&map).unwrap();
        let masked = guided.evaluate(&map).unwrap();
        assert!((plain.value - masked.value).abs() < 1e-6 * plain.value);
        let map = map.map().unwrap();
        let (a, b) = (plain.gradient.dense(&map), masked.gradient.dense(&map));
        let apart = (a.unwrap() - b.unwrap()).unwrap().abs().unwrap();
        assert!(apart.max_all().unwrap().to_scalar::<f32>().unwrap() < 1e-6);
    }

    #[test]
    fn what_lies_outside_neither_counts_nor_moves() {
        let mut weights = [1.0; 12];
        weights[..6].fill(0.0);
        let mut guided = guided(&weights);
        let map = noise_map(4, 4, 3, 2);
        let outside = Tensor::new(&[9.0_f32, 9.0, 0.0, 0.0], &Device::Cpu).unwrap();
        let outside = outside.reshape((1, 4, 1)).unwrap();
        let changed = map.broadcast_add(&outside).unwrap();
        let at = |guided: &mut Guided, map: &Tensor| {
            let features = TensorFeatures::new(map.clone()).unwrap();
            guided.evaluate(&features).unwrap()
        };
        let (a, b) = (at(&mut guided, &map), at(&mut guided, &changed));
        assert_eq!(a.value, b.value);
        let gradient = a.gradient.map.unwrap().to_vec3::<f32>().unwrap();
        assert!(gradient.iter().all(|plane| plane[..2] == [[0.0; 3]; 2]));
        assert!(gradient[0][3][0] != 0.0);
    }

    #[test]
    fn an_empty_region_is_none() {
        assert!(Mask::new(&[0.0; 12], 4, 3, &Device::Cpu).unwrap().is_none());
        assert!(Mask::new(&[0.0; 12], 4, 4, &Device::Cpu).is_err());
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let weights: Vec<f32> = (0..12).map(|i| (i % 4) as f32 / 3.0).collect();
        check_measure(&mut guided(&weights), &noise_map(4, 4, 3, 2));
    }
}

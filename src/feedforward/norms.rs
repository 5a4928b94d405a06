//! A style as a transformer network knows it: a scale and a shift for each channel behind every
//! instance normalization (Dumoulin and others 2017, equation 5).

use super::layers::Architecture;
use crate::{
    error::{Error, Result},
    kernels::planar::Moments,
};

/// Added to variances.
const EPSILON: f64 = 1e-5;

/// Gammas and betas of all layers of one network.
#[derive(Clone, Debug, PartialEq)]
pub struct Norms {
    architecture: Architecture,
    /// Layer by layer the gammas, then the betas.
    values: Vec<f32>,
}

impl Norms {
    /// From the numbers of a style, layer by layer the gammas, then the betas.
    ///
    /// # Errors
    /// When they are too few, too many, or not finite.
    pub fn new(architecture: Architecture, values: Vec<f32>) -> Result<Self> {
        let expected = architecture.norm_values();
        if values.len() != expected || values.iter().any(|value| !value.is_finite()) {
            let wanted = format!("a style of {architecture} has {expected} finite numbers");
            let given = format!("{} numbers", values.len());
            return Err(Error::setting("style", given, wanted));
        }
        Ok(Self {
            architecture,
            values,
        })
    }

    /// The network that they belong to.
    pub fn architecture(&self) -> Architecture {
        self.architecture
    }

    /// All numbers.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The weighted mean of styles of one network (Dumoulin and others 2017, section 3.2). The weights
    /// add up to 1; one of them may be negative.
    ///
    /// # Errors
    /// When there are none, or they belong to different networks.
    pub fn mixed(parts: &[(&Self, f64)]) -> Result<Self> {
        let Some((first, _)) = parts.first() else {
            return Err(Error::setting("style", "none", "name at least one"));
        };
        let mut sums = vec![0.0_f64; first.values.len()];
        for (norms, weight) in parts {
            if norms.architecture != first.architecture {
                return Err(Error::setting(
                    "style",
                    norms.architecture,
                    format!(
                        "only styles of one network mix, here {}",
                        first.architecture
                    ),
                ));
            }
            for (sum, value) in sums.iter_mut().zip(&norms.values) {
                *sum += weight * f64::from(*value);
            }
        }
        Ok(Self {
            architecture: first.architecture,
            values: sums.into_iter().map(|sum| sum as f32).collect(),
        })
    }

    /// Gammas and betas of layer `layer`, where its normalization has any.
    pub(super) fn of_layer(&self, layer: usize) -> (&[f32], &[f32]) {
        let layers = self.architecture.layers();
        let before = layers[..layer].iter().filter(|layer| layer.is_normed());
        let start: usize = before.map(|layer| 2 * layer.to).sum();
        let channels = layers[layer].to;
        self.values[start..start + 2 * channels].split_at(channels)
    }

    /// Scale and shift that normalize layer `layer` with these moments: `scale · x + shift`.
    pub(super) fn affine(&self, layer: usize, moments: &[Moments]) -> (Vec<f32>, Vec<f32>) {
        let (gammas, betas) = self.of_layer(layer);
        let channels = gammas.iter().zip(betas).zip(moments);
        channels
            .map(|((gamma, beta), moments)| {
                let scale = f64::from(*gamma) * inverse_deviation(moments);
                let shift = f64::from(*beta) - moments.mean * scale;
                (scale as f32, shift as f32)
            })
            .unzip()
    }
}

/// 1 / sqrt(variance + ε).
pub(super) fn inverse_deviation(moments: &Moments) -> f64 {
    1.0 / (moments.variance + EPSILON).sqrt()
}

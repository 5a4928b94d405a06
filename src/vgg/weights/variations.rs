//! Weights that no training made: random ones, and trained filters in another order.

use std::sync::Arc;

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_distr::{Distribution as _, Normal};
use rand_pcg::Pcg64Mcg;

use super::{Convolution, Weights};
use crate::network::{Family, Network};

pub(super) fn random(network: Network, seed: u64) -> Arc<Weights> {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut inputs = 3;
    let convolutions = network.layers().map(|layer| {
        let outputs = layer.channels();
        // He et al. 2015, equation 10: variance 2 / fan-in keeps the signal through ReLUs.
        let deviation = (2.0 / (9 * inputs) as f32).sqrt();
        let normal = Normal::new(0.0, deviation).unwrap_or_else(|_| unreachable!("finite"));
        let mut weight: Vec<f32> = (0..outputs * inputs * 9)
            .map(|_| normal.sample(&mut rng))
            .collect();
        if inputs > 3 {
            center(&mut weight, inputs * 9);
        }
        let convolution = Convolution {
            layer,
            inputs,
            outputs,
            weight,
            bias: vec![0.0; outputs],
        };
        inputs = outputs;
        convolution
    });
    Arc::new(Weights {
        network,
        family: Family::Oxford,
        origin: format!("random {} (He, seed {seed})", network.title()),
        sha256: String::new(),
        convolutions: convolutions.collect(),
    })
}

/// Takes its mean from each filter of `length` values, so that even maps call up nothing (Huang et
/// al., "Centered Weight Normalization in Accelerating Training of Deep Neural Networks", 2017).
///
/// After a `ReLU` all values have one sign, and plain random filters mostly see their mean: after a
/// few layers every place of a picture looks like any other, and nothing is left to compare.
fn center(weight: &mut [f32], length: usize) {
    // Of the second moment of a rectified normal value, a share 1/π is its mean's.
    let gain = (1.0 - std::f32::consts::FRAC_1_PI).sqrt().recip();
    for filter in weight.chunks_exact_mut(length) {
        let mean = filter.iter().sum::<f32>() / length as f32;
        for value in filter {
            *value = gain * (*value - mean);
        }
    }
}

pub(super) fn shuffled(weights: &Weights, seed: u64) -> Arc<Weights> {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut shuffled = weights.clone();
    for convolution in &mut shuffled.convolutions {
        for filter in convolution.weight.chunks_exact_mut(9) {
            filter.shuffle(&mut rng);
        }
    }
    shuffled.origin = format!("{}, filters shuffled (seed {seed})", weights.origin);
    shuffled.sha256.clear();
    Arc::new(shuffled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_weights_repeat_by_seed() {
        let [a, b, c] = [1, 1, 2].map(|seed| random(Network::Vgg16, seed));
        assert_eq!(a, b);
        assert_ne!(a.convolutions[0].weight, c.convolutions[0].weight);
    }

    #[test]
    fn filters_behind_the_first_layer_have_no_mean_and_keep_the_variance() {
        let weights = random(Network::Vgg16, 1);
        for convolution in &weights.convolutions[1..4] {
            let length = convolution.inputs * 9;
            for filter in convolution.weight.chunks_exact(length) {
                let mean = filter.iter().sum::<f32>() / length as f32;
                assert!(mean.abs() < 1e-6, "{}: {mean}", convolution.layer);
            }
            let square = convolution.weight.iter().map(|w| w * w).sum::<f32>();
            let variance = square / convolution.weight.len() as f32 * length as f32 / 2.0;
            let expected = 1.0 / (1.0 - std::f32::consts::FRAC_1_PI);
            assert!((variance / expected - 1.0).abs() < 0.03, "{variance}");
        }
    }

    #[test]
    fn shuffling_keeps_the_values_of_each_filter() {
        let weights = random(Network::Vgg16, 1);
        let [a, b, c] = [1, 1, 2].map(|seed| shuffled(&weights, seed));
        assert_eq!(a, b);
        assert_ne!(a.convolutions[2].weight, c.convolutions[2].weight);
        let sorted = |weights: &Weights| {
            let mut filters = weights.convolutions[2].weight.clone();
            for filter in filters.chunks_exact_mut(9) {
                filter.sort_by(f32::total_cmp);
            }
            filters
        };
        assert_ne!(a.convolutions[2].weight, weights.convolutions[2].weight);
        assert_eq!(sorted(&a), sorted(&weights));
    }
}

//! Gatys' normalization of the network: every channel of every feature map has mean 1 over some
//! pictures.
//!
//! Gatys, Ecker and Bethge 2015 ("Texture synthesis using convolutional neural networks", section
//! 2). With `m_l[c]` the mean of channel c after the rectifier,
//! `W'_l = diag(1/m_l) W_l diag(m_(l-1))` and `b'_l = diag(1/m_l) b_l`: rectifier and pooling commute with positive factors, so all feature
//! maps are the old ones divided by `m_l`, channel by channel.
//!
//! Differs from Gatys: channels that never fire over the given pictures keep the mean of their
//! layer, because nothing tells theirs.

use std::sync::Arc;

use super::Weights;
use crate::{
    error::Result,
    network::Layer,
    vgg::{Engine as _, Topology, VggImage, fast::FastEngine},
};

/// A channel counts as dead below this part of its layer's mean.
const DEAD: f64 = 1e-6;

pub(super) fn normalized(
    weights: &Arc<Weights>,
    images: &[VggImage<'_>],
    topology: Topology,
    threads: Option<usize>,
) -> Result<Arc<Weights>> {
    let means = means(weights, images, topology, threads)?;
    let mut normalized = Weights::clone(weights);
    let mut before = vec![1.0; 3];
    for (convolution, means) in normalized.convolutions.iter_mut().zip(&means) {
        let filters = convolution.weight.chunks_exact_mut(9 * convolution.inputs);
        for ((filter, bias), mean) in filters.zip(&mut convolution.bias).zip(means) {
            for (values, before) in filter.chunks_exact_mut(9).zip(&before) {
                let factor = (before / mean) as f32;
                for value in values {
                    *value *= factor;
                }
            }
            *bias = (f64::from(*bias) / mean) as f32;
        }
        before.clone_from(means);
    }
    normalized.origin = format!("{}, normalized", weights.origin);
    normalized.sha256.clear();
    Ok(Arc::new(normalized))
}

/// Mean of every channel after each convolution's rectifier, over all positions of all pictures.
fn means(
    weights: &Arc<Weights>,
    images: &[VggImage<'_>],
    topology: Topology,
    threads: Option<usize>,
) -> Result<Vec<Vec<f64>>> {
    let layers: Vec<Layer> = weights.convolutions.iter().map(|c| c.layer).collect();
    let mut sums: Vec<Vec<f64>> = layers.iter().map(|l| vec![0.0; l.channels()]).collect();
    let mut positions = vec![0.0; layers.len()];
    let mut engine = FastEngine::new(weights, threads)?;
    for &image in images {
        engine.forward(image, &layers, topology)?;
        for (index, &layer) in layers.iter().enumerate() {
            let moments = engine.tap(layer)?.moments()?;
            let here = moments.positions as f64;
            positions[index] += here;
            let means: Vec<f32> = moments.mean.to_vec1()?;
            for (sum, mean) in sums[index].iter_mut().zip(means) {
                *sum += f64::from(mean) * here;
            }
        }
    }
    for (means, count) in sums.iter_mut().zip(positions) {
        for mean in means.iter_mut() {
            *mean /= count;
        }
        let layer = means.iter().sum::<f64>() / means.len() as f64;
        // Without pictures, or behind a layer of zeros, nothing is to be divided by.
        let fallback = if layer > 0.0 { layer } else { 1.0 };
        for mean in means {
            if mean.is_nan() || *mean <= DEAD * layer {
                *mean = fallback;
            }
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;
    use crate::{network::Network, vgg::candle::CandleEngine};

    #[test]
    fn every_channel_that_fires_has_mean_one_afterwards() {
        let weights = Weights::random(Network::Vgg16, 3);
        let data: Vec<f32> = (0..3 * 32 * 48)
            .map(|place| ((place * place) as f32 * 0.37).sin() * 100.0)
            .collect();
        let image = VggImage {
            data: &data,
            height: 32,
            width: 48,
        };
        let topology = Topology::default();
        let before = means(&weights, &[image], topology, Some(2)).unwrap();
        assert!((before[4][0] - 1.0).abs() > 0.1);
        let normalized = normalized(&weights, &[image], topology, Some(2)).unwrap();
        let taps: Vec<Layer> = Network::Vgg16.layers().collect();
        // Channels that rounding alone makes fire, or not, by the other engine.
        let mut engine = CandleEngine::new(&weights, &Device::Cpu).unwrap();
        engine.forward(image, &taps, topology).unwrap();
        let faint_channels: Vec<Vec<bool>> = taps
            .iter()
            .map(|&layer| {
                let mean = engine.tap(layer).unwrap().moments().unwrap().mean;
                let mean: Vec<f32> = mean.to_vec1().unwrap();
                let of_layer = mean.iter().sum::<f32>() / mean.len() as f32;
                mean.iter().map(|mean| *mean <= 1e-5 * of_layer).collect()
            })
            .collect();
        let faint = faint_channels
            .iter()
            .flatten()
            .filter(|faint| **faint)
            .count();
        assert!(faint < 500, "{faint} of 4224 channels hardly fire");
        let mut faint_channels = faint_channels.into_iter();
        let mut engine = CandleEngine::new(&normalized, &Device::Cpu).unwrap();
        engine.forward(image, &taps, topology).unwrap();
        for (layer, before) in taps.into_iter().zip(before) {
            let map = engine.tap(layer).unwrap().map().unwrap();
            let rows: Vec<Vec<f32>> = map.flatten_from(1).unwrap().to_vec2().unwrap();
            let of_layer = before.iter().sum::<f64>() / before.len() as f64;
            let faint = faint_channels.next().unwrap();
            for ((row, before), faint) in rows.into_iter().zip(before).zip(faint) {
                let mean = f64::from(row.iter().sum::<f32>() / row.len() as f32);
                assert!(mean.is_finite(), "{layer}: {mean}");
                if faint {
                    continue;
                }
                // The engines round differently, in proportion to what a layer carries: of a
                // channel a thousand times fainter three digits fewer are known.
                let error = (mean - 1.0).abs() * before / of_layer;
                assert!(error < 1e-4, "{layer}: {mean}, {error}");
            }
        }
    }

    #[test]
    fn without_pictures_nothing_changes() {
        let weights = Weights::random(Network::Vgg16, 3);
        let same = normalized(&weights, &[], Topology::default(), Some(1)).unwrap();
        assert_eq!(same.convolutions, weights.convolutions);
    }
}

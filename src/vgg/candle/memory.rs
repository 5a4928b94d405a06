//! How much memory of a device a run will take, estimated.

use super::strips::STRIP_BYTES;
use crate::network::{Layer, Network};

/// What a device's libraries take besides tensors: context, kernels, workspaces.
const LIBRARY_BYTES: u64 = 300_000_000;

/// The peak of the device's memory, in bytes, of a run at this size with
/// [`CandleEngine`](super::CandleEngine): weights for both directions, taps, gates, the two largest
/// maps that follow each other, and what a strip holds. Never smaller for a larger picture.
pub fn peak_memory_bytes(network: Network, taps: &[Layer], width: usize, height: usize) -> u64 {
    let layers: Vec<Layer> = network.layers().collect();
    let last = layers.iter().rposition(|layer| taps.contains(layer));
    let count = last.map_or(0, |last| last + 1);
    let mut weights = 0;
    let mut kept = 0;
    let mut between = 0;
    let mut strip = 0;
    let mut side = (height, width);
    let mut inputs = 3;
    let mut input = 3 * height * width;
    for (index, layer) in layers.iter().enumerate() {
        let channels = layer.channels();
        weights += 2 * channels * inputs * 9;
        inputs = channels;
        if index >= count {
            continue;
        }
        let map = channels * side.0 * side.1;
        let tapped = taps.contains(layer);
        // A tapped map, and its gradient when a measure answers with a whole one.
        kept += if tapped { 8 * map } else { map };
        // Columns, what comes out of them, gradients and masks on the way: five times the map.
        strip = strip.max((9 * channels).max(64) * side.0 * side.1);
        if network.pools_after(*layer) {
            side = (side.0 / 2, side.1 / 2);
        }
        let output = channels * side.0 * side.1;
        between = between.max(input + output.max(map));
        input = output;
    }
    let strip = 2 * (4 * strip).min(STRIP_BYTES);
    (4 * weights + kept + 4 * between + strip) as u64 + LIBRARY_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_larger_picture_never_needs_less() {
        let taps = [Layer::new(1, 1), Layer::new(4, 2), Layer::new(5, 1)];
        for network in Network::ALL {
            let at = |width, height| peak_memory_bytes(network, &taps, width, height);
            for side in 16..1300 {
                assert!(at(side, 700) <= at(side + 1, 700), "{network} {side} wide");
                assert!(at(side, side) < at(side + 1, side + 1), "{network} {side}");
            }
        }
    }

    #[test]
    fn the_order_of_magnitude_is_that_of_the_maps() {
        // 1024 px to relu5_1: taps of 64, 128, 256, 512, 512 and 512 channels take 0.53 GB.
        let taps = [
            Layer::new(1, 1),
            Layer::new(2, 1),
            Layer::new(3, 1),
            Layer::new(4, 1),
            Layer::new(4, 2),
            Layer::new(5, 1),
        ];
        let bytes = peak_memory_bytes(Network::Vgg19, &taps, 1024, 1024);
        assert!((2_000_000_000..4_000_000_000).contains(&bytes), "{bytes}");
    }
}

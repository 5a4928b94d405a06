//! How much memory a run will take, estimated.

use crate::{
    kernels::winograd::{Packed, Tile, scratch_bytes},
    network::{Layer, Network},
};

/// What the program takes besides the engine: code, embedded and decoded weights, libraries.
fn fixed_bytes(network: Network) -> u64 {
    let mut inputs = 3;
    let parameters: usize = network
        .layers()
        .map(|layer| {
            let count = layer.channels() * inputs * 9;
            inputs = layer.channels();
            count
        })
        .sum();
    40_000_000 + 4 * parameters as u64
}

/// The peak of resident memory, in bytes, of a run at this size with
/// [`FastEngine`](super::FastEngine): within 15 % of the truth, and never smaller for a larger
/// picture.
pub fn peak_memory_bytes(
    network: Network,
    taps: &[Layer],
    width: usize,
    height: usize,
    threads: usize,
) -> u64 {
    let layers: Vec<Layer> = network.layers().collect();
    let last = layers.iter().rposition(|layer| taps.contains(layer));
    let count = last.map_or(0, |last| last + 1);
    let mut bytes = 0;
    let mut between = [0; 2];
    let mut side = (height, width);
    let mut inputs = 3;
    for (index, layer) in layers[..count].iter().enumerate() {
        let channels = layer.channels();
        let area = side.0 * side.1;
        let tapped = taps.contains(layer);
        if tapped {
            bytes += 4 * channels * area;
        }
        bytes += channels * area / 8;
        if index > 0 {
            let tile = Tile::for_size(side.0, side.1);
            bytes += 2 * Packed::bytes(inputs, channels, tile);
        }
        let pooled = index + 1 < count && network.pools_after(*layer);
        if pooled {
            side = (side.0 / 2, side.1 / 2);
        }
        if pooled || !tapped {
            between[index % 2] = between[index % 2].max(4 * channels * side.0 * side.1);
        }
        inputs = channels;
    }
    bytes += between[0] + between[1] + scratch_bytes(threads);
    // The picture, its padded form, its gradient and what an optimizer keeps of both.
    bytes += 8 * 3 * 4 * width * height;
    bytes as u64 + fixed_bytes(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_larger_picture_never_needs_less() {
        let taps = [Layer::new(1, 1), Layer::new(4, 2), Layer::new(5, 1)];
        for network in Network::ALL {
            let at = |width, height| peak_memory_bytes(network, &taps, width, height, 2);
            for side in 16..1300 {
                assert!(at(side, 700) <= at(side + 1, 700), "{network} {side} wide");
                assert!(at(700, side) <= at(700, side + 1), "{network} {side} high");
                assert!(at(side, side) < at(side + 1, side + 1), "{network} {side}");
            }
        }
    }

    #[test]
    fn deeper_taps_and_larger_networks_need_more() {
        let need = |network, layer| peak_memory_bytes(network, &[layer], 512, 512, 2);
        for network in Network::ALL {
            let mut layers = network.layers().map(|layer| need(network, layer));
            let first = layers.next().unwrap();
            assert!(layers.all(|bytes| bytes > first));
        }
        let deep = Layer::new(5, 1);
        assert!(need(Network::Vgg19, deep) > need(Network::Vgg16, deep));
    }
}

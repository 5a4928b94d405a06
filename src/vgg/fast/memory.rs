//! How much memory a run will take, foretold.

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
    let (mut local, mut shared) = (0, 0);
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
            for pair in [(inputs, channels), (channels, inputs)] {
                let (each, once) = scratch_bytes(pair, side, threads);
                local = each.max(local);
                shared = once.max(shared);
            }
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
    bytes += between[0] + between[1] + shared + threads * local;
    // The picture, its padded form, its gradient and what an optimiser keeps of both.
    bytes += 8 * 3 * 4 * width * height;
    bytes as u64 + fixed_bytes(network)
}

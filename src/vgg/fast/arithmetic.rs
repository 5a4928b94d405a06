//! How much arithmetic a pass takes.

use crate::{kernels::winograd::Tile, vgg::weights::Weights};

/// Floating-point operations that are left, in units of 10^9, of all convolutions as far as the
/// one with index `last`, forward and reverse, of a picture with these sides: the products between
/// Winograd's transforms (these not counted), and the first layer directly.
pub fn convolution_gflop(weights: &Weights, last: usize, (height, width): (usize, usize)) -> f64 {
    let mut flop = 0.0;
    for (index, convolution) in weights.convolutions.iter().enumerate().take(last + 1) {
        let stride = convolution.layer.stride();
        let (height, width) = (height / stride, width / stride);
        let products = if index == 0 {
            9 * height * width
        } else {
            let tile = Tile::for_size(height, width);
            tile.frequencies() * tile.count(height, width)
        };
        flop += (4 * products * convolution.inputs * convolution.outputs) as f64;
    }
    flop / 1e9
}

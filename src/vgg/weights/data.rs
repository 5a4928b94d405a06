//! The one form that every network's weights come to.

use crate::network::{Family, Layer, Network};

/// One 3x3 convolution.
#[derive(Clone, Debug, PartialEq)]
pub struct Convolution {
    /// The layer it belongs to.
    pub layer: Layer,
    /// Input channels.
    pub inputs: usize,
    /// Output channels.
    pub outputs: usize,
    /// `[outputs, inputs, 3, 3]`, row-major.
    pub weight: Vec<f32>,
    /// `[outputs]`.
    pub bias: Vec<f32>,
}

/// The weights of a whole network.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Which network they fit.
    pub network: Network,
    /// Which preprocessing they expect.
    pub family: Family,
    /// Where they come from, in words: "embedded VGG-16 (Oxford)", a file name.
    pub origin: String,
    /// SHA-256 of the file's bytes, lower-case hex.
    pub sha256: String,
    /// Convolutions in the network's order: all of them, or the first ones of a file that was cut
    /// short.
    pub convolutions: Vec<Convolution>,
}

//! The networks' weights: the embedded VGG-16, and files.
//!
//! Whatever the file, what comes out is one form: convolutions in the network's order, f32,
//! `[out, in, 3, 3]`, the first one in RGB order and scaled such that its input is
//! 255·rgb − [`Family::mean`]. Engines see nothing else.

mod native;

use std::{path::Path, sync::Arc};

use crate::{
    error::{Error, Result},
    network::{Family, Layer, Network},
};

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
    /// Convolutions in the network's order.
    pub convolutions: Vec<Convolution>,
}

impl Weights {
    /// The VGG-16 inside the program (see `weights/README.md` for author and licence).
    ///
    /// # Errors
    /// Never for an undamaged program.
    pub fn embedded() -> Result<Arc<Self>> {
        native::embedded()
    }

    /// Reads a safetensors file with keys `conv1_1.weight`, `conv1_1.bias`, ... (OIHW, RGB, f16 or
    /// f32). The network is recognised by its keys and shapes.
    ///
    /// # Errors
    /// When the file cannot be read, is damaged, or holds neither VGG-16 nor VGG-19.
    pub fn from_file(path: &Path) -> Result<Arc<Self>> {
        native::from_file(path)
    }

    /// Random weights after He et al. (2015) with a seed: for speed measurements and for the
    /// curious (He, Wang and Hopcroft 2016 paint with an untrained network).
    pub fn random(network: Network, seed: u64) -> Arc<Self> {
        native::random(network, seed)
    }

    /// The weights a run needs: those of `file` if given, else the embedded ones.
    ///
    /// # Errors
    /// When `file` holds another network, or none is given and `network` is not embedded.
    pub fn find(network: Network, file: Option<&Path>) -> Result<Arc<Self>> {
        let weights = match file {
            Some(path) => Self::from_file(path)?,
            None if network == Network::Vgg16 => Self::embedded()?,
            None => {
                return Err(Error::Weights {
                    name: network.title().to_owned(),
                    why: "this network's weights are not inside the program".to_owned(),
                    advice: "Give a file with --weights FILE, or choose VGG-16",
                });
            }
        };
        if weights.network == network {
            Ok(weights)
        } else {
            Err(Error::Weights {
                name: weights.origin.clone(),
                why: format!(
                    "it holds {}, not {}",
                    weights.network.title(),
                    network.title()
                ),
                advice: "Choose the network that the file holds, or another file",
            })
        }
    }
}

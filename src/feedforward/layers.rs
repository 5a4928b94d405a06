//! The two transformer networks as tables of layers.
//!
//! Both are the network of Johnson and others 2016 in the form of Dumoulin and others 2017: three
//! convolutions down to a quarter of the size, residual blocks, two convolutions of the upsampled
//! map, one to three colors. Every convolution mirrors its edges.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A transformer network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// Ghiasi and others 2017, mobile variant: any style, by way of a prediction network.
    Ghiasi2017,
    /// Dumoulin and others 2017: 26 styles, wider at full size.
    Dumoulin2017,
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ghiasi2017 => "ghiasi-2017",
            Self::Dumoulin2017 => "dumoulin-2017",
        })
    }
}

impl FromStr for Architecture {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        [Self::Ghiasi2017, Self::Dumoulin2017]
            .into_iter()
            .find(|known| known.to_string() == name)
            .ok_or_else(|| Error::setting("network", name, "give ghiasi-2017 or dumoulin-2017"))
    }
}

/// What follows a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// Bias and `ReLU`.
    Rectify,
    /// Instance normalization and `ReLU`.
    NormRectify,
    /// Instance normalization; the block's input is added.
    NormAdd,
    /// Instance normalization and the logistic function.
    NormSigmoid,
}

/// A convolution of a transformer network.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kernel: usize,
    pub(super) stride: usize,
    /// Whether every pixel of the map before it is doubled first.
    pub(super) upsampled: bool,
    pub(super) then: Then,
}

impl Layer {
    fn new(name: &str, (from, to): (usize, usize), kernel: usize, then: Then) -> Self {
        Self {
            name: name.to_owned(),
            from,
            to,
            kernel,
            stride: 1,
            upsampled: false,
            then,
        }
    }

    /// Whether instance normalization follows.
    pub(super) fn is_normed(&self) -> bool {
        self.then != Then::Rectify
    }
}

/// Layers before the residual blocks.
pub(super) const CONTRACTING: usize = 3;

/// Layers behind them.
pub(super) const EXPANDING: usize = 3;

impl Architecture {
    /// All convolutions, in their order.
    pub(super) fn layers(self) -> Vec<Layer> {
        let (contract, then, blocks, expand) = match self {
            Self::Ghiasi2017 => ([8, 16, 32], Then::Rectify, 5, [16, 8]),
            Self::Dumoulin2017 => ([32, 32, 32], Then::NormRectify, 6, [8, 4]),
        };
        let deep = contract[2];
        let mut layers = vec![Layer::new("contract1", (3, contract[0]), 9, then)];
        for (n, pair) in contract.windows(2).enumerate() {
            let name = format!("contract{}", n + 2);
            layers.push(Layer {
                stride: 2,
                ..Layer::new(&name, (pair[0], pair[1]), 3, then)
            });
        }
        for block in 1..=blocks {
            for (n, then) in [(1, Then::NormRectify), (2, Then::NormAdd)] {
                let name = format!("residual{block}.conv{n}");
                layers.push(Layer::new(&name, (deep, deep), 3, then));
            }
        }
        for (n, pair) in [deep, expand[0], expand[1]].windows(2).enumerate() {
            let name = format!("expand{}", n + 1);
            layers.push(Layer {
                upsampled: true,
                ..Layer::new(&name, (pair[0], pair[1]), 3, Then::NormRectify)
            });
        }
        layers.push(Layer::new("expand3", (expand[1], 3), 9, Then::NormSigmoid));
        layers
    }

    /// Gammas and betas of a style.
    pub fn norm_values(self) -> usize {
        let layers = self.layers();
        let normed = layers.iter().filter(|layer| layer.is_normed());
        normed.map(|layer| 2 * layer.to).sum()
    }
}

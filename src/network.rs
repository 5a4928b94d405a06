//! Words that settings, command line, engine and window share: networks, weight families, layers, pooling.
//!
//! Plain data; nothing here computes.

use std::{fmt, str::FromStr};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A layer of a VGG network: the feature map after the nonlinearity of a convolution.
///
/// Written `relu4_2`; `conv4_2` is read as another name of the same feature map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Layer {
    block: u8,
    index: u8,
}

impl Layer {
    /// The layer after convolution `index` (from 1) of `block` (1 to 5).
    ///
    /// # Panics
    /// When there is no such layer in any VGG.
    pub const fn new(block: u8, index: u8) -> Self {
        assert!(block >= 1 && block <= 5, "VGG has five blocks");
        assert!(index >= 1 && index <= 4, "a block has at most four layers");
        Self { block, index }
    }

    /// Block, 1 to 5. Each block works at half the resolution of the one before.
    pub const fn block(self) -> u8 {
        self.block
    }

    /// Position inside the block, from 1.
    pub const fn index(self) -> u8 {
        self.index
    }

    /// Channels of the feature map: 64, 128, 256, 512, 512 by block.
    pub const fn channels(self) -> usize {
        match self.block {
            1 => 64,
            2 => 128,
            3 => 256,
            _ => 512,
        }
    }

    /// Image pixels per feature-map pixel along one axis: 1, 2, 4, 8, 16.
    pub const fn stride(self) -> usize {
        1 << (self.block - 1)
    }

    /// The name of the convolution under this layer, as weight files spell it: `conv4_2`.
    pub fn convolution(self) -> String {
        format!("conv{}_{}", self.block, self.index)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("relu{}_{}", self.block, self.index))
    }
}

impl From<Layer> for String {
    fn from(layer: Layer) -> Self {
        layer.to_string()
    }
}

impl TryFrom<String> for Layer {
    type Error = Error;

    fn try_from(name: String) -> Result<Self, Error> {
        name.parse()
    }
}

impl FromStr for Layer {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let unknown = || {
            Error::setting(
                "layer",
                name,
                "layers are named relu1_1 to relu5_4 (conv1_1 to conv5_4 mean the same)",
            )
        };
        let digits = name
            .strip_prefix("relu")
            .or_else(|| name.strip_prefix("conv"))
            .ok_or_else(unknown)?;
        match digits.as_bytes() {
            [block @ b'1'..=b'5', b'_', index @ b'1'..=b'4'] => {
                Ok(Self::new(block - b'0', index - b'0'))
            }
            _ => Err(unknown()),
        }
    }
}

/// Which VGG (Simonyan and Zisserman, 2014; configurations D and E).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// 13 convolutions: 2, 2, 3, 3, 3 by block. Its weights are inside the program.
    #[default]
    Vgg16,
    /// 16 convolutions: 2, 2, 4, 4, 4 by block.
    Vgg19,
}

impl Network {
    /// Every network there is.
    pub const ALL: [Self; 2] = [Self::Vgg16, Self::Vgg19];

    /// Convolutions in a block (1 to 5).
    pub const fn convolutions_in(self, block: u8) -> u8 {
        match (self, block) {
            (_, 1 | 2) => 2,
            (Self::Vgg16, _) => 3,
            (Self::Vgg19, _) => 4,
        }
    }

    /// All layers, in the order the network computes them.
    pub fn layers(self) -> impl DoubleEndedIterator<Item = Layer> + Clone {
        (1..=5u8).flat_map(move |block| {
            (1..=self.convolutions_in(block)).map(move |index| Layer::new(block, index))
        })
    }

    /// Whether the network has this layer (VGG-16 has no `relu3_4`, `relu4_4`, `relu5_4`).
    pub const fn has(self, layer: Layer) -> bool {
        layer.index <= self.convolutions_in(layer.block)
    }

    /// Whether pooling follows this layer. No layer of interest lies after the fifth pooling,
    /// so the network ends at its last convolution.
    pub const fn pools_after(self, layer: Layer) -> bool {
        layer.block < 5 && layer.index == self.convolutions_in(layer.block)
    }

    /// The name shown to people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Vgg16 => "VGG-16",
            Self::Vgg19 => "VGG-19",
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Vgg16 => "vgg16",
            Self::Vgg19 => "vgg19",
        })
    }
}

impl FromStr for Network {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name.to_ascii_lowercase().replace('-', "").as_str() {
            "vgg16" => Ok(Self::Vgg16),
            "vgg19" => Ok(Self::Vgg19),
            _ => Err(Error::setting("network", name, "choose vgg16 or vgg19")),
        }
    }
}

/// What the weights of a network are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum WeightsKind {
    /// As they were trained.
    #[default]
    Trained,
    /// Random numbers from a seed, after He et al. 2015: a network that has never seen a picture.
    Random,
    /// Trained, with the nine values of each filter in a random order: the network knows which
    /// channels go together, but no shapes.
    Shuffled,
}

impl WeightsKind {
    /// Every kind there is.
    pub const ALL: [Self; 3] = [Self::Trained, Self::Random, Self::Shuffled];
}

/// Whether the network's filters are brought to a common size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Normalization {
    /// Filters are left as they are.
    #[default]
    Off,
    /// Every channel has mean 1 over the content and style images (Gatys, Ecker and Bethge 2015), so
    /// that strong channels do not drown out the others.
    Gatys,
}

/// Which training a set of weights comes from: it decides the preprocessing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// The original release of the Visual Geometry Group, Oxford (Caffe, Keras): input is
    /// 255·rgb minus the mean color.
    #[default]
    Oxford,
    /// Torchvision's own training: input is (rgb − mean) / deviation.
    Torchvision,
}

impl Family {
    /// Every family there is.
    pub const ALL: [Self; 2] = [Self::Oxford, Self::Torchvision];

    /// The color (R, G, B, 0..255) that the network's input is zero at.
    pub const fn mean(self) -> [f32; 3] {
        match self {
            Self::Oxford => [123.68, 116.779, 103.939],
            Self::Torchvision => [0.485 * 255.0, 0.456 * 255.0, 0.406 * 255.0],
        }
    }

    /// What the input is divided by after the mean is subtracted; folded into the first
    /// convolution when weights are loaded.
    pub const fn deviation(self) -> [f32; 3] {
        match self {
            Self::Oxford => [1.0; 3],
            Self::Torchvision => [0.229 * 255.0, 0.224 * 255.0, 0.225 * 255.0],
        }
    }
}

/// How a block's feature map is halved for the next: windows of 2x2, stride 2, sizes floored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// The largest value of each window, as VGG was trained: finer, sharper texture. In the reverse
    /// pass the first maximum gets the whole gradient.
    #[default]
    Max,
    /// The mean of the window: smoother (Gatys et al. 2015, section 2).
    #[serde(rename = "avg")]
    #[value(name = "avg")]
    Average,
}

/// What the first convolution sees beyond the edge of the picture.
///
/// All other convolutions pad with zeros, as the network was trained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum EdgePadding {
    /// Zeros: the mean color of the training set, as in the papers.
    #[default]
    Zero,
    /// The nearest pixel of the picture: avoids a colored frame along the borders
    /// (after style-transfer-pytorch by Katherine Crowson).
    Replicate,
    /// The picture mirrored around itself in a frame of a few pixels, which is cut off again: every
    /// layer sees something like the picture beyond its edge.
    Mirror,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_conv_is_an_alias() {
        for layer in Network::Vgg19.layers() {
            assert_eq!(layer.to_string().parse::<Layer>().unwrap(), layer);
            assert_eq!(layer.convolution().parse::<Layer>().unwrap(), layer);
        }
        for bad in [
            "", "relu", "relu0_1", "relu6_1", "relu1_5", "pool1", "relu1_1 ", "relu11",
        ] {
            assert!(bad.parse::<Layer>().is_err(), "{bad} was accepted");
        }
    }

    #[test]
    fn layer_counts_are_those_of_the_paper() {
        assert_eq!(Network::Vgg16.layers().count(), 13);
        assert_eq!(Network::Vgg19.layers().count(), 16);
        let parameters = |network: Network| {
            let mut inputs = 3;
            network.layers().fold(0, |sum, layer| {
                let count = layer.channels() * (inputs * 9 + 1);
                inputs = layer.channels();
                sum + count
            })
        };
        assert_eq!(parameters(Network::Vgg16), 14_714_688);
        assert_eq!(parameters(Network::Vgg19), 20_024_384);
    }
}

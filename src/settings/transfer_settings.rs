//! [`TransferSettings`]: everything that, together with the pictures, decides a run.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::{
    ColorMode, ContentMeasure, GradientBalance, InitialImage, LayerWeights, LossScale,
    OptimizerKind, Quality, Schedule, StyleMeasure, changes::MIDDLE_FREEDOM, range,
};
use crate::{
    error::{Error, Result},
    network::{EdgePadding, Layer, Network, Normalization, Pooling, WeightsKind},
};

/// The settings of one run. The default is the recipe of the preset "Impasto".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransferSettings {
    /// Version of this structure; see [`Self::VERSION`].
    pub version: u32,
    /// The network that looks at the pictures.
    pub network: Network,
    /// A weights file; without one, the weights that belong to the program.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "crate::paths::optional"
    )]
    pub weights: Option<PathBuf>,
    /// Trained weights, or for the curious random or shuffled ones.
    pub weights_kind: WeightsKind,
    /// Seed of random and shuffled weights.
    pub weights_seed: u64,
    /// Whether each filter is brought to a mean of 1 over the pictures at hand.
    #[serde(alias = "normalisation")]
    pub normalization: Normalization,
    /// Longest side of the result; without it, the content image's own ([`range::SIZE_PX`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_px: Option<u32>,
    /// What one unit of content, style and smoothness means.
    pub loss_scale: LossScale,
    /// Weight of the content loss ([`range::CONTENT_WEIGHT`]).
    pub content_weight: f64,
    /// Weight of the style loss ([`range::STYLE_WEIGHT`]).
    pub style_weight: f64,
    /// Weight of total variation: smoothness ([`range::TV_WEIGHT`]).
    pub tv_weight: f64,
    /// Layers at which content is compared.
    pub content_layers: LayerWeights,
    /// Layers at which style is compared.
    pub style_layers: LayerWeights,
    /// How content is compared; weights relative to each other.
    pub content_measures: BTreeMap<ContentMeasure, f64>,
    /// How style is compared; weights relative to each other.
    pub style_measures: BTreeMap<StyleMeasure, f64>,
    /// Whether each layer's gradient is brought to the same size.
    pub gradient_balance: GradientBalance,
    /// How the network halves its maps.
    pub pooling: Pooling,
    /// What the first convolution sees beyond the edge.
    pub edge_padding: EdgePadding,
    /// How pixels follow the gradient.
    pub optimizer: OptimizerKind,
    /// Step size ([`range::LEARNING_RATE`]): pixel units of 0..255 a step for Adam; a factor on
    /// the quasi-Newton step, normally 1, for L-BFGS.
    pub learning_rate: f64,
    /// Share of the learning rate that is left at the end of each level
    /// ([`range::LEARNING_RATE_END`]).
    #[serde(default = "one")]
    pub learning_rate_end: f64,
    /// Pairs that L-BFGS remembers ([`range::HISTORY`]).
    pub history: u32,
    /// Adam's decay of the mean gradient ([`range::BETA1`]).
    pub beta1: f64,
    /// Adam's decay of the mean squared gradient ([`range::BETA2`]).
    pub beta2: f64,
    /// Decay of the moving average of pictures that is shown and saved ([`range::AVERAGING`]);
    /// 0 shows the picture of the step itself.
    pub averaging: f64,
    /// Whether pixels are brought back into 0..255 after each step.
    pub clamp_pixels: bool,
    /// Total number of steps over all levels ([`range::STEPS`]).
    pub steps: u32,
    /// Which sizes the run goes through.
    pub schedule: Schedule,
    /// How fast the hold on the content image falls as levels grow: its weight is divided by this
    /// power of the level's longest side over 64 px ([`range::CONTENT_FALLOFF`]).
    #[serde(default)]
    pub content_falloff: f64,
    /// Share of the last level's steps in which neighbors are found anew at each step
    /// ([`range::FINISHING`]): crisp strokes. Only the measure of neighbors has such steps.
    #[serde(default)]
    pub finishing: f64,
    /// How far neighbors' matches follow the picture of the moment instead of the content image, at
    /// the start of each level ([`range::FREEDOM`]): 0 keeps the content's forms, 1 lets the
    /// style image's take over.
    #[serde(default)]
    pub freedom: f64,
    /// Longest side of the first level of a coarse-to-fine run ([`range::COARSEST_PX`]).
    pub coarsest_px: u32,
    /// What the run starts from.
    pub initial_image: InitialImage,
    /// Seed of everything random.
    pub seed: u64,
    /// Deviation of the noise that [`InitialImage::Noise`] starts from, on the 0..255 scale
    /// ([`range::NOISE_DEVIATION`]).
    pub noise_deviation: f64,
    /// Size of the style image relative to the content image ([`range::STYLE_SCALE`]).
    pub style_scale: f64,
    /// Whose colors the result has.
    #[serde(alias = "colour")]
    pub color: ColorMode,
    /// How far the finished picture is faded to the content image ([`range::FADE`]): 0 is the
    /// painting as it is, 1 the content image.
    #[serde(default)]
    pub fade: f64,
}

/// What files without a learning rate's end mean.
fn one() -> f64 {
    1.0
}

impl Default for TransferSettings {
    fn default() -> Self {
        Self {
            version: Self::VERSION,
            network: Network::Vgg16,
            weights: None,
            weights_kind: WeightsKind::Trained,
            weights_seed: 1,
            normalization: Normalization::Off,
            size_px: None,
            loss_scale: LossScale::Relative,
            content_weight: 1.0,
            style_weight: 16.0,
            tv_weight: 0.0,
            content_layers: LayerWeights::equal(&[Layer::new(4, 2)]),
            style_layers: LayerWeights::equal(&[
                Layer::new(1, 1),
                Layer::new(1, 2),
                Layer::new(2, 1),
                Layer::new(2, 2),
                Layer::new(3, 1),
                Layer::new(3, 2),
                Layer::new(3, 3),
                Layer::new(4, 1),
                Layer::new(4, 2),
                Layer::new(4, 3),
            ]),
            content_measures: BTreeMap::from([(ContentMeasure::Features, 1.0)]),
            style_measures: BTreeMap::from([
                (StyleMeasure::Neighbors, 1.0),
                (StyleMeasure::MeanDeviation, 0.1),
            ]),
            gradient_balance: GradientBalance::Off,
            pooling: Pooling::Average,
            edge_padding: EdgePadding::Mirror,
            optimizer: OptimizerKind::Adam,
            learning_rate: OptimizerKind::Adam.description().learning_rate,
            learning_rate_end: 0.5,
            history: 20,
            beta1: 0.9,
            beta2: 0.99,
            averaging: 0.0,
            clamp_pixels: true,
            steps: Quality::Normal.steps(Schedule::Octaves),
            schedule: Schedule::Octaves,
            content_falloff: 1.0,
            finishing: 0.4,
            freedom: MIDDLE_FREEDOM,
            coarsest_px: 128,
            initial_image: InitialImage::Content,
            seed: 1,
            noise_deviation: 30.0,
            style_scale: 1.0,
            color: ColorMode::Style,
            fade: 0.0,
        }
    }
}

impl TransferSettings {
    /// Version written by this program.
    pub const VERSION: u32 = 1;

    /// Checks every field against its range and the layers against the network.
    ///
    /// # Errors
    /// [`Error::Setting`] for the first field that is not valid.
    pub fn validate(&self) -> Result<()> {
        if let Some(size) = self.size_px {
            range::SIZE_PX.check(f64::from(size))?;
        }
        for (range, value) in [
            (range::CONTENT_WEIGHT, self.content_weight),
            (range::STYLE_WEIGHT, self.style_weight),
            (range::TV_WEIGHT, self.tv_weight),
            (range::LEARNING_RATE, self.learning_rate),
            (range::HISTORY, f64::from(self.history)),
            (range::BETA1, self.beta1),
            (range::BETA2, self.beta2),
            (range::AVERAGING, self.averaging),
            (range::STEPS, f64::from(self.steps)),
            (range::COARSEST_PX, f64::from(self.coarsest_px)),
            (range::NOISE_DEVIATION, self.noise_deviation),
            (range::STYLE_SCALE, self.style_scale),
            (range::LEARNING_RATE_END, self.learning_rate_end),
            (range::CONTENT_FALLOFF, self.content_falloff),
            (range::FINISHING, self.finishing),
            (range::FREEDOM, self.freedom),
            (range::FADE, self.fade),
        ] {
            range.check(value)?;
        }
        for layers in [&self.content_layers, &self.style_layers] {
            for (layer, weight) in layers.iter() {
                range::LAYER_WEIGHT.check(weight)?;
                if !self.network.has(layer) {
                    return Err(Error::setting(
                        "layer",
                        layer,
                        format!("{} has no such layer", self.network.title()),
                    ));
                }
            }
        }
        let measures = self.content_measures.values();
        for &weight in measures.chain(self.style_measures.values()) {
            range::LAYER_WEIGHT.check(weight)?;
        }
        let pulls = self.content_weight > 0.0 && self.content_layers.active().next().is_some()
            || self.style_weight > 0.0 && self.style_layers.active().next().is_some()
            || self.tv_weight > 0.0;
        if pulls {
            return Ok(());
        }
        Err(Error::setting(
            "weights",
            0,
            "at least one of content, style and smoothness needs a weight above 0 (and a layer)",
        ))
    }

    /// Whether both ask for the same network with the same weights.
    pub fn same_network(&self, other: &Self) -> bool {
        self.network == other.network
            && self.weights == other.weights
            && self.weights_kind == other.weights_kind
            && self.weights_seed == other.weights_seed
            && self.normalization == other.normalization
    }

    /// Takes network and weights over from other settings, and leaves out layers that this network
    /// lacks.
    pub fn take_network_of(&mut self, other: &Self) {
        self.set_network_of(other);
        self.drop_missing_layers();
    }

    pub(super) fn set_network_of(&mut self, other: &Self) {
        self.network = other.network;
        self.weights.clone_from(&other.weights);
        self.weights_kind = other.weights_kind;
        self.weights_seed = other.weights_seed;
        self.normalization = other.normalization;
    }

    /// Leaves out layers that the network lacks: VGG-16 has three fewer than VGG-19.
    pub fn drop_missing_layers(&mut self) {
        let network = self.network;
        for layers in [&mut self.style_layers, &mut self.content_layers] {
            let missing: Vec<_> = layers
                .iter()
                .map(|(layer, _)| layer)
                .filter(|&layer| !network.has(layer))
                .collect();
            for layer in missing {
                layers.remove(layer);
            }
        }
    }

    /// The name of a field, for one by which older files may know it.
    pub fn present_field(name: &str) -> &str {
        match name {
            "colour" => "color",
            "normalisation" => "normalization",
            name => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_is_valid_and_survives_toml_and_json() {
        let settings = TransferSettings::default();
        settings.validate().unwrap();
        let toml = toml::to_string(&settings).unwrap();
        assert_eq!(toml::from_str::<TransferSettings>(&toml).unwrap(), settings);
        let json = serde_json::to_string(&settings).unwrap();
        assert_eq!(
            serde_json::from_str::<TransferSettings>(&json).unwrap(),
            settings
        );
    }

    #[test]
    fn a_field_out_of_range_is_named() {
        let settings = TransferSettings {
            learning_rate: f64::NAN,
            ..Default::default()
        };
        let message = settings.validate().unwrap_err().to_string();
        assert!(message.contains("learning-rate"), "{message}");
    }

    #[test]
    fn a_layer_of_another_network_is_refused() {
        let mut settings = TransferSettings::default();
        settings.style_layers.set(Layer::new(5, 4), 1.0);
        assert!(settings.validate().is_err());
        settings.network = Network::Vgg19;
        settings.validate().unwrap();
    }

    #[test]
    fn another_network_is_taken_without_the_layers_it_lacks() {
        let plain = TransferSettings::default();
        let mut deep = TransferSettings {
            network: Network::Vgg19,
            ..plain.clone()
        };
        deep.style_layers.set(Layer::new(5, 4), 1.0);
        assert!(!deep.same_network(&plain));
        deep.take_network_of(&plain);
        assert!(deep.same_network(&plain));
        assert_eq!(deep, plain);
        for change in [
            |s: &mut TransferSettings| s.weights = Some("x".into()),
            |s: &mut TransferSettings| s.weights_kind = WeightsKind::Random,
            |s: &mut TransferSettings| s.weights_seed = 2,
            |s: &mut TransferSettings| s.normalization = Normalization::Gatys,
        ] {
            let mut other = plain.clone();
            change(&mut other);
            assert!(!other.same_network(&plain) && !plain.same_network(&other));
        }
    }

    #[test]
    fn missing_and_unknown_fields_take_the_default() {
        let settings: TransferSettings =
            toml::from_str("content_weight = 3.5\nfrom_the_future = true").unwrap();
        assert_eq!(settings.content_weight, 3.5);
        assert_eq!(settings.steps, TransferSettings::default().steps);
    }
}

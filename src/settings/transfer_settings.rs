//! [`TransferSettings`]: everything that, together with the pictures, decides a run.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::{
    ColorMode, ContentMeasure, GradientBalance, InitialImage, LayerWeights, LossScale,
    OptimizerKind, Quality, Schedule, StyleMeasure, range,
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
    #[serde(skip_serializing_if = "Option::is_none")]
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
            style_weight: 8.0,
            tv_weight: 0.005,
            content_layers: LayerWeights::equal(&[Layer::new(4, 2)]),
            style_layers: LayerWeights::equal(&[
                Layer::new(1, 1),
                Layer::new(2, 1),
                Layer::new(3, 1),
                Layer::new(4, 1),
                Layer::new(5, 1),
            ]),
            content_measures: BTreeMap::from([
                (ContentMeasure::Features, 1.0),
                (ContentMeasure::Laplacian, 2.0),
            ]),
            style_measures: BTreeMap::from([
                (StyleMeasure::Gram, 1.0),
                (StyleMeasure::Covariance, 1.0),
            ]),
            gradient_balance: GradientBalance::Off,
            pooling: Pooling::Max,
            edge_padding: EdgePadding::Replicate,
            optimizer: OptimizerKind::Adam,
            learning_rate: OptimizerKind::Adam.description().learning_rate,
            history: 20,
            beta1: 0.9,
            beta2: 0.99,
            averaging: OptimizerKind::Adam.description().averaging,
            clamp_pixels: true,
            steps: Quality::Normal.steps(),
            schedule: Schedule::Proportional,
            coarsest_px: 128,
            initial_image: InitialImage::Recolored,
            seed: 1,
            noise_deviation: 30.0,
            style_scale: 1.0,
            color: ColorMode::Style,
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

    fn set_network_of(&mut self, other: &Self) {
        self.network = other.network;
        self.weights.clone_from(&other.weights);
        self.weights_kind = other.weights_kind;
        self.weights_seed = other.weights_seed;
        self.normalization = other.normalization;
    }

    /// What a run with these settings goes on with when `wanted` are asked for between two steps:
    /// `wanted`, but with the network, the sizes, the steps and the start of the run as they are.
    #[must_use]
    pub fn apply(&self, wanted: &Self) -> Self {
        let mut applied = Self {
            size_px: self.size_px,
            pooling: self.pooling,
            edge_padding: self.edge_padding,
            steps: self.steps,
            schedule: self.schedule,
            coarsest_px: self.coarsest_px,
            initial_image: self.initial_image.clone(),
            noise_deviation: self.noise_deviation,
            seed: self.seed,
            ..wanted.clone()
        };
        applied.set_network_of(self);
        applied
    }

    /// Whether `wanted` asks for something that only another run can have. Another network is not
    /// such a thing: a run goes on with it once it is loaded.
    pub fn needs_new_run(&self, wanted: &Self) -> bool {
        let mut applied = self.apply(wanted);
        applied.set_network_of(wanted);
        applied != *wanted
    }

    /// Chooses how pixels follow the gradient. Where the usual learning rate and averaging of the
    /// old and the new optimizer differ, those of the new one are taken: the units differ too.
    pub fn set_optimizer(&mut self, optimizer: OptimizerKind) {
        let usual = |kind: OptimizerKind| {
            let described = kind.description();
            (described.learning_rate, described.averaging)
        };
        if usual(optimizer) != usual(self.optimizer) {
            (self.learning_rate, self.averaging) = usual(optimizer);
        }
        self.optimizer = optimizer;
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

    /// The dial from content (0) to style (1): the ratio of the two weights on a logarithmic scale,
    /// 1 at 0 and 100 at 1, ten times as much on the absolute scale.
    pub fn dial(&self) -> f64 {
        let ratio = self.style_weight / self.content_weight / self.dial_start();
        if ratio.is_nan() {
            return 0.5;
        }
        (ratio.max(1e-9).log10() / 2.0).clamp(0.0, 1.0)
    }

    /// Sets the weights from the dial: on the relative scale both, content to 1, on the absolute
    /// one that of style.
    pub fn set_dial(&mut self, dial: f64) {
        if self.loss_scale == LossScale::Relative {
            self.content_weight = 1.0;
        }
        let ratio = 100_f64.powf(dial.clamp(0.0, 1.0));
        self.style_weight = self.content_weight * self.dial_start() * ratio;
    }

    /// Style to content weight at the dial's left end.
    fn dial_start(&self) -> f64 {
        match self.loss_scale {
            LossScale::Relative => 1.0,
            LossScale::Absolute => 10.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::Choice;

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

    /// Files call a value what the command line calls it.
    fn assert_names<T: Choice + Serialize>() {
        for value in T::value_variants() {
            let in_files = serde_json::to_value(value).unwrap();
            assert_eq!(in_files.as_str(), Some(value.name().as_str()));
        }
    }

    #[test]
    fn choices_are_called_in_files_what_they_are_called_on_the_command_line() {
        assert_names::<StyleMeasure>();
        assert_names::<ContentMeasure>();
        assert_names::<OptimizerKind>();
        assert_names::<LossScale>();
        assert_names::<GradientBalance>();
        assert_names::<Schedule>();
        assert_names::<ColorMode>();
        assert_names::<Pooling>();
        assert_names::<EdgePadding>();
        assert_names::<Normalization>();
        assert_names::<WeightsKind>();
        assert_names::<crate::network::Family>();
    }

    #[test]
    fn another_kind_of_optimizer_brings_its_usual_numbers_along() {
        let mut settings = TransferSettings::default();
        let usual = OptimizerKind::Adam.description();
        assert_eq!(
            (settings.learning_rate, settings.averaging),
            (usual.learning_rate, usual.averaging)
        );
        settings.set_optimizer(OptimizerKind::Lbfgs);
        assert_eq!((settings.learning_rate, settings.averaging), (1.0, 0.0));
        settings.learning_rate = 0.5;
        settings.set_optimizer(OptimizerKind::LbfgsPlain);
        assert_eq!(settings.learning_rate, 0.5, "the unit is the same");
        settings.set_optimizer(OptimizerKind::Adam);
        assert_eq!((settings.learning_rate, settings.averaging), (5.0, 0.9));
    }

    #[test]
    fn what_a_run_cannot_change_waits_for_the_next_one() {
        let running = TransferSettings::default();
        let wanted = TransferSettings {
            style_weight: 3.0,
            network: Network::Vgg19,
            normalization: Normalization::Gatys,
            ..running.clone()
        };
        assert!(!running.needs_new_run(&wanted));
        let applied = running.apply(&wanted);
        assert_eq!(applied.style_weight, 3.0);
        assert!(applied.same_network(&running));
        for wanted in [
            TransferSettings {
                size_px: Some(77),
                ..wanted.clone()
            },
            TransferSettings {
                seed: 9,
                ..wanted.clone()
            },
        ] {
            assert!(running.needs_new_run(&wanted));
            assert!(!running.needs_new_run(&running.apply(&wanted)));
        }
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

    #[test]
    fn dial_and_weights_agree() {
        for loss_scale in [LossScale::Relative, LossScale::Absolute] {
            let mut settings = TransferSettings {
                loss_scale,
                content_weight: 5.0,
                ..TransferSettings::default()
            };
            for dial in [0.0, 0.25, 0.5, 1.0] {
                settings.set_dial(dial);
                assert!((settings.dial() - dial).abs() < 1e-12);
            }
            settings.set_dial(0.5);
            let expected = match loss_scale {
                LossScale::Relative => (1.0, 10.0),
                LossScale::Absolute => (5.0, 500.0),
            };
            let weights = (settings.content_weight, settings.style_weight);
            assert!((weights.1 - expected.1).abs() < 1e-9 && weights.0 == expected.0);
        }
    }
}

//! The choices that make settings: a preset and what overrides it. Shared by the commands that
//! paint; names and ranges are those of the settings.

use std::ffi::OsString;

use clap::{
    Args,
    builder::{OsStringValueParser, TypedValueParser as _},
};

use super::{engine_arguments::EngineArguments, weights_choice::WeightsVariation};
use crate::{
    error::Result,
    network::{EdgePadding, Layer, Pooling},
    settings::{
        ColorMode, ContentMeasure, GradientBalance, InitialImage, OptimizerKind, Quality, Schedule,
        StyleMeasure, TransferSettings, parse_weighted, preset, range,
    },
};

/// A preset and what overrides it.
#[derive(Clone, Debug, Args)]
pub(super) struct Choices {
    /// Settings to start from; every other option overrides them.
    /// [default: impasto; random-filters with random weights]
    #[arg(long, value_name = "NAME")]
    pub(super) preset: Option<String>,
    /// Longest side of the result in pixels [default: the content image's own].
    #[arg(long, value_name = "PX")]
    pub(super) size: Option<u32>,
    /// Number of steps.
    #[arg(long, value_name = "N")]
    pub(super) steps: Option<u32>,
    /// How many steps to take, by name.
    #[arg(long, conflicts_with = "steps")]
    pub(super) quality: Option<Quality>,
    /// From content (0) to style (100): sets the weights of content and style.
    #[arg(long, value_name = "PERCENT", conflicts_with_all = ["content_weight", "style_weight"])]
    pub(super) dial: Option<f64>,
    /// Weight of the content loss.
    #[arg(long, value_name = "W")]
    pub(super) content_weight: Option<f64>,
    /// Weight of the style loss.
    #[arg(long, value_name = "W")]
    pub(super) style_weight: Option<f64>,
    /// Weight of total variation (smoothness).
    #[arg(long, value_name = "W")]
    pub(super) tv_weight: Option<f64>,
    /// A layer at which content is compared; repeat for several. Replaces the preset's.
    #[arg(long, value_name = "LAYER[=W]", value_parser = parse_weighted::<Layer>)]
    pub(super) content_layer: Vec<(Layer, f64)>,
    /// A layer at which style is compared; repeat for several. Replaces the preset's.
    #[arg(long, value_name = "LAYER[=W]", value_parser = parse_weighted::<Layer>)]
    pub(super) style_layer: Vec<(Layer, f64)>,
    /// How content is compared: features, laplacian, self-similarity; repeat to mix. Replaces the
    /// preset's.
    #[arg(long, value_name = "NAME[=W]", value_parser = parse_weighted::<ContentMeasure>)]
    pub(super) content_measure: Vec<(ContentMeasure, f64)>,
    /// How style is compared: neighbors, gram, covariance, wasserstein, patches and more; repeat to mix.
    /// Replaces the preset's.
    #[arg(long, value_name = "NAME[=W]", value_parser = parse_weighted::<StyleMeasure>)]
    pub(super) style_measure: Vec<(StyleMeasure, f64)>,
    /// Whether the gradients of all layers are scaled to the same size.
    #[arg(long)]
    pub(super) gradient_balance: Option<GradientBalance>,
    /// How the network halves its feature maps.
    #[arg(long)]
    pub(super) pooling: Option<Pooling>,
    /// What the first convolution sees beyond the edge of the picture.
    #[arg(long)]
    pub(super) edge_padding: Option<EdgePadding>,
    /// How pixels follow the gradient.
    #[arg(long)]
    pub(super) optimizer: Option<OptimizerKind>,
    /// The same as --optimizer lbfgs-plain.
    #[arg(long)]
    pub(super) lbfgs_plain: bool,
    /// Step size: pixel units of 0..255 for Adam, a factor (normally 1) for L-BFGS.
    #[arg(long, value_name = "RATE")]
    pub(super) learning_rate: Option<f64>,
    /// Share of the learning rate that is left at the end of each level; 1 keeps it.
    #[arg(long, value_name = "SHARE")]
    pub(super) learning_rate_end: Option<f64>,
    /// How fast the hold on the content image falls as levels grow; 0 keeps it.
    #[arg(long, value_name = "POWER")]
    pub(super) content_falloff: Option<f64>,
    /// Share of the last level's steps in which neighbors are found anew: crisp strokes.
    #[arg(long, value_name = "SHARE")]
    pub(super) finishing: Option<f64>,
    /// How far neighbors' matches follow the picture instead of the content image: 0 keeps the
    /// content's forms, 1 lets the style image's take over.
    #[arg(long, value_name = "SHARE")]
    pub(super) freedom: Option<f64>,
    /// How many pairs L-BFGS remembers.
    #[arg(long, value_name = "N")]
    pub(super) history: Option<u32>,
    /// Decay of the moving average of pictures that is saved; 0 saves the picture of the last step.
    #[arg(long, value_name = "DECAY")]
    pub(super) averaging: Option<f64>,
    /// Which sizes the run goes through.
    #[arg(long)]
    pub(super) schedule: Option<Schedule>,
    /// What to start from: content, the content recolored like the style, the content painted in
    /// one pass (instant), noise, style, or a picture file.
    #[arg(long, value_name = "content|recolored|instant|noise|style|FILE", value_parser = OsStringValueParser::new().map(initial_image))]
    pub(super) init: Option<InitialImage>,
    /// Seed of all random numbers.
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Size of the style image relative to the content image: the size of strokes.
    #[arg(long, value_name = "FACTOR")]
    pub(super) style_scale: Option<f64>,
    /// Whose colors the picture has.
    #[arg(long, alias = "colour")]
    pub(super) color: Option<ColorMode>,
    /// How far the picture is faded to the content image: 0 is the painting, 100 the photograph.
    #[arg(long, value_name = "PERCENT")]
    pub(super) fade: Option<f64>,
    #[command(flatten)]
    pub(super) variation: WeightsVariation,
    #[command(flatten)]
    pub(super) engine: EngineArguments,
}

impl Choices {
    /// The preset's settings with what was chosen besides, not validated yet.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::error::Error::Setting) for an unknown preset or a dial out of range.
    pub(super) fn settings(&self) -> Result<TransferSettings> {
        // Deep layers that learned nothing answer to noise alone.
        let base = if self.variation.is_random() {
            preset("random-filters")?.settings
        } else {
            TransferSettings::default()
        };
        self.over(&base)
    }

    /// `base`, or the preset's settings where one is named, with what was chosen besides, not
    /// validated yet.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::error::Error::Setting) for an unknown preset or a dial out of range.
    pub(super) fn over(&self, base: &TransferSettings) -> Result<TransferSettings> {
        fn put<T>(field: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *field = value;
            }
        }
        let mut settings = match &self.preset {
            Some(name) => preset(name)?.settings,
            None => base.clone(),
        };
        put(&mut settings.size_px, self.size.map(Some));
        // Before the weights: they are chosen for these measures.
        if !self.style_measure.is_empty() {
            settings.set_style_measures(self.style_measure.iter().copied().collect());
        }
        if let Some(percent) = self.dial {
            range::Range {
                name: "dial",
                min: 0.0,
                max: 100.0,
            }
            .check(percent)?;
            settings.set_dial(percent / 100.0);
        }
        put(&mut settings.content_weight, self.content_weight);
        put(&mut settings.style_weight, self.style_weight);
        put(&mut settings.tv_weight, self.tv_weight);
        if !self.content_layer.is_empty() {
            settings.content_layers = self.content_layer.iter().copied().collect();
        }
        if !self.style_layer.is_empty() {
            settings.style_layers = self.style_layer.iter().copied().collect();
        }
        if !self.content_measure.is_empty() {
            settings.content_measures = self.content_measure.iter().copied().collect();
        }
        put(&mut settings.gradient_balance, self.gradient_balance);
        put(&mut settings.pooling, self.pooling);
        put(&mut settings.edge_padding, self.edge_padding);
        if let Some(optimizer) = self.optimizer {
            settings.set_optimizer(optimizer);
        }
        if self.lbfgs_plain {
            settings.set_optimizer(OptimizerKind::LbfgsPlain);
        }
        put(&mut settings.learning_rate, self.learning_rate);
        put(&mut settings.history, self.history);
        put(&mut settings.averaging, self.averaging);
        put(&mut settings.schedule, self.schedule);
        let steps = |quality: Quality| quality.steps(settings.schedule);
        put(&mut settings.steps, self.steps.or(self.quality.map(steps)));
        put(&mut settings.learning_rate_end, self.learning_rate_end);
        put(&mut settings.content_falloff, self.content_falloff);
        put(&mut settings.finishing, self.finishing);
        put(&mut settings.freedom, self.freedom);
        put(&mut settings.initial_image, self.init.clone());
        put(&mut settings.seed, self.seed);
        put(&mut settings.style_scale, self.style_scale);
        put(&mut settings.color, self.color);
        if let Some(percent) = self.fade {
            range::FADE_PERCENT.check(percent)?;
            settings.fade = percent / 100.0;
        }
        put(&mut settings.network, self.engine.network);
        if self.engine.weights.is_some() {
            settings.weights.clone_from(&self.engine.weights);
        }
        self.variation.put(&mut settings);
        Ok(settings)
    }
}

/// Whatever is not a known word is a file's name.
fn initial_image(text: OsString) -> InitialImage {
    match text.to_str() {
        Some("content") => InitialImage::Content,
        Some("recolored" | "recoloured") => InitialImage::Recolored,
        Some("instant") => InitialImage::Instant,
        Some("noise" | "random") => InitialImage::Noise,
        Some("style") => InitialImage::Style,
        _ => InitialImage::File(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        choices: Choices,
    }

    fn settings(line: &str) -> TransferSettings {
        let words = std::iter::once("impasto").chain(line.split_whitespace());
        let line = Line::try_parse_from(words).unwrap();
        line.choices.settings().unwrap()
    }

    #[test]
    fn another_optimizer_brings_its_usual_averaging_and_learning_rate_along() {
        let paper = settings("--preset gatys-2016");
        assert_eq!(
            (paper.optimizer, paper.averaging),
            (OptimizerKind::Lbfgs, 0.0)
        );
        let adam = settings("--preset gatys-2016 --optimizer adam");
        assert_eq!((adam.learning_rate, adam.averaging), (5.0, 0.9));
        let plain = settings("--lbfgs-plain");
        assert_eq!(plain.optimizer, OptimizerKind::LbfgsPlain);
        assert_eq!((plain.learning_rate, plain.averaging), (1.0, 0.0));
        let own = settings("--preset gatys-2016 --optimizer adam --averaging 0.5");
        assert_eq!(own.averaging, 0.5);
    }

    #[test]
    fn the_dial_means_here_what_it_means_in_the_window() {
        for preset in ["impasto", "gatys-2016"] {
            let mut expected = settings(&format!("--preset {preset}"));
            expected.set_dial(0.7);
            assert_eq!(settings(&format!("--preset {preset} --dial 70")), expected);
            assert!((expected.dial() - 0.7).abs() < 1e-9);
        }
    }
}

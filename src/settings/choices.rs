//! The choices among the settings: each an enum with the names that files and the command line use.

use std::{path::PathBuf, str::FromStr};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::{
    choice::Choice as _,
    error::{Error, Result},
};
pub use crate::{loss::StyleMeasure, optim::OptimizerKind};

/// What one unit of a loss means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum LossScale {
    /// Each term divided by its value at a reference, so that weights mean the same for every
    /// picture, size, network and measure: content by that of a flat gray picture, style per
    /// layer by that of the content image.
    #[default]
    #[serde(alias = "balanced")]
    #[value(alias = "balanced")]
    Relative,
    /// As papers and peers define it, on the 0..255 scale: content the mean squared difference
    /// of features, style that of Gram matrices over C·N, total variation a sum of absolute
    /// differences.
    Absolute,
}

/// How content is compared.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum ContentMeasure {
    /// Mean squared difference of feature maps (Gatys et al. 2015).
    #[default]
    Features,
    /// Difference of Laplacians of the pixels (Li et al. 2017, Lapstyle).
    Laplacian,
    /// Difference of self-similarity matrices (Kolkin et al. 2019).
    SelfSimilarity,
}

impl ContentMeasure {
    /// Every measure, Gatys' first.
    pub const ALL: [Self; 3] = [Self::Features, Self::Laplacian, Self::SelfSimilarity];

    /// Whether its value depends on random draws.
    pub const fn draws(self) -> bool {
        matches!(self, Self::SelfSimilarity)
    }
}

impl FromStr for ContentMeasure {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::find("content-measure", name)
    }
}

impl FromStr for StyleMeasure {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::find("style-measure", name)
    }
}

/// Whether the gradients of layers are brought to a common size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum GradientBalance {
    /// Gradients are left as they are.
    #[default]
    Off,
    /// Each layer's gradient divided by its norm at the first step of a level.
    Frozen,
    /// Each layer's gradient divided by its norm at every step (neural-style's
    /// `-normalize_gradients`). It is not the gradient of any function: use it with Adam only.
    Running,
}

/// Which sizes a run goes through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// From an eighth of the final size, each level twice as large as the one before, most steps
    /// at small sizes: large and small pictures go through the same stages and get the same look.
    #[default]
    Octaves,
    /// From a quarter of the final size by factors of about √2, most steps at small sizes.
    Proportional,
    /// From a fixed size to the final one by factors of about √2, most steps at small sizes.
    CoarseToFine,
    /// The final size only.
    SingleLevel,
}

/// What a run starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InitialImage {
    /// The content image.
    #[default]
    Content,
    /// The content image with the mean and the covariance of the style images' colors: colors
    /// take the most steps otherwise with Gram matrices, the more the larger the picture.
    #[serde(alias = "recoloured")]
    Recolored,
    /// The content image in the style images, painted in one pass by a feed-forward network.
    Instant,
    /// Normal noise around the mean color.
    Noise,
    /// The style image, resized to the content's sides.
    Style,
    /// A picture from a file, resized to the content's sides.
    File(#[serde(with = "crate::paths")] PathBuf),
}

impl InitialImage {
    /// Whether the run starts with the forms of the content image.
    pub fn shows_content(&self) -> bool {
        matches!(self, Self::Content | Self::Recolored | Self::Instant)
    }
}

/// Whose colors the result has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum ColorMode {
    /// Those of the style image.
    #[default]
    Style,
    /// The hues of the content image in the palette of the style image: the colors of the content
    /// image with the style image's mean and covariance, within the painted contours.
    Hues,
    /// Those of the content image: only luminance is painted (Gatys et al. 2017, section 5.2).
    Luminance,
    /// Those of the content image: the style image is recolored first, by mean and covariance
    /// (Gatys et al. 2017, section 5.1).
    #[serde(alias = "recolour")]
    #[value(alias = "recolour")]
    Recolor,
}

/// How much work a run is worth: a number of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Quality {
    /// 120 steps: to see where a choice of settings leads.
    Draft,
    /// 300 steps.
    Normal,
    /// 700 steps: for a picture to hang on the wall.
    Fine,
}

impl Quality {
    /// All qualities, fewest steps first.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Normal, Self::Fine];

    /// Steps of a run over all levels: fewer where each level doubles the size.
    pub const fn steps(self, schedule: Schedule) -> u32 {
        match (schedule, self) {
            (Schedule::Octaves, Self::Draft) => 64,
            (Schedule::Octaves, Self::Normal) => 200,
            (Schedule::Octaves, Self::Fine) => 480,
            (_, Self::Draft) => 120,
            (_, Self::Normal) => 300,
            (_, Self::Fine) => 700,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        choice::Choice,
        network::{EdgePadding, Family, Normalization, Pooling, WeightsKind},
    };

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
        assert_names::<Family>();
    }
}

//! The range of each numeric setting, read by sliders, validation and command line; docs/settings.md lists them.

use crate::error::{Error, Result};

/// Inclusive range of a setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The setting's name as the command line spells it.
    pub name: &'static str,
    /// Smallest valid value.
    pub min: f64,
    /// Largest valid value.
    pub max: f64,
}

impl Range {
    const fn new(name: &'static str, min: f64, max: f64) -> Self {
        Self { name, min, max }
    }

    /// The same range under another name.
    #[must_use]
    pub const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// `value` if it lies inside.
    ///
    /// # Errors
    /// [`Error::Setting`] naming setting, value and range.
    pub fn check(self, value: f64) -> Result<()> {
        if (self.min..=self.max).contains(&value) {
            return Ok(());
        }
        Err(Error::setting(
            self.name,
            value,
            format!("give a number from {} to {}", self.min, self.max),
        ))
    }
}

/// Longest side of the result in pixels. 16 is the stride of the deepest layers.
pub const SIZE_PX: Range = Range::new("size", 16.0, 16384.0);
/// Steps of a run.
pub const STEPS: Range = Range::new("steps", 1.0, 100_000.0);
/// Weight of the content loss. Absolute scales of the field span many decades.
pub const CONTENT_WEIGHT: Range = Range::new("content-weight", 0.0, 1e12);
/// Weight of the style loss.
pub const STYLE_WEIGHT: Range = Range::new("style-weight", 0.0, 1e12);
/// Weight of total variation.
pub const TV_WEIGHT: Range = Range::new("tv-weight", 0.0, 1e12);
/// Weight of one layer among the others.
pub const LAYER_WEIGHT: Range = Range::new("layer weight", 0.0, 1e6);
/// Step size: pixel units of 0..255 for Adam, a factor on the quasi-Newton step for L-BFGS.
pub const LEARNING_RATE: Range = Range::new("learning-rate", 1e-4, 255.0);
/// Pairs of steps and gradients that L-BFGS remembers.
pub const HISTORY: Range = Range::new("history", 1.0, 200.0);
/// Decay of Adam's running mean of gradients.
pub const BETA1: Range = Range::new("beta1", 0.0, 0.9999);
/// Decay of Adam's running mean of squared gradients.
pub const BETA2: Range = Range::new("beta2", 0.0, 0.999_999);
/// Share of the learning rate that is left at the end of a level; 1 keeps it.
pub const LEARNING_RATE_END: Range = Range::new("learning-rate-end", 0.0, 1.0);
/// Power by which the hold on the content image falls as levels grow; 0 keeps it.
pub const CONTENT_FALLOFF: Range = Range::new("content-falloff", 0.0, 3.0);
/// Share of the last level's steps in which neighbors are found anew at each step.
pub const FINISHING: Range = Range::new("finishing", 0.0, 1.0);
/// How far neighbors' matches follow the picture instead of the content image.
pub const FREEDOM: Range = Range::new("freedom", 0.0, 1.0);
/// Decay of the moving average of pictures; 0 is no averaging.
pub const AVERAGING: Range = Range::new("averaging", 0.0, 0.999);
/// Size of the style image relative to the content image: the size of strokes.
pub const STYLE_SCALE: Range = Range::new("style-scale", 0.1, 4.0);
/// How far the picture is faded to the photograph.
pub const FADE: Range = Range::new("fade", 0.0, 1.0);
/// The same in percent, as people give it.
pub const FADE_PERCENT: Range = Range::new("fade", 0.0, 100.0);
/// Standard deviation of the noise that a run starts from, on the 0..255 scale.
pub const NOISE_DEVIATION: Range = Range::new("noise", 0.0, 255.0);
/// Longest side of the coarsest level; up to any size, to go on from a finished picture.
pub const COARSEST_PX: Range = Range::new("coarsest", 32.0, 16384.0);
/// Strength of one style image among several.
pub const STRENGTH: Range = Range::new("strength", 0.0, 1000.0);
/// Quality of JPEG files.
pub const JPEG_QUALITY: Range = Range::new("jpeg-quality", 1.0, 100.0);
/// Seconds between checkpoints of a run; 0 is none.
pub const CHECKPOINT_SECONDS: Range = Range::new("checkpoint-every", 0.0, 86_400.0);
/// Seconds that the film of a run lasts.
pub const FILM_SECONDS: Range = Range::new("film-seconds", 0.5, 600.0);

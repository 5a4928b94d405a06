//! The finish of a picture: what is done to the painting when a picture of it is made for files or for
//! the screen. No step depends on it, so it can change at any time, also after the last step.

use super::{ColorMode, TransferSettings, range};

impl ColorMode {
    /// Whether the choice is one of the finish. Recoloring changes the style image instead, and with
    /// it what the steps aim at.
    pub const fn is_finish(self) -> bool {
        !matches!(self, Self::Recolor)
    }
}

impl TransferSettings {
    /// Takes the finish of `wanted` over: how far the picture is faded, and its colors where both
    /// choices are ones of the finish. Answers whether that changes anything; a fade out of range
    /// does not.
    pub fn take_finish_of(&mut self, wanted: &Self) -> bool {
        let before = (self.color, self.fade);
        if range::FADE.check(wanted.fade).is_ok() {
            self.fade = wanted.fade;
        }
        if self.color.is_finish() && wanted.color.is_finish() {
            self.color = wanted.color;
        }
        before != (self.color, self.fade)
    }

    /// Whether `wanted` differs in the finish at most: every step is the same.
    pub fn has_steps_of(&self, wanted: &Self) -> bool {
        let mut finished = self.clone();
        finished.take_finish_of(wanted);
        finished == *wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(color: ColorMode, fade: f64) -> TransferSettings {
        TransferSettings {
            color,
            fade,
            ..TransferSettings::default()
        }
    }

    #[test]
    fn fade_and_live_colors_are_the_finish_and_recoloring_is_not() {
        let plain = with(ColorMode::Style, 0.0);
        for wanted in [
            with(ColorMode::Hues, 0.0),
            with(ColorMode::Luminance, 0.0),
            with(ColorMode::Style, 0.5),
        ] {
            assert!(plain.has_steps_of(&wanted) && !plain.needs_new_run(&wanted));
            let mut taken = plain.clone();
            assert!(taken.take_finish_of(&wanted) && taken == wanted);
            assert!(!taken.take_finish_of(&wanted));
        }
        let recolored = with(ColorMode::Recolor, 0.5);
        assert!(!plain.has_steps_of(&recolored) && !recolored.has_steps_of(&plain));
        let mut taken = plain.clone();
        taken.take_finish_of(&recolored);
        assert_eq!(taken, with(ColorMode::Style, 0.5));
        let mut taken = plain.clone();
        assert!(!taken.take_finish_of(&with(ColorMode::Style, 1.5)) && taken == plain);
        let heavier = TransferSettings {
            style_weight: 99.0,
            ..with(ColorMode::Hues, 0.5)
        };
        assert!(!plain.has_steps_of(&heavier));
    }
}

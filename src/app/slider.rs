//! The slider of all panels: an arrow key moves it by a hundredth of its rail, with Shift by a
//! twentieth.

use std::ops::RangeInclusive;

use eframe::egui::{Key, Response, Slider, SliderClamping, Ui};

use crate::app::widgets;

/// Share of the rail that an arrow key moves.
const STEP: f64 = 0.01;
/// The same with Shift.
const LONG_STEP: f64 = 0.05;

/// What a slider spans.
#[derive(Clone, Debug)]
pub(crate) struct Rail {
    pub(crate) span: RangeInclusive<f64>,
    /// On a logarithmic scale: the smallest value above 0 that is told from 0.
    pub(crate) logarithmic: Option<f64>,
    /// Whole numbers only.
    pub(crate) whole: bool,
    /// Whether a value outside the span stays until the slider is moved.
    pub(crate) keeps_outside: bool,
}

impl Rail {
    /// An even scale of any numbers.
    pub(crate) fn even(span: RangeInclusive<f64>) -> Self {
        Self {
            span,
            logarithmic: None,
            whole: false,
            keeps_outside: false,
        }
    }

    /// Draws it as wide as there is room.
    pub(crate) fn show(&self, ui: &mut Ui, value: &mut f64) -> Response {
        widgets::slider_look(ui);
        let before = *value;
        let clamping = if self.keeps_outside {
            SliderClamping::Never
        } else {
            SliderClamping::Edits
        };
        let mut slider = Slider::new(value, self.span.clone())
            .show_value(false)
            .clamping(clamping);
        if let Some(smallest) = self.logarithmic {
            slider = slider.logarithmic(true).smallest_positive(smallest);
        }
        if self.whole {
            slider = slider.integer();
        }
        let mut response = ui.add(slider);
        let steps = steps(ui, &response);
        if steps != 0.0 {
            *value = self.moved(before, steps);
            response.mark_changed();
        }
        response
    }

    /// The value so many shares of the rail farther.
    fn moved(&self, value: f64, share: f64) -> f64 {
        let (low, high) = (*self.span.start(), *self.span.end());
        if share > 0.0 && value >= high || share < 0.0 && value <= low {
            return value;
        }
        let moved = self.value_at((self.share_of(value) + share).clamp(0.0, 1.0));
        if !self.whole {
            return moved;
        }
        // A hundredth of a short rail is less than one.
        let least = value.round() + share.signum();
        let farther = if share > 0.0 {
            moved.round().max(least)
        } else {
            moved.round().min(least)
        };
        farther.clamp(low, high)
    }

    /// Where a value stands on the rail, 0..1.
    fn share_of(&self, value: f64) -> f64 {
        let (low, high) = (*self.span.start(), *self.span.end());
        let share = match self.log_span() {
            Some(_) if value <= 0.0 => 0.0,
            Some((low, high)) => (value.log10() - low) / (high - low),
            None => (value - low) / (high - low),
        };
        share.clamp(0.0, 1.0)
    }

    /// The value at a share of the rail.
    fn value_at(&self, share: f64) -> f64 {
        let (low, high) = (*self.span.start(), *self.span.end());
        if share <= 0.0 {
            return low;
        }
        if share >= 1.0 {
            return high;
        }
        match self.log_span() {
            Some((low, high)) => 10_f64.powf(low + share * (high - low)),
            None => low + share * (high - low),
        }
    }

    /// Logarithms of the ends.
    fn log_span(&self) -> Option<(f64, f64)> {
        let smallest = self.logarithmic?;
        let low = self.span.start().max(smallest);
        Some((low.log10(), self.span.end().log10()))
    }
}

/// By how much of the rail the keys pressed in this frame move the slider that has the focus.
fn steps(ui: &Ui, response: &Response) -> f64 {
    if !response.has_focus() || !ui.is_enabled() {
        return 0.0;
    }
    ui.input(|input| {
        let presses = |key| input.num_presses(key) as f64;
        let step = if input.modifiers.shift {
            LONG_STEP
        } else {
            STEP
        };
        step * (presses(Key::ArrowRight) - presses(Key::ArrowLeft))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }

    #[test]
    fn a_key_moves_a_hundredth_of_an_even_rail() {
        let rail = Rail::even(0.0..=200.0);
        close(rail.moved(100.0, 0.01), 102.0);
        close(rail.moved(100.0, -0.05), 90.0);
        close(rail.moved(199.5, 0.01), 200.0);
        close(rail.moved(300.0, 0.01), 300.0);
        close(rail.moved(300.0, -0.01), 198.0);
    }

    #[test]
    fn a_hundredth_of_a_logarithmic_rail_is_a_factor() {
        let rail = Rail {
            logarithmic: Some(0.01),
            ..Rail::even(0.0..=100.0)
        };
        close(rail.moved(1.0, 0.25), 10.0);
        close(rail.moved(0.0, 0.25), 0.1);
        close(rail.moved(0.01, -0.01), 0.0);
        close(rail.moved(99.9, 0.01), 100.0);
    }

    #[test]
    fn whole_numbers_move_by_one_at_least() {
        let rail = Rail {
            whole: true,
            ..Rail::even(1.0..=10.0)
        };
        close(rail.moved(3.0, 0.01), 4.0);
        close(rail.moved(3.0, -0.01), 2.0);
        close(rail.moved(10.0, 0.01), 10.0);
    }
}

//! How much the style loss counts, by how much of the style is still to be reached: relative scale
//! only.
//!
//! With fixed weights the same dial gives pictures of different strength: a flat poster is harder
//! to reach at a large size than at a small one, brush strokes are easier, and the optimum moves.
//! So the style weight w multiplies not the style loss s itself (the weighted mean over layers and
//! measures, each relative to the content image's) but
//!
//! `L(s) = ∫ clamp((t / u)², 1 / B, B) dt` from 0 to s,
//!
//! where u is what is usually left of the style at this dial ([`Steering::new`]). Where more is
//! left than usual the style pulls harder than w, where less is left more gently. L grows with s
//! and is convex, so a fixed function is still minimized; its slope stays within a factor B of the
//! plain loss.
//!
//! Differs from Gatys et al. 2015 and everything built on it, where L(s) = s.

use crate::settings::StyleMeasure;

/// B: how much stronger or weaker the style may pull than its weight says. Beyond 3 the first
/// steps of a level, where much is left, take more of the content than the others bring back.
const MOST: f64 = 2.5;

/// Ratio of the two weights at which a measure's `usually_left` was found: for Gram and covariance
/// together about the middle of ten pairs of pictures at 256 and 768 px, for the others from one
/// pair, in proportion.
const RATIO: f64 = 8.0;

/// What is left falls with this power of the ratio of weights: measured from 3 to 30.
const FALL: f64 = 0.35;

/// The law for one set of weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Steering {
    /// u in the formula.
    usual: f64,
}

impl Steering {
    /// From the content weight in all and each style term's measure and weight. None where either
    /// side has no weight: there is nothing to be weighed then.
    pub(super) fn new(
        content: f64,
        style: impl IntoIterator<Item = (StyleMeasure, f64)>,
    ) -> Option<Self> {
        let (mut sum, mut left) = (0.0, 0.0);
        for (measure, weight) in style {
            sum += weight;
            left += weight * measure.description().usually_left;
        }
        let usual = left / sum * (sum / content / RATIO).powf(-FALL);
        (usual.is_finite() && usual > 0.0).then_some(Self { usual })
    }

    /// dL/ds at `style`, within 1/[`MOST`]..[`MOST`].
    pub(super) fn pull(self, style: f64) -> f64 {
        (style / self.usual).powi(2).clamp(1.0 / MOST, MOST)
    }

    /// L at `style`, 0 or more.
    pub(super) fn loss(self, style: f64) -> f64 {
        // The style losses between which the slope is not held.
        let (low, high) = (self.usual / MOST.sqrt(), self.usual * MOST.sqrt());
        let between = style.clamp(low, high);
        style.min(low) / MOST
            + (between.powi(3) - low.powi(3)) / (3.0 * self.usual.powi(2))
            + (style - high).max(0.0) * MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steering(content: f64, style: f64) -> Option<Steering> {
        Steering::new(content, [(StyleMeasure::Gram, style)])
    }

    #[test]
    fn the_pull_is_the_slope_of_the_loss() {
        let steering = steering(1.0, 8.0).unwrap();
        for style in [0.001, 0.02, 0.04, 0.05, 0.06, 0.07, 0.5, 3.0] {
            let by = 1e-6;
            let slope = (steering.loss(style + by) - steering.loss(style - by)) / (2.0 * by);
            let pull = steering.pull(style);
            assert!((slope - pull).abs() < 1e-4, "{style}: {slope} {pull}");
        }
        assert_eq!(steering.loss(0.0), 0.0);
    }

    #[test]
    fn more_pulls_harder_within_bounds() {
        let steering = steering(1.0, 8.0).unwrap();
        let pulls = [0.0, 0.04, 0.05, 0.06, 1.0].map(|style| steering.pull(style));
        assert!(pulls.is_sorted(), "{pulls:?}");
        assert_eq!((pulls[0], pulls[4]), (0.4, 2.5));
        assert!((pulls[2] - 1.0).abs() < 1e-9);
        assert!(0.4 < pulls[1] && pulls[3] < 2.5);
    }

    #[test]
    fn a_dial_turned_to_style_expects_less_to_be_left() {
        let usual = |style| steering(1.0, style).unwrap().usual;
        assert!(usual(3.2) > 1.2 * usual(8.0) && usual(8.0) > 1.2 * usual(32.0));
        // Only the ratio counts.
        assert_eq!(steering(2.0, 16.0), steering(1.0, 8.0));
        let terms = [(StyleMeasure::Gram, 4.0), (StyleMeasure::Patches, 4.0)];
        let mixed = Steering::new(1.0, terms).unwrap();
        assert!((mixed.usual - 0.175).abs() < 1e-9, "{mixed:?}");
    }

    #[test]
    fn one_side_alone_is_not_steered() {
        assert_eq!(steering(0.0, 8.0), None);
        assert_eq!(steering(1.0, 0.0), None);
        assert_eq!(Steering::new(1.0, []), None);
    }
}

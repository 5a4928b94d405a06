//! Changes of settings that bring others along: the dial, the optimizer, and what a run that is
//! under way takes over.

use std::collections::BTreeMap;

use super::{LossScale, OptimizerKind, StyleMeasure, TransferSettings};

/// The dial's range: the style's weight grows ten thousandfold. With three decades, the left end
/// was a painting already and the right one still a portrait.
const DIAL_DECADES: f64 = 4.0;
/// Style to content weight in the dial's middle on the absolute scale: near the weights of papers.
const ABSOLUTE_MIDDLE: f64 = 160.0;

/// Freedom of matches in the dial's middle and at its right end. Between, it grows by a power:
/// without any of it even flat areas keep the photograph's shading, and beyond a half of it forms
/// dissolve.
pub(super) const MIDDLE_FREEDOM: f64 = 0.25;
const MOST_FREEDOM: f64 = 0.9;

impl TransferSettings {
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

    /// Compares style by these measures, with the dial where it is: on the relative scale the
    /// style weight follows, for a measure pulls more or less at the same weight.
    pub fn set_style_measures(&mut self, measures: BTreeMap<StyleMeasure, f64>) {
        let before = self.dial_start();
        self.style_measures = measures;
        self.style_weight *= self.dial_start() / before;
    }

    /// The dial from content (0) to style (1): the ratio of the two weights on a logarithmic scale,
    /// four decades of it.
    pub fn dial(&self) -> f64 {
        let ratio = self.style_weight / self.content_weight / self.dial_start();
        if ratio.is_nan() {
            return 0.5;
        }
        (ratio.max(1e-9).log10() / DIAL_DECADES).clamp(0.0, 1.0)
    }

    /// Sets the weights from the dial: on the relative scale both, content to 1, on the absolute
    /// one that of style. Neighbors' matches are given their freedom with it.
    pub fn set_dial(&mut self, dial: f64) {
        if self.loss_scale == LossScale::Relative {
            self.content_weight = 1.0;
        }
        let dial = dial.clamp(0.0, 1.0);
        let ratio = 10_f64.powf(DIAL_DECADES * dial);
        self.style_weight = self.content_weight * self.dial_start() * ratio;
        let power = (MOST_FREEDOM / MIDDLE_FREEDOM).log2();
        self.freedom = MIDDLE_FREEDOM * (2.0 * dial).powf(power);
    }

    /// Style to content weight at the dial's left end.
    fn dial_start(&self) -> f64 {
        let middle = match self.loss_scale {
            LossScale::Relative => self.dial_middle(),
            LossScale::Absolute => ABSOLUTE_MIDDLE,
        };
        middle / 10_f64.powf(DIAL_DECADES / 2.0)
    }

    /// Style weight in the dial's middle: that of the measure that weighs most.
    fn dial_middle(&self) -> f64 {
        let measures = self.style_measures.iter();
        let heaviest = measures.max_by(|a, b| a.1.total_cmp(b.1));
        let (measure, _) = heaviest.unwrap_or((&StyleMeasure::Neighbors, &1.0));
        measure.description().dial_middle
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Network, Normalization};

    #[test]
    fn another_kind_of_optimizer_brings_its_usual_numbers_along() {
        let mut settings = TransferSettings::default();
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
    fn another_measure_keeps_the_dial_where_it_is() {
        let mut settings = TransferSettings::default();
        settings.set_dial(0.7);
        let neighbors = settings.style_weight;
        settings.set_style_measures(BTreeMap::from([(StyleMeasure::Wasserstein, 1.0)]));
        assert!((settings.dial() - 0.7).abs() < 1e-9);
        assert!(settings.style_weight < 0.5 * neighbors);
        settings.loss_scale = LossScale::Absolute;
        let weight = settings.style_weight;
        settings.set_style_measures(BTreeMap::from([(StyleMeasure::Gram, 1.0)]));
        assert_eq!(
            settings.style_weight, weight,
            "absolute weights are papers' own"
        );
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
                LossScale::Relative => (1.0, 16.0),
                LossScale::Absolute => (5.0, 800.0),
            };
            let weights = (settings.content_weight, settings.style_weight);
            assert!((weights.1 / expected.1 - 1.0).abs() < 1e-3 && weights.0 == expected.0);
            assert_eq!(settings.freedom, MIDDLE_FREEDOM);
            settings.set_dial(1.0);
            assert!((settings.freedom - MOST_FREEDOM).abs() < 1e-9);
            settings.set_dial(0.0);
            assert_eq!(settings.freedom, 0.0);
        }
    }
}

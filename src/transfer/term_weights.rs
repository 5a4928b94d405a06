//! The weight of every term that settings ask for.

use std::collections::BTreeMap;

use super::term::{TermKey, TermKind};
use crate::{
    network::Layer,
    settings::{ContentMeasure, LayerWeights, LossScale, StyleMeasure, TransferSettings},
};

/// What settings ask for.
#[derive(Default)]
pub(super) struct Weights {
    /// Terms at one layer each.
    pub(super) terms: BTreeMap<TermKey, f64>,
    /// The pixels' Laplacian.
    pub(super) laplacian: f64,
    /// Nearest neighbors over all layers of style.
    pub(super) neighbors: f64,
}

/// The weight of everything that `settings` ask for. In the relative scale layers and measures share
/// a weight of 1, so that more of them do not mean more style.
pub(super) fn weights(settings: &TransferSettings) -> Weights {
    let share = |weight: f64, sum: f64| match settings.loss_scale {
        LossScale::Absolute => weight,
        LossScale::Relative if sum > 0.0 => weight / sum,
        LossScale::Relative => 0.0,
    };
    let mut out = Weights::default();
    let mut add = |total: f64, layers: &LayerWeights, kind: TermKind| {
        let layers = suited(layers, kind);
        let sum = layers.iter().map(|(_, weight)| weight).sum();
        for (layer, weight) in layers {
            let weight = total * share(weight, sum);
            if weight > 0.0 {
                out.terms.insert(TermKey { layer, kind }, weight);
            }
        }
    };
    let (mut laplacian, mut neighbors) = (0.0, 0.0);
    let sum = settings.content_measures.values().sum();
    for (&kind, &weight) in &settings.content_measures {
        let weight = settings.content_weight * share(weight, sum);
        match kind {
            ContentMeasure::Laplacian => laplacian = weight,
            _ => add(weight, &settings.content_layers, TermKind::Content(kind)),
        }
    }
    let sum = settings.style_measures.values().sum();
    for (&kind, &weight) in &settings.style_measures {
        let weight = settings.style_weight * share(weight, sum);
        match kind {
            StyleMeasure::Neighbors if settings.style_layers.active().next().is_none() => {}
            StyleMeasure::Neighbors => neighbors = weight,
            _ => add(weight, &settings.style_layers, TermKind::Style(kind)),
        }
    }
    Weights {
        laplacian,
        neighbors,
        ..out
    }
}

/// The layers with a weight that a measure looks at: all of them, but those that are too shallow
/// for it only where there are no deeper ones.
pub(super) fn suited(layers: &LayerWeights, kind: TermKind) -> Vec<(Layer, f64)> {
    let mut suited: Vec<_> = layers.active().collect();
    if let TermKind::Style(measure) = kind {
        let shallowest = measure.description().shallowest_block;
        let deep = |layer: Layer| layer.block() >= shallowest;
        if suited.iter().any(|&(layer, _)| deep(layer)) {
            suited.retain(|&(layer, _)| deep(layer));
        }
    }
    suited
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Layers that a style measure looks at, and what their weights add up to.
    fn looked_at(settings: &TransferSettings, measure: StyleMeasure) -> (Vec<Layer>, f64) {
        let weights = weights(settings).terms;
        let of = weights
            .iter()
            .filter(|(key, _)| key.kind == TermKind::Style(measure));
        let layers = of.clone().map(|(key, _)| key.layer).collect();
        (layers, of.map(|(_, weight)| weight).sum())
    }

    #[test]
    fn patches_leave_out_shallow_layers_and_keep_their_weight() {
        let mut settings = TransferSettings {
            style_weight: 6.0,
            style_measures: BTreeMap::from([
                (StyleMeasure::Patches, 1.0),
                (StyleMeasure::Gram, 1.0),
            ]),
            style_layers: LayerWeights::equal(
                &[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)].map(|(b, i)| Layer::new(b, i)),
            ),
            ..TransferSettings::default()
        };
        let chosen: Vec<_> = settings.style_layers.active().map(|(l, _)| l).collect();
        let (layers, sum) = looked_at(&settings, StyleMeasure::Patches);
        assert_eq!(
            layers,
            [(3, 1), (4, 1), (5, 1)].map(|(b, i)| Layer::new(b, i))
        );
        assert!((sum - 3.0).abs() < 1e-9, "{sum}");
        assert_eq!(looked_at(&settings, StyleMeasure::Gram).0, chosen);

        settings.style_layers = LayerWeights::equal(&[Layer::new(1, 2), Layer::new(2, 1)]);
        let (layers, sum) = looked_at(&settings, StyleMeasure::Patches);
        assert_eq!(layers, [Layer::new(1, 2), Layer::new(2, 1)]);
        assert!((sum - 3.0).abs() < 1e-9, "{sum}");
    }
}

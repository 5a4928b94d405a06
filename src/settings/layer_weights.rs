//! A set of layers, each with a weight: `{ relu1_1 = 1.0, relu2_1 = 0.5 }`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::network::Layer;

/// Layers in the network's order with their weights (0 or more; a layer of weight 0 is off but
/// keeps its place in the list).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LayerWeights(BTreeMap<Layer, f64>);

impl LayerWeights {
    /// The given layers, all with weight 1.
    pub fn equal(layers: &[Layer]) -> Self {
        layers.iter().map(|&layer| (layer, 1.0)).collect()
    }

    /// Layers that take part: those of positive weight, in the network's order.
    pub fn active(&self) -> impl Iterator<Item = (Layer, f64)> + '_ {
        self.iter().filter(|&(_, weight)| weight > 0.0)
    }

    /// All layers with their weights, those of weight 0 included.
    pub fn iter(&self) -> impl Iterator<Item = (Layer, f64)> + '_ {
        self.0.iter().map(|(&layer, &weight)| (layer, weight))
    }

    /// The weight of a layer; 0 when it is not in the set.
    pub fn get(&self, layer: Layer) -> f64 {
        self.0.get(&layer).copied().unwrap_or(0.0)
    }

    /// Sets the weight of a layer.
    pub fn set(&mut self, layer: Layer, weight: f64) {
        self.0.insert(layer, weight);
    }

    /// Takes a layer out.
    pub fn remove(&mut self, layer: Layer) {
        self.0.remove(&layer);
    }
}

impl FromIterator<(Layer, f64)> for LayerWeights {
    fn from_iter<I: IntoIterator<Item = (Layer, f64)>>(layers: I) -> Self {
        Self(layers.into_iter().collect())
    }
}

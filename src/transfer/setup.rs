//! What settings mean for network and optimizer.

use crate::{
    optim::{Optimizer, OptimizerSettings},
    settings::TransferSettings,
    vgg::Topology,
};

/// How the network halves its maps and what it sees beyond the edge.
pub(super) fn topology(settings: &TransferSettings) -> Topology {
    Topology {
        pooling: settings.pooling,
        edge_padding: settings.edge_padding,
    }
}

/// The optimizer that the settings ask for; `mean` is the color (R, G, B, 0..255) that the network's
/// pixel space is zero at.
pub(super) fn optimizer(settings: &TransferSettings, mean: [f32; 3]) -> Box<dyn Optimizer> {
    let bounds = mean.map(|mean| (-mean, 255.0 - mean));
    (settings.optimizer.description().make)(OptimizerSettings {
        learning_rate: settings.learning_rate,
        beta1: settings.beta1,
        beta2: settings.beta2,
        history: settings.history as usize,
        clamp: settings.clamp_pixels.then_some(bounds),
    })
}

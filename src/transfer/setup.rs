//! What settings mean for network and optimizer.

use super::frame::Frame;
use crate::{
    network::EdgePadding,
    optim::{Optimizer, OptimizerSettings},
    settings::TransferSettings,
    vgg::Topology,
};

/// How the network halves its maps and what it sees beyond the edge.
pub(super) fn topology(settings: &TransferSettings) -> Topology {
    Topology {
        pooling: settings.pooling,
        edge_padding: match settings.edge_padding {
            EdgePadding::Zero => EdgePadding::Zero,
            // The frame's own edge is cut off; repeating it keeps its layers calmer than zeros.
            EdgePadding::Replicate | EdgePadding::Mirror => EdgePadding::Replicate,
        },
    }
}

/// Pixels on each side of a mirrored frame: as much as the layers before the second pooling see
/// beyond the edge. At 512 px they cost about 8 % of a step.
const FRAME_PX: usize = 8;

/// What is mirrored around the picture before the network sees it.
pub(super) fn frame(settings: &TransferSettings) -> Frame {
    Frame(match settings.edge_padding {
        EdgePadding::Mirror => FRAME_PX,
        EdgePadding::Zero | EdgePadding::Replicate => 0,
    })
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

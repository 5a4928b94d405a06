//! How long the parts of a pass take.

use std::time::Instant;

use crate::network::Layer;

/// Which part of a step a time belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The convolution with all that is fused into it.
    Forward,
    /// Its gradient.
    Reverse,
    /// The gradient of the losses at a tap.
    TapGradient,
}

/// How long a part of the last forward or reverse pass took.
#[derive(Clone, Copy, Debug)]
pub struct LayerTime {
    /// The layer.
    pub layer: Layer,
    /// What was done.
    pub stage: Stage,
    /// By the clock.
    pub secs: f64,
}

/// Notes the time since `clock`, if times are asked for.
pub(super) fn note(times: &mut Option<Vec<LayerTime>>, layer: Layer, stage: Stage, clock: Instant) {
    if let Some(times) = times {
        times.push(LayerTime {
            layer,
            stage,
            secs: clock.elapsed().as_secs_f64(),
        });
    }
}

//! The reverse pass: the gradient of the losses with respect to the picture.

use std::time::Instant;

use super::{
    FastEngine, ready, taps,
    times::{Stage, note},
};
use crate::{
    error::{Error, Result},
    features::FeatureGradient,
    kernels::{
        moments::{TapGradient, replace_by_gradient},
        pooling::add_unpooled,
        winograd::{Source, Target, convolve},
    },
    network::{Layer, Pooling},
};

impl FastEngine {
    /// Puts the gradients at the taps into the place of the feature maps there. Returns which
    /// layers have one.
    pub(super) fn place_gradients(
        &mut self,
        gradients: &[(Layer, FeatureGradient)],
    ) -> Result<Vec<bool>> {
        let mut sums: Vec<Option<FeatureGradient>> = vec![None; self.layers.len()];
        for (layer, gradient) in gradients {
            let (position, _) = self.tapped(*layer)?;
            match &mut sums[position] {
                Some(sum) => sum.add(gradient.clone())?,
                empty => *empty = Some(gradient.clone()),
            }
        }
        for (state, sum) in self.layers.iter_mut().zip(&sums) {
            let Some(sum) = sum else { continue };
            let clock = Instant::now();
            taps::check_shapes(state.layer, state.map.len(), sum)?;
            let values = taps::GradientValues::new(sum)?;
            replace_by_gradient(
                &mut state.map,
                state.layer.channels(),
                TapGradient {
                    second: values.second.as_deref(),
                    energy: values.energy.as_deref(),
                    mean: values.mean.as_deref(),
                    map: values.map.as_deref(),
                    rows: &values.rows,
                },
                self.isa,
            )?;
            note(&mut self.times, state.layer, Stage::TapGradient, clock);
        }
        Ok(sums.iter().map(Option::is_some).collect())
    }

    /// The gradient `[3, H, W]` of the picture, from those that were placed.
    pub(super) fn run_reverse(&mut self, has_gradient: &[bool]) -> Result<Vec<f32>> {
        let Some(pass) = &self.pass else {
            return Err(Error::Internal(
                "a reverse pass without a forward pass".to_owned(),
            ));
        };
        let Some(deepest) = has_gradient.iter().rposition(|&has| has) else {
            return Err(Error::Internal(
                "a reverse pass without a gradient".to_owned(),
            ));
        };
        let isa = self.isa;
        let scale = match pass.topology.pooling {
            Pooling::Max => 1.0,
            Pooling::Average => 0.25,
        };
        // Whether a layer's gradient is in its map or in `between[index % 2]`.
        let in_map = |index: usize| pass.tapped[index];
        for index in (1..=deepest).rev() {
            let clock = Instant::now();
            let side = pass.sides[index];
            let area = side.0 * side.1;
            let (before, rest) = self.layers.split_at_mut(index);
            let state = &mut rest[0];
            let below = &mut before[index - 1];
            let channels = state.layer.channels();
            let (inputs, below_pools) = (
                below.layer.channels(),
                self.network.pools_after(below.layer),
            );
            let [even, odd] = &mut self.between;
            let (mine, other) = if index.is_multiple_of(2) {
                (even, odd)
            } else {
                (odd, even)
            };
            let pools = index < deepest && self.network.pools_after(state.layer);
            let pooled_length = channels * (side.0 / 2) * (side.1 / 2);
            if pools && in_map(index) {
                if !has_gradient[index] {
                    state.map.fill(0.0);
                }
                let pooled = &mine[..pooled_length];
                add_unpooled(&mut state.map, side, pooled, &state.mask, scale);
            }
            let source = if in_map(index) {
                Source::Plain(&state.map)
            } else if pools {
                Source::Unpooled {
                    pooled: &mine[..pooled_length],
                    mask: &state.mask,
                    scale,
                }
            } else {
                Source::Plain(&mine[..channels * area])
            };
            // Through pooling the mask comes later, with the unpooling.
            let target = if below_pools {
                Target::Reverse {
                    out: &mut other[..inputs * area],
                    mask: None,
                    add: false,
                }
            } else {
                let out = if pass.tapped[index - 1] {
                    &mut below.map[..]
                } else {
                    &mut other[..inputs * area]
                };
                Target::Reverse {
                    out,
                    mask: Some(&below.mask),
                    add: has_gradient[index - 1],
                }
            };
            let [_, packed] = ready(state.packed.as_ref())?;
            convolve(packed, source, side, target, &mut self.shared, isa)?;
            note(&mut self.times, state.layer, Stage::Reverse, clock);
        }
        let clock = Instant::now();
        let side = pass.sides[0];
        let state = &self.layers[0];
        let gradient = if in_map(0) {
            &state.map[..]
        } else {
            &self.between[0][..state.layer.channels() * side.0 * side.1]
        };
        let edge = pass.topology.edge_padding;
        let picture = self
            .first
            .reverse(gradient, side, edge, &mut self.padded, isa)?;
        note(&mut self.times, state.layer, Stage::Reverse, clock);
        Ok(picture)
    }
}

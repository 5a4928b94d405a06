//! The forward pass: what it needs, and the convolutions one by one.

use std::time::Instant;

use super::{
    FastEngine, Pass, ready,
    times::{Stage, note},
};
use crate::{
    error::Result,
    kernels::{
        BLOCK,
        winograd::{Direction, Packed, Source, Target, Tile, convolve},
    },
    network::Layer,
    vgg::{Topology, VggImage},
};

impl FastEngine {
    /// Plans a pass and makes room for it.
    pub(super) fn prepare(
        &mut self,
        image: VggImage<'_>,
        taps: &[Layer],
        topology: Topology,
    ) -> Result<()> {
        image.check(taps)?;
        let positions = taps.iter().map(|&layer| self.position(layer));
        let positions = positions.collect::<Result<Vec<_>>>()?;
        let count = positions.iter().max().map_or(0, |last| last + 1);
        let mut sides = Vec::new();
        let mut side = (image.height, image.width);
        let mut between = [0; 2];
        let mut tapped = Vec::new();
        for (index, state) in self.layers[..count].iter_mut().enumerate() {
            let channels = state.layer.channels();
            let area = side.0 * side.1;
            sides.push(side);
            tapped.push(positions.contains(&index));
            let pooled = index + 1 < count && self.network.pools_after(state.layer);
            state
                .map
                .resize(if tapped[index] { channels * area } else { 0 })?;
            state.mask.resize(channels / BLOCK * area, 0);
            if pooled {
                side = (side.0 / 2, side.1 / 2);
            }
            if pooled || !tapped[index] {
                let length = channels * side.0 * side.1;
                between[index % 2] = length.max(between[index % 2]);
            }
        }
        for (buffer, length) in self.between.iter_mut().zip(between) {
            buffer.resize(length)?;
        }
        for state in &mut self.layers[count..] {
            state.map.resize(0)?;
            state.mask = Vec::new();
        }
        self.pack(&sides)?;
        self.pass = Some(Pass {
            topology,
            sides,
            tapped,
            readable: true,
        });
        Ok(())
    }

    /// Transforms the weights of all layers that need it.
    fn pack(&mut self, sides: &[(usize, usize)]) -> Result<()> {
        let Self {
            pool,
            layers,
            weights,
            isa,
            ..
        } = self;
        pool.install(|| {
            for (index, &(height, width)) in sides.iter().enumerate().skip(1) {
                let tile = Tile::for_size(height, width);
                let packed = &mut layers[index].packed;
                if packed.as_ref().is_some_and(|[p, _]| p.tile() == tile) {
                    continue;
                }
                // The old ones go first: they may be as large.
                *packed = None;
                let stored = &weights[index];
                let (channels, weight) = ((stored.outputs, stored.inputs), stored.weight());
                let pack = |direction| Packed::new(&weight, channels, tile, direction, *isa);
                *packed = Some([pack(Direction::Forward)?, pack(Direction::Reverse)?]);
            }
            Ok(())
        })
    }

    /// Computes the feature maps of the pass that was prepared.
    pub(super) fn run_forward(&mut self, image: VggImage<'_>) -> Result<()> {
        let Some(pass) = &self.pass else {
            return Ok(());
        };
        let isa = self.isa;
        for index in 0..pass.sides.len() {
            let clock = Instant::now();
            let side = pass.sides[index];
            let area = side.0 * side.1;
            let (before, rest) = self.layers.split_at_mut(index);
            let state = &mut rest[0];
            let channels = state.layer.channels();
            let pools = index + 1 < pass.sides.len() && self.network.pools_after(state.layer);
            let [even, odd] = &mut self.between;
            let (mine, other) = if index.is_multiple_of(2) {
                (even, odd)
            } else {
                (odd, even)
            };
            let tapped = pass.tapped[index];
            if index == 0 {
                let activation = if tapped { &mut state.map } else { mine };
                let activation = &mut activation[..channels * area];
                self.first.forward(
                    image.data,
                    side,
                    pass.topology.edge_padding,
                    &mut self.padded,
                    (activation, &mut state.mask),
                    isa,
                )?;
            } else {
                let inputs = before[index - 1].layer.channels();
                // A map that was pooled is smaller, and never the tapped one.
                let direct = pass.tapped[index - 1] && pass.sides[index - 1] == side;
                let input = if direct && !self.network.pools_after(before[index - 1].layer) {
                    &before[index - 1].map[..]
                } else {
                    &other[..inputs * area]
                };
                let (pooled, between) = if pools {
                    let length = channels * (side.0 / 2) * (side.1 / 2);
                    let pooled = (&mut mine[..length], pass.topology.pooling);
                    (Some(pooled), None)
                } else {
                    (None, (!tapped).then(|| &mut mine[..channels * area]))
                };
                let activation = if tapped {
                    Some(&mut state.map[..])
                } else {
                    between
                };
                let target = Target::Forward {
                    bias: &self.weights[index].bias,
                    activation,
                    mask: Some(&mut state.mask),
                    pooled,
                };
                let [packed, _] = ready(state.packed.as_ref())?;
                convolve(
                    packed,
                    Source::Plain(input),
                    side,
                    target,
                    &mut self.shared,
                    isa,
                )?;
            }
            note(&mut self.times, state.layer, Stage::Forward, clock);
        }
        Ok(())
    }
}

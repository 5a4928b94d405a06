//! The network on the processor, at several times the speed of a general tensor library.
//!
//! Feature maps live in the blocked layout of [`crate::kernels`]; only tapped ones are kept, and
//! for all others one bit per value. Between taps the maps go back and forth between two
//! buffers. In the reverse pass the gradient at a tap takes the place of the feature map, so the
//! taps of a forward pass can be read until [`reverse`](Engine::reverse), not after it.
//!
//! Weights are transformed on first use, for the tile size that suits the picture at hand. All
//! work runs on the engine's thread pool ([`super::threads`]).

mod arithmetic;
mod memory;
mod taps;
#[cfg(test)]
mod tests;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use candle_core::Device;

use self::taps::FastFeatures;
pub use self::{arithmetic::convolution_gflop, memory::peak_memory_bytes};
use super::{Engine, Topology, VggImage, no_layer, threads, weights::Weights};
use crate::{
    error::{Error, Result},
    features::{FeatureGradient, Features},
    kernels::{
        BLOCK, Buffer, Isa,
        first::First,
        keep_freed_memory,
        moments::{TapGradient, replace_by_gradient},
        peak_gflops,
        pooling::add_unpooled,
        winograd::{Direction, Packed, Source, Target, Tile, convolve},
    },
    network::{Layer, Network, Pooling},
};

/// See the module's head.
pub struct FastEngine {
    pool: Arc<rayon::ThreadPool>,
    isa: Isa,
    device: Device,
    network: Network,
    weights: Arc<Weights>,
    layers: Vec<LayerState>,
    first: First,
    /// Maps between taps, forward and reverse.
    between: [Buffer; 2],
    /// Transformed tiles that all tasks share.
    shared: Buffer,
    /// The picture with its border, and its gradient.
    padded: Buffer,
    pass: Option<Pass>,
    times: Option<Vec<LayerTime>>,
}

/// The instruction set that this engine runs on here: "portable", "avx2", "avx512".
pub fn instruction_set() -> String {
    Isa::detect().to_string()
}

/// What the engine holds for a layer.
struct LayerState {
    layer: Layer,
    /// Forward and reverse weights for one tile size.
    packed: Option<[Packed; 2]>,
    /// The feature map if tapped, later the gradient there.
    map: Buffer,
    /// One bit per value: see [`Target::Forward`].
    mask: Vec<u16>,
}

/// The forward pass that the buffers hold.
struct Pass {
    topology: Topology,
    /// Sides of the feature map at each layer, as far as the pass went.
    sides: Vec<(usize, usize)>,
    tapped: Vec<bool>,
    /// Whether the taps are still there.
    readable: bool,
}

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

impl FastEngine {
    /// An engine with its own pool of `threads` threads (by default, one for each core).
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn new(weights: &Arc<Weights>, threads: Option<usize>) -> Result<Self> {
        Ok(Self::on(weights, threads::pool(threads)?))
    }

    /// An engine that computes on `pool`.
    pub fn on(weights: &Arc<Weights>, pool: Arc<rayon::ThreadPool>) -> Self {
        keep_freed_memory();
        let first = &weights.convolutions[0];
        let layers = weights.convolutions.iter().map(|convolution| LayerState {
            layer: convolution.layer,
            packed: None,
            map: Buffer::empty(),
            mask: Vec::new(),
        });
        Self {
            pool,
            isa: Isa::detect(),
            device: Device::Cpu,
            network: weights.network,
            layers: layers.collect(),
            first: First::new(&first.weight, &first.bias),
            weights: Arc::clone(weights),
            between: [Buffer::empty(), Buffer::empty()],
            shared: Buffer::empty(),
            padded: Buffer::empty(),
            pass: None,
            times: None,
        }
    }

    /// The thread pool that the engine computes on, for other work of the same step.
    pub fn pool(&self) -> &rayon::ThreadPool {
        &self.pool
    }

    /// The instruction set in use.
    pub fn isa(&self) -> Isa {
        self.isa
    }

    /// What one thread could do at most, in multiply-adds in registers: GFLOP/s, measured for a
    /// moment.
    pub fn peak_gflops(&self) -> f64 {
        peak_gflops(self.isa, Duration::from_millis(200))
    }

    /// Forces an instruction set, one of [`Isa::available`].
    #[must_use]
    pub fn with_isa(mut self, isa: Isa) -> Self {
        self.isa = isa;
        self
    }

    /// Starts to measure every layer; [`take_times`](Self::take_times) hands the times out.
    pub fn measure_times(&mut self) {
        self.times = Some(Vec::new());
    }

    /// The times measured since the last call, in the order of the work.
    pub fn take_times(&mut self) -> Vec<LayerTime> {
        self.times.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Runs `work` on the engine's threads.
    fn on_pool<T: Send>(&mut self, work: impl FnOnce(&mut Self) -> T + Send) -> T {
        // The pool cannot be borrowed from the engine that the work borrows.
        let pool = Arc::clone(&self.pool);
        pool.install(|| work(self))
    }

    fn position(&self, layer: Layer) -> Result<usize> {
        let found = self.layers.iter().position(|state| state.layer == layer);
        found.ok_or_else(|| {
            let deepest = self.layers.last().map(|state| state.layer);
            no_layer(self.network, deepest, layer)
        })
    }

    /// Position of a tapped layer of the current pass.
    fn tapped(&self, layer: Layer) -> Result<(usize, &Pass)> {
        let position = self.position(layer)?;
        self.pass
            .as_ref()
            .filter(|pass| pass.readable && pass.tapped.get(position) == Some(&true))
            .map(|pass| (position, pass))
            .ok_or_else(|| Error::Internal(format!("{layer} was not tapped in the forward pass")))
    }

    /// Plans a pass and makes room for it.
    fn prepare(&mut self, image: VggImage<'_>, taps: &[Layer], topology: Topology) -> Result<()> {
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
                let convolution = &weights.convolutions[index];
                let channels = (convolution.outputs, convolution.inputs);
                let pack =
                    |direction| Packed::new(&convolution.weight, channels, tile, direction, *isa);
                *packed = Some([pack(Direction::Forward)?, pack(Direction::Reverse)?]);
            }
            Ok(())
        })
    }

    fn run_forward(&mut self, image: VggImage<'_>) -> Result<()> {
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
                    bias: &self.weights.convolutions[index].bias,
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

    /// Puts the gradients at the taps into the place of the feature maps there. Returns which
    /// layers have one.
    fn place_gradients(&mut self, gradients: &[(Layer, FeatureGradient)]) -> Result<Vec<bool>> {
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
                    mean: values.mean.as_deref(),
                    map: values.map.as_deref(),
                },
                self.isa,
            )?;
            note(&mut self.times, state.layer, Stage::TapGradient, clock);
        }
        Ok(sums.iter().map(Option::is_some).collect())
    }

    fn run_reverse(&mut self, has_gradient: &[bool]) -> Result<Vec<f32>> {
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

fn ready(packed: Option<&[Packed; 2]>) -> Result<&[Packed; 2]> {
    packed.ok_or_else(|| Error::Internal("weights were not packed".to_owned()))
}

fn note(times: &mut Option<Vec<LayerTime>>, layer: Layer, stage: Stage, clock: Instant) {
    if let Some(times) = times {
        times.push(LayerTime {
            layer,
            stage,
            secs: clock.elapsed().as_secs_f64(),
        });
    }
}

impl Engine for FastEngine {
    fn device(&self) -> &Device {
        &self.device
    }

    fn forward(&mut self, image: VggImage<'_>, taps: &[Layer], topology: Topology) -> Result<()> {
        self.pass = None;
        self.prepare(image, taps, topology)?;
        self.on_pool(|engine| engine.run_forward(image))
    }

    fn tap(&self, layer: Layer) -> Result<Box<dyn Features + '_>> {
        let (position, pass) = self.tapped(layer)?;
        Ok(Box::new(FastFeatures {
            map: &self.layers[position].map,
            channels: layer.channels(),
            sides: pass.sides[position],
            pool: &self.pool,
            isa: self.isa,
        }))
    }

    fn reverse(&mut self, gradients: &[(Layer, FeatureGradient)]) -> Result<Vec<f32>> {
        self.on_pool(|engine| {
            let has_gradient = engine.place_gradients(gradients)?;
            if let Some(pass) = &mut engine.pass {
                pass.readable = false;
            }
            engine.run_reverse(&has_gradient)
        })
    }
}

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
mod forward;
mod memory;
mod reverse;
mod stored;
mod taps;
#[cfg(test)]
mod tests;
mod times;

use std::{sync::Arc, time::Duration};

use candle_core::Device;

pub use self::{
    arithmetic::convolution_gflop,
    memory::peak_memory_bytes,
    times::{LayerTime, Stage},
};
use self::{stored::Stored, taps::FastFeatures};
use super::{Engine, Topology, VggImage, no_layer, threads, weights::Weights};
use crate::{
    error::{Error, Result},
    features::{FeatureGradient, Features},
    kernels::{
        Buffer, Isa, first_conv::FirstConv, keep_freed_memory, peak_gflops, winograd::Packed,
    },
    network::{Layer, Network},
};

/// The engine for the processor, on the kernels of this program.
pub struct FastEngine {
    pool: Arc<rayon::ThreadPool>,
    isa: Isa,
    device: Device,
    network: Network,
    weights: Vec<Stored>,
    layers: Vec<LayerState>,
    first: FirstConv,
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

/// Checks that the environment asks for an instruction set that this processor has, if for any.
///
/// # Errors
/// [`Error::Setting`] that lists those it has.
pub fn check_instruction_set() -> Result<()> {
    Isa::forced().map(|_| ())
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
            first: FirstConv::new(&first.weight, &first.bias),
            weights: weights.convolutions.iter().map(Stored::new).collect(),
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
}

/// The weights of a layer that the pass needs.
fn ready(packed: Option<&[Packed; 2]>) -> Result<&[Packed; 2]> {
    packed.ok_or_else(|| Error::Internal("weights were not packed".to_owned()))
}

impl Engine for FastEngine {
    fn device(&self) -> &Device {
        &self.device
    }

    fn name(&self) -> String {
        "cpu".to_owned()
    }

    fn in_process_memory(&self) -> bool {
        true
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

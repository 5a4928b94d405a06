//! The network: layer tables, weights, forward and explicit reverse pass.
//!
//! A static list of layers, not autograd: the only derivative a style transfer needs is that of
//! the picture, and candle's automatic one goes wrong at max pooling and odd sizes. The input
//! gradient of a 3x3 convolution with stride 1 and padding 1 is the same convolution with
//! weights flipped in space and swapped in channels, so one operation serves both directions.
//!
//! Two engines implement [`Engine`]: [`fast`] on `kernels` for the processor, [`candle`] on
//! candle tensors for CUDA and Metal ([`device`]), and as the reference for the other.

pub mod candle;
pub mod device;
pub mod fast;
pub mod threads;
pub mod weights;

use candle_core::{Device, Tensor};

use crate::{
    error::{Error, Result},
    features::{FeatureGradient, Features},
    network::{EdgePadding, Layer, Network, Pooling},
};

/// A planar RGB picture as the network sees it: [3, H, W], 255·rgb minus the mean of the weight
/// family ([`crate::network::Family::mean`]).
#[derive(Clone, Copy, Debug)]
pub struct VggImage<'a> {
    /// Pixels, plane by plane, row by row; length `3 · height · width`.
    pub data: &'a [f32],
    /// H, at least 1.
    pub height: usize,
    /// W, at least 1.
    pub width: usize,
}

impl VggImage<'_> {
    /// Checks the length against the sides, and the sides against the deepest tap.
    ///
    /// # Errors
    /// When they do not fit together.
    pub fn check(&self, taps: &[Layer]) -> Result<()> {
        if self.data.len() != 3 * self.height * self.width || self.data.is_empty() {
            return Err(Error::Internal(format!(
                "a picture of {} values cannot be 3 x {} x {}",
                self.data.len(),
                self.height,
                self.width
            )));
        }
        let stride = taps.iter().map(|tap| tap.stride()).max().unwrap_or(1);
        if self.height.min(self.width) < stride {
            return Err(Error::setting(
                "size",
                format!("{}x{}", self.width, self.height),
                format!("the deepest layer in use needs at least {stride} pixels a side"),
            ));
        }
        Ok(())
    }
}

/// What about the network's shape can be chosen for a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Topology {
    /// How blocks are halved.
    pub pooling: Pooling,
    /// What the first convolution sees beyond the edge.
    pub edge_padding: EdgePadding,
}

/// Runs one network forward to some tapped layers, and back to the picture.
///
/// Calls come in pairs: [`forward`](Engine::forward), any number of reads through
/// [`tap`](Engine::tap), then at most one [`reverse`](Engine::reverse). An engine keeps only what
/// its reverse pass needs and may reuse all buffers at the next `forward`.
pub trait Engine: Send {
    /// Where the tensors live that go in and out; the engine may compute elsewhere.
    fn device(&self) -> &Device;

    /// The name of what it computes on, as a choice of devices gives it: "cpu", "cuda:0", "metal".
    fn name(&self) -> String;

    /// Whether it computes in the memory of the process itself. Where that runs out, the process
    /// ends; any other engine fails in words and can [`shrink`](Engine::shrink).
    fn in_process_memory(&self) -> bool {
        false
    }

    /// Runs the network as far as the deepest of `taps` and keeps the tapped feature maps.
    ///
    /// A picture smaller than the deepest layer's stride is an error: the map would be empty.
    ///
    /// # Errors
    /// When a tap is not a layer of the network, the picture is too small or its length does not
    /// match its sides, memory runs out, or the device fails.
    fn forward(&mut self, image: VggImage<'_>, taps: &[Layer], topology: Topology) -> Result<()>;

    /// The feature map at a tapped layer of the last `forward`.
    ///
    /// # Errors
    /// When `layer` was not tapped.
    fn tap(&self, layer: Layer) -> Result<Box<dyn Features + '_>>;

    /// Takes dL/dF at tapped layers and returns dL/d picture, [3, H, W] planar like the input.
    /// The derivative of a `ReLU` at 0 is 0; max pooling gives the first maximum of a window everything;
    /// rows and columns that pooling dropped get 0 through it.
    ///
    /// # Errors
    /// When a layer was not tapped, a shape does not match, or the device fails.
    fn reverse(&mut self, gradients: &[(Layer, FeatureGradient)]) -> Result<Vec<f32>>;

    /// Asked for after memory ran out: gives back what the last pass holds, and works in smaller
    /// pieces from now on. `false` when that is not possible.
    fn shrink(&mut self) -> bool {
        false
    }
}

/// Why a layer cannot be tapped in weights of `network` whose last layer is `deepest`.
fn no_layer(network: Network, deepest: Option<Layer>, layer: Layer) -> Error {
    let expected = match deepest {
        Some(deepest) if network.has(layer) => format!(
            "these weights end at {deepest}: choose layers as far as that, or other weights"
        ),
        _ => format!("{} has no such layer", network.title()),
    };
    Error::setting("layer", layer, expected)
}

/// The derivative of a picture given as `(layer, map)` pairs of dense maps: convenience for
/// tests and tools.
///
/// # Errors
/// As [`Engine::reverse`].
pub fn reverse_maps(engine: &mut dyn Engine, maps: Vec<(Layer, Tensor)>) -> Result<Vec<f32>> {
    let gradients: Vec<_> = maps
        .into_iter()
        .map(|(layer, map)| (layer, FeatureGradient::of_map(map)))
        .collect();
    engine.reverse(&gradients)
}

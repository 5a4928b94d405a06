//! The network on candle tensors: for CUDA and Metal, and as the reference for the fast engine.
//!
//! Plain tensors, never variables, so that candle keeps no graph. The reverse pass is written
//! out: see the head of [`super`]. Both directions work in strips of rows ([`strips`]) with all
//! that is done to a strip before the next, so that besides taps only one map and its successor
//! are whole. Of layers that are not tapped one byte per value is kept: whether a gradient goes
//! through.
//!
//! Works on a device with these limits, which are candle's: see [`strips`] for the convolutions;
//! pooling takes no views (Metal reads them from the wrong place); weights are contiguous.

mod memory;
mod pooling;
mod reverse;
mod strips;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, sync::Arc};

use candle_core::{Device, DeviceLocation, Tensor};

pub use self::memory::peak_memory_bytes;
use self::{
    pooling::{first_maximum, pool},
    reverse::{Gradient, TapGradient},
    strips::{Assembly, Convolution, STRIP_BYTES, STRIP_BYTES_MIN},
};
use super::{Engine, Topology, VggImage, no_layer, weights::Weights};
use crate::{
    error::{Error, Result},
    features::{FeatureGradient, Features, TensorFeatures},
    network::{EdgePadding, Layer, Network, Pooling},
};

/// The engine on candle tensors: runs on CUDA, Metal, or the processor.
pub struct CandleEngine {
    device: Device,
    network: Network,
    convolutions: Vec<LayerConvolution>,
    strip_bytes: usize,
    topology: Topology,
    /// The last forward pass, in the network's order; taken apart by the reverse pass.
    passes: Vec<LayerPass>,
}

/// One convolution on the device.
struct LayerConvolution {
    layer: Layer,
    forward: Convolution,
    /// The reverse pass: weights `[in, out, 3, 3]`, flipped in space and swapped in channels.
    reverse: Convolution,
}

/// What a layer keeps of the forward pass.
struct LayerPass {
    sides: (usize, usize),
    kept: Kept,
}

enum Kept {
    /// The feature map of a tapped layer, `[1, C, H, W]`.
    Map(Tensor),
    /// 1 where the gradient goes through the nonlinearity and, after it, the pooling by maximum;
    /// `[1, C, H, W]`, u8.
    Gate(Tensor),
}

impl CandleEngine {
    /// Uploads the weights to `device`.
    ///
    /// # Errors
    /// When the device fails or is out of memory.
    pub fn new(weights: &Arc<Weights>, device: &Device) -> Result<Self> {
        let convolutions = weights.convolutions.iter().map(|convolution| {
            let (out, inp) = (convolution.outputs, convolution.inputs);
            let mut flipped = vec![0.0; convolution.weight.len()];
            for (o, filters) in convolution.weight.chunks_exact(inp * 9).enumerate() {
                for (i, filter) in filters.chunks_exact(9).enumerate() {
                    for (tap, &value) in filter.iter().enumerate() {
                        flipped[(i * out + o) * 9 + 8 - tap] = value;
                    }
                }
            }
            let bias = Some(&convolution.bias[..]);
            Ok(LayerConvolution {
                layer: convolution.layer,
                forward: Convolution::new(&convolution.weight, (out, inp), bias, device)?,
                reverse: Convolution::new(&flipped, (inp, out), None, device)?,
            })
        });
        Ok(Self {
            device: device.clone(),
            network: weights.network,
            convolutions: convolutions.collect::<Result<_>>()?,
            strip_bytes: STRIP_BYTES,
            topology: Topology::default(),
            passes: Vec::new(),
        })
    }

    /// Sets how many bytes a strip's columns may take. A strip has at least a row or two.
    #[must_use]
    pub fn with_strip_bytes(mut self, bytes: usize) -> Self {
        self.strip_bytes = bytes;
        self
    }

    /// How many bytes a strip's columns may take.
    pub fn strip_bytes(&self) -> usize {
        self.strip_bytes
    }

    fn position(&self, layer: Layer) -> Result<usize> {
        self.convolutions
            .iter()
            .position(|convolution| convolution.layer == layer)
            .ok_or_else(|| {
                let deepest = self.convolutions.last().map(|last| last.layer);
                no_layer(self.network, deepest, layer)
            })
    }

    /// The map at a tapped layer of the last forward pass.
    fn tapped(&self, layer: Layer) -> Result<&Tensor> {
        match self.passes.get(self.position(layer)?) {
            Some(LayerPass {
                kept: Kept::Map(map),
                ..
            }) => Ok(map),
            _ => Err(untapped(layer)),
        }
    }

    /// How the layer at `index` is halved before the next one; `None` where it is not.
    fn pooling(&self, index: usize) -> Option<Pooling> {
        let layer = self.convolutions[index].layer;
        let pools = self.network.pools_after(layer);
        pools.then_some(self.topology.pooling)
    }

    /// Runs one layer on `input`, `[1, C, H, W]`, in a pass that taps layers at `taps`. Returns
    /// what it keeps, and the next layer's input unless this is the last one.
    fn layer_forward(
        &self,
        index: usize,
        input: &Tensor,
        taps: &[usize],
    ) -> Result<(LayerPass, Option<Tensor>)> {
        let tapped = taps.contains(&index);
        let last = taps.iter().all(|&tap| tap <= index);
        let convolution = &self.convolutions[index].forward;
        let (_, _, height, width) = input.dims4()?;
        let channels = convolution.outputs();
        let pooling = self.pooling(index).filter(|_| !last);
        let edge = match index {
            0 => self.topology.edge_padding,
            _ => EdgePadding::Zero,
        };
        let mut kept = Assembly::new(channels, height, width);
        let mut next = match pooling {
            Some(_) => Assembly::new(channels, height / 2, width / 2),
            None => Assembly::new(channels, height, width),
        };
        for rows in convolution.strips(height, width, self.strip_bytes, pooling.is_some()) {
            let from_input = |rows: std::ops::Range<usize>| -> Result<Tensor> {
                Ok(input.narrow(2, rows.start, rows.len())?)
            };
            let strip = convolution
                .rows(&rows, height, 1, edge, from_input)?
                .relu()?;
            let strip = strip.contiguous()?;
            if tapped {
                kept.put(&strip, rows.start)?;
            } else {
                let mut gate = strip.gt(0.0)?;
                if pooling == Some(Pooling::Max) {
                    gate = gate.minimum(&first_maximum(&strip)?)?;
                }
                kept.put(&gate, rows.start)?;
            }
            if let Some(pooling) = pooling {
                if let Some(pooled) = pool(&strip, pooling)? {
                    next.put(&pooled, rows.start / 2)?;
                }
            } else if !last && !tapped {
                next.put(&strip, rows.start)?;
            }
        }
        let kept = kept.finish().ok_or_else(empty_map)?;
        let next = match (last, tapped && pooling.is_none()) {
            (true, _) => None,
            (false, true) => Some(kept.clone()),
            (false, false) => Some(next.finish().ok_or_else(empty_map)?),
        };
        let kept = if tapped {
            Kept::Map(kept)
        } else {
            Kept::Gate(kept)
        };
        let sides = (height, width);
        Ok((LayerPass { sides, kept }, next))
    }

    /// The gradient of one layer with respect to its input, from that before its nonlinearity.
    fn layer_reverse(&self, index: usize, gradient: &Gradient<'_>) -> Result<Tensor> {
        let convolution = &self.convolutions[index].reverse;
        let (height, width) = gradient.pass.sides;
        // The gradient of replicated edges belongs to the pixels there: first all of it, with
        // the padding's own, then fold.
        let folds = index == 0 && self.topology.edge_padding == EdgePadding::Replicate;
        let margin = if folds { 2 } else { 1 };
        let (out_height, out_width) = (height + 2 * margin - 2, width + 2 * margin - 2);
        let mut out = Assembly::new(convolution.outputs(), out_height, out_width);
        for rows in convolution.strips(out_height, out_width, self.strip_bytes, false) {
            let strip = convolution.rows(&rows, height, margin, EdgePadding::Zero, |rows| {
                gradient.rows(rows)
            })?;
            out.put(&strip, rows.start)?;
        }
        let out = out.finish().ok_or_else(empty_map)?;
        if folds { fold_edges(&out) } else { Ok(out) }
    }

    /// Refuses maps with more values than a device can count.
    fn check_launch(&self, image: VggImage<'_>) -> Result<()> {
        let values = 64 * image.height as u64 * image.width as u64;
        if self.device.is_cpu() || u32::try_from(values).is_ok() {
            return Ok(());
        }
        Err(Error::setting(
            "size",
            format!("{}x{}", image.width, image.height),
            "a graphics device takes pictures of up to 67 million pixels; choose a smaller size or \
             the CPU",
        ))
    }
}

impl Engine for CandleEngine {
    fn device(&self) -> &Device {
        &self.device
    }

    fn name(&self) -> String {
        match self.device.location() {
            DeviceLocation::Cpu => "cpu".to_owned(),
            DeviceLocation::Cuda { gpu_id } => format!("cuda:{gpu_id}"),
            DeviceLocation::Metal { .. } => "metal".to_owned(),
        }
    }

    fn in_process_memory(&self) -> bool {
        self.device.is_cpu()
    }

    fn forward(&mut self, image: VggImage<'_>, taps: &[Layer], topology: Topology) -> Result<()> {
        self.topology = topology;
        self.passes.clear();
        image.check(taps)?;
        self.check_launch(image)?;
        let positions = taps.iter().map(|&layer| self.position(layer));
        let positions = positions.collect::<Result<Vec<_>>>()?;
        let Some(&last) = positions.iter().max() else {
            return Ok(());
        };
        let shape = (1, 3, image.height, image.width);
        let mut input = Some(Tensor::from_slice(image.data, shape, &self.device)?);
        for index in 0..=last {
            let Some(map) = input.take() else { break };
            let (pass, next) = self.layer_forward(index, &map, &positions)?;
            self.passes.push(pass);
            input = next;
        }
        Ok(())
    }

    fn tap(&self, layer: Layer) -> Result<Box<dyn Features + '_>> {
        let map = self.tapped(layer)?.squeeze(0)?;
        Ok(Box::new(TensorFeatures::new(map)?))
    }

    fn reverse(&mut self, gradients: &[(Layer, FeatureGradient)]) -> Result<Vec<f32>> {
        let mut sums: HashMap<Layer, FeatureGradient> = HashMap::new();
        for (layer, gradient) in gradients {
            self.tapped(*layer)?;
            let sum = sums.entry(*layer).or_default();
            sum.add(gradient.clone())?;
        }
        let mut taps = HashMap::new();
        for (layer, sum) in &sums {
            let (_, c, h, w) = self.tapped(*layer)?.dims4()?;
            taps.insert(
                *layer,
                TapGradient::new(*layer, sum, (c, h, w), &self.device)?,
            );
        }
        drop(sums);
        let last = self.passes.len();
        // dL/d(input of the layer behind).
        let mut behind: Option<Tensor> = None;
        while let Some(pass) = self.passes.pop() {
            let index = self.passes.len();
            let tap = taps.remove(&self.convolutions[index].layer);
            if behind.is_none() && tap.is_none() {
                continue;
            }
            let gradient = Gradient {
                pass: &pass,
                behind: behind.as_ref(),
                tap: tap.as_ref(),
                pooling: self.pooling(index).filter(|_| index + 1 < last),
            };
            behind = Some(self.layer_reverse(index, &gradient)?);
        }
        match behind {
            Some(gradient) => Ok(gradient.flatten_all()?.to_vec1()?),
            None => Err(Error::Internal(
                "a reverse pass without a gradient".to_owned(),
            )),
        }
    }

    fn shrink(&mut self) -> bool {
        self.passes.clear();
        // Frees of memory wait in the device's queue.
        if let Err(fault) = self.device.synchronize() {
            log::warn!("the device did not come to rest: {fault}");
            return false;
        }
        if self.device.is_cpu() || self.strip_bytes <= STRIP_BYTES_MIN {
            return false;
        }
        self.strip_bytes /= 2;
        log::warn!(
            "out of memory: strips of {} MiB from now on",
            self.strip_bytes >> 20
        );
        true
    }
}

fn untapped(layer: Layer) -> Error {
    Error::Internal(format!("{layer} was not tapped in the forward pass"))
}

fn empty_map() -> Error {
    Error::Internal("a feature map without a row".to_owned())
}

/// Adds the outermost rows and columns of `[1, C, H + 2, W + 2]` to their neighbors inside.
fn fold_edges(padded: &Tensor) -> Result<Tensor> {
    let mut folded = padded.clone();
    for axis in [2, 3] {
        let inner = folded.dim(axis)? - 2;
        let at = |start, length| folded.narrow(axis, start, length)?.contiguous();
        let first = at(0, 1)?.pad_with_zeros(axis, 0, inner - 1)?;
        let last = at(inner + 1, 1)?.pad_with_zeros(axis, inner - 1, 0)?;
        folded = ((at(1, inner)? + first)? + last)?;
    }
    Ok(folded)
}

//! The network on candle tensors: for CUDA and Metal, and as the judge of the fast engine.
//!
//! Plain tensors, never variables, so that candle keeps no graph. The reverse pass is written
//! out: see the head of [`super`].

use std::{collections::HashMap, sync::Arc};

use candle_core::{D, Device, Module as _, Tensor};
use candle_nn::{Conv2d, Conv2dConfig};

use super::{Engine, Topology, VggImage, no_layer, weights::Weights};
use crate::{
    error::{Error, Result},
    features::{FeatureGradient, Features, TensorFeatures},
    network::{EdgePadding, Layer, Network, Pooling},
};

/// One convolution on the device.
struct Convolution {
    layer: Layer,
    /// On a padded map: the padding of the first layer is not always zero.
    forward: Conv2d,
    /// The reverse pass: weights `[in, out, 3, 3]`, flipped in space and swapped in channels.
    reverse: Conv2d,
}

/// See the module's head.
pub struct CandleEngine {
    device: Device,
    network: Network,
    convolutions: Vec<Convolution>,
    topology: Topology,
    /// Feature maps after the nonlinearity of the last forward pass, `[1, C, H, W]`, in the network's order.
    activations: Vec<Tensor>,
    /// The tapped ones among them.
    taps: HashMap<Layer, TensorFeatures>,
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
            let weight = Tensor::from_slice(&convolution.weight, (out, inp, 3, 3), device)?;
            let bias = Tensor::from_slice(&convolution.bias, out, device)?;
            let flipped = Tensor::from_vec(flipped, (inp, out, 3, 3), device)?;
            Ok(Convolution {
                layer: convolution.layer,
                forward: Conv2d::new(weight, Some(bias), Conv2dConfig::default()),
                reverse: padding(flipped, 1),
            })
        });
        Ok(Self {
            device: device.clone(),
            network: weights.network,
            convolutions: convolutions.collect::<Result<_>>()?,
            topology: Topology::default(),
            activations: Vec::new(),
            taps: HashMap::new(),
        })
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
}

impl Engine for CandleEngine {
    fn device(&self) -> &Device {
        &self.device
    }

    fn forward(&mut self, image: VggImage<'_>, taps: &[Layer], topology: Topology) -> Result<()> {
        self.topology = topology;
        self.activations.clear();
        self.taps.clear();
        image.check(taps)?;
        let positions = taps.iter().map(|&layer| self.position(layer));
        let last = positions.collect::<Result<Vec<_>>>()?.into_iter().max();
        let shape = (1, 3, image.height, image.width);
        let mut x = Tensor::from_slice(image.data, shape, &self.device)?;
        let Some(last) = last else { return Ok(()) };
        for (index, convolution) in self.convolutions[..=last].iter().enumerate() {
            let padded = match (index, topology.edge_padding) {
                (0, EdgePadding::Replicate) => x.pad_with_same(2, 1, 1)?.pad_with_same(3, 1, 1)?,
                _ => x.pad_with_zeros(2, 1, 1)?.pad_with_zeros(3, 1, 1)?,
            };
            let activation = convolution.forward.forward(&padded)?.relu()?;
            if taps.contains(&convolution.layer) {
                let features = TensorFeatures::new(activation.squeeze(0)?)?;
                self.taps.insert(convolution.layer, features);
            }
            if index < last {
                x = if self.network.pools_after(convolution.layer) {
                    match topology.pooling {
                        Pooling::Max => activation.max_pool2d(2)?,
                        Pooling::Average => activation.avg_pool2d(2)?,
                    }
                } else {
                    activation.clone()
                };
            }
            self.activations.push(activation);
        }
        Ok(())
    }

    fn tap(&self, layer: Layer) -> Result<Box<dyn Features + '_>> {
        let features = self.taps.get(&layer).ok_or_else(|| untapped(layer))?;
        Ok(Box::new(features.clone()))
    }

    fn reverse(&mut self, gradients: &[(Layer, FeatureGradient)]) -> Result<Vec<f32>> {
        let mut dense = HashMap::new();
        for (layer, gradient) in gradients {
            let features = self.taps.get(layer).ok_or_else(|| untapped(*layer))?;
            let part = gradient.dense(&features.map()?)?.unsqueeze(0)?;
            let sum = match dense.remove(layer) {
                Some(before) => (part + before)?,
                None => part,
            };
            dense.insert(*layer, sum);
        }
        // dL/d(activation of the layer at hand), coming from the layers behind it.
        let mut from_behind: Option<Tensor> = None;
        for index in (0..self.activations.len()).rev() {
            let convolution = &self.convolutions[index];
            let activation = &self.activations[index];
            let pools = self.network.pools_after(convolution.layer);
            let behind = match from_behind.take() {
                Some(gradient) if pools => {
                    Some(unpool(&gradient, activation, self.topology.pooling)?)
                }
                other => other,
            };
            let total = match (behind, dense.remove(&convolution.layer)) {
                (Some(a), Some(b)) => (a + b)?,
                (Some(a), None) | (None, Some(a)) => a,
                (None, None) => continue,
            };
            let through_relu = activation
                .gt(0.0)?
                .where_cond(&total, &total.zeros_like()?)?;
            from_behind = Some(if index == 0 {
                first_input_gradient(
                    &through_relu,
                    &convolution.reverse,
                    self.topology.edge_padding,
                )?
            } else {
                convolution.reverse.forward(&through_relu)?
            });
        }
        match from_behind {
            Some(gradient) => Ok(gradient.flatten_all()?.to_vec1()?),
            None => Err(Error::Internal(
                "a reverse pass without a gradient".to_owned(),
            )),
        }
    }
}

/// A convolution without bias that pads with zeros.
fn padding(weight: Tensor, padding: usize) -> Conv2d {
    let config = Conv2dConfig {
        padding,
        ..Conv2dConfig::default()
    };
    Conv2d::new(weight, None, config)
}

fn untapped(layer: Layer) -> Error {
    Error::Internal(format!("{layer} was not tapped in the forward pass"))
}

/// The gradient of 2x2 pooling with respect to its input `activation` `[1, C, H, W]`.
fn unpool(gradient: &Tensor, activation: &Tensor, pooling: Pooling) -> Result<Tensor> {
    let (_, _, h, w) = activation.dims4()?;
    let (even_h, even_w) = (h / 2 * 2, w / 2 * 2);
    let spread = gradient.upsample_nearest2d(even_h, even_w)?;
    let inside = match pooling {
        Pooling::Average => spread.affine(0.25, 0.0)?,
        Pooling::Max => {
            let seen = activation
                .narrow(2, 0, even_h)?
                .narrow(3, 0, even_w)?
                .contiguous()?;
            let first = first_maximum(&seen)?;
            first.where_cond(&spread, &spread.zeros_like()?)?
        }
    };
    let rows = inside.pad_with_zeros(2, 0, h - even_h)?;
    Ok(rows.pad_with_zeros(3, 0, w - even_w)?)
}

/// 1 at the first maximum of each 2x2 window in reading order, 0 elsewhere; `[1, C, H, W]` with
/// even sides, u8.
fn first_maximum(map: &Tensor) -> Result<Tensor> {
    let (_, c, h, w) = map.dims4()?;
    // Windows as the last axis: [C, H/2, W/2, 4].
    let windows = map
        .reshape((c, h / 2, 2, w / 2, 2))?
        .permute((0, 1, 3, 2, 4))?
        .contiguous()?
        .reshape((c, h / 2, w / 2, 4))?;
    let best = windows.max_keepdim(D::Minus1)?;
    let is_best = windows.broadcast_eq(&best)?;
    let mut parts = vec![is_best.narrow(3, 0, 1)?];
    let mut taken = parts[0].clone();
    for place in 1..4 {
        let candidate = is_best.narrow(3, place, 1)?;
        let part = (candidate.gt(&taken))?;
        taken = taken.maximum(&candidate)?;
        parts.push(part);
    }
    let first = Tensor::cat(&parts, 3)?
        .reshape((c, h / 2, w / 2, 2, 2))?
        .permute((0, 1, 3, 2, 4))?
        .contiguous()?;
    Ok(first.reshape((1, c, h, w))?)
}

/// The gradient of the first convolution with respect to the picture. With replicated edges the
/// gradient of the padding belongs to the edge pixels.
fn first_input_gradient(gradient: &Tensor, reverse: &Conv2d, edge: EdgePadding) -> Result<Tensor> {
    if edge == EdgePadding::Zero {
        return Ok(reverse.forward(gradient)?);
    }
    let mut folded = padding(reverse.weight().clone(), 2).forward(gradient)?;
    for axis in [2, 3] {
        let padded = folded.dim(axis)?;
        let inner = padded - 2;
        let at = |tensor: &Tensor, start, length| tensor.narrow(axis, start, length);
        let first = at(&folded, 0, 1)?.pad_with_zeros(axis, 0, inner - 1)?;
        let last = at(&folded, padded - 1, 1)?.pad_with_zeros(axis, inner - 1, 0)?;
        folded = ((at(&folded, 1, inner)? + first)? + last)?;
    }
    Ok(folded)
}

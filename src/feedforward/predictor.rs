//! The prediction network of Ghiasi and others 2017: a style image to 100 numbers.
//!
//! MobileNet-v2 (Sandler and others 2018, arXiv 1801.04381) with batch normalization folded in,
//! padded with zeros as TensorFlow's SAME does, and a matrix on the mean of its last map.

use rayon::prelude::*;

use super::tensors::Tensors;
use crate::{
    error::Result,
    kernels::{
        Buffer, Isa,
        planar::{Clip, Edge, Packed, Shape, Source, Target, convolve},
    },
    pixels::Planes,
};

/// Side of the picture that the network sees.
const SIDE_PX: usize = 256;

/// Numbers of a style vector.
pub(super) const VECTOR: usize = 100;

/// Channels of the last map.
const LAST: usize = 1280;

/// Channels in and out, and stride, of each block.
const BLOCKS: [(usize, usize, usize); 17] = [
    (32, 16, 1),
    (16, 24, 2),
    (24, 24, 1),
    (24, 32, 2),
    (32, 32, 1),
    (32, 32, 1),
    (32, 64, 2),
    (64, 64, 1),
    (64, 64, 1),
    (64, 64, 1),
    (64, 96, 1),
    (96, 96, 1),
    (96, 96, 1),
    (96, 160, 2),
    (160, 160, 1),
    (160, 160, 1),
    (160, 320, 1),
];

/// By how much a block is wider inside, but for the first.
const EXPANSION: usize = 6;

/// A loaded prediction network.
pub(super) struct Predictor {
    stem: Dense,
    blocks: Vec<Block>,
    last: Dense,
    /// `[100, 1280]`.
    head: Vec<f32>,
    isa: Isa,
}

struct Block {
    expand: Option<Dense>,
    /// One convolution a channel.
    depthwise: Vec<Packed>,
    depthwise_bias: Vec<f32>,
    project: Dense,
    /// Whether the block's input is added.
    adds: bool,
}

/// A convolution of all channels.
struct Dense {
    packed: Packed,
    bias: Vec<f32>,
}

/// A map `[channels][side][side]`.
struct Map {
    side: usize,
    data: Buffer,
}

/// TensorFlow's SAME for a 3x3 kernel on an even side.
const fn same(stride: usize) -> (usize, usize) {
    if stride == 1 { (1, 1) } else { (0, 1) }
}

impl Predictor {
    /// Reads the weights.
    ///
    /// # Errors
    /// When some are missing.
    pub(super) fn load(tensors: &Tensors<'_>) -> Result<Self> {
        let isa = Isa::detect();
        let dense =
            |name: &str, to: usize, from: usize, kernel: usize, stride: usize| -> Result<Dense> {
                let weight = tensors.weight(name, to * from * kernel * kernel)?;
                let padding = if kernel == 1 { (0, 0) } else { same(stride) };
                Ok(Dense {
                    packed: Packed::new(&weight, (to, from), (kernel, stride), padding, isa),
                    bias: tensors.bias(name, to)?,
                })
            };
        let block = |(n, &(from, to, stride)): (usize, &(usize, usize, usize))| -> Result<Block> {
            let wide = if n == 0 { from } else { EXPANSION * from };
            let expand = (n > 0)
                .then(|| dense(&format!("block{n}.expand"), wide, from, 1, 1))
                .transpose()?;
            let name = format!("block{n}.depthwise");
            let weight = tensors.weight(&name, wide * 9)?;
            let kernels = weight.chunks_exact(9);
            let depthwise = kernels
                .map(|kernel| Packed::new(kernel, (1, 1), (3, stride), same(stride), isa))
                .collect();
            Ok(Block {
                expand,
                depthwise,
                depthwise_bias: tensors.bias(&name, wide)?,
                project: dense(&format!("block{n}.project"), to, wide, 1, 1)?,
                adds: stride == 1 && from == to,
            })
        };
        Ok(Self {
            stem: dense("stem", 32, 3, 3, 2)?,
            blocks: BLOCKS
                .iter()
                .enumerate()
                .map(block)
                .collect::<Result<_>>()?,
            last: dense("last", LAST, 320, 1, 1)?,
            head: tensors.weight("head", VECTOR * LAST)?,
            isa,
        })
    }

    /// The style vector of a picture: of its central square at 256 pixels. The network was trained on
    /// strokes of that size.
    ///
    /// # Errors
    /// When memory runs out.
    pub(super) fn vector(&self, picture: &Planes) -> Result<Vec<f32>> {
        let square = central_square(picture).resize(SIDE_PX, SIDE_PX);
        self.vector_of_square(&square.data)
    }

    /// The style vector of `[3, 256, 256]`.
    fn vector_of_square(&self, square: &[f32]) -> Result<Vec<f32>> {
        let mut map = self.dense(&self.stem, square, SIDE_PX, Clip::ZeroToSix)?;
        for block in &self.blocks {
            let expanded = match &block.expand {
                Some(expand) => Some(self.dense(expand, &map.data, map.side, Clip::ZeroToSix)?),
                None => None,
            };
            let wide = expanded.as_ref().unwrap_or(&map);
            let depthwise = self.depthwise(block, wide)?;
            let side = depthwise.side;
            let mut out = self.dense(&block.project, &depthwise.data, side, Clip::None)?;
            if block.adds {
                let pairs = out.data.iter_mut().zip(&*map.data);
                pairs.for_each(|(value, before)| *value += before);
            }
            map = out;
        }
        let last = self.dense(&self.last, &map.data, map.side, Clip::ZeroToSix)?;
        let positions = last.side * last.side;
        let planes = last.data.chunks_exact(positions);
        let means: Vec<f32> = planes
            .map(|plane| plane.iter().sum::<f32>() / positions as f32)
            .collect();
        let rows = self.head.chunks_exact(LAST);
        let product = |row: &[f32]| row.iter().zip(&means).map(|(a, b)| a * b).sum();
        Ok(rows.map(product).collect())
    }

    fn dense(&self, dense: &Dense, data: &[f32], side: usize, clip: Clip) -> Result<Map> {
        let (inputs, outputs) = (dense.packed.inputs(), dense.packed.outputs());
        let to = dense.packed.output_side(side);
        let (from, shape) = if to == side {
            // Positions have no neighbors: one long row.
            let row = |channels| Shape::whole(channels, 1, side * side);
            (row(inputs), row(outputs))
        } else {
            let square = |channels, side| Shape::whole(channels, side, side);
            (square(inputs, side), square(outputs, to))
        };
        let mut out = Buffer::zeroed(shape.len())?;
        let target = Target {
            shape,
            rows: 0..shape.height,
            data: Some(&mut out),
            bias: Some(&dense.bias),
            clip,
        };
        convolve(&dense.packed, zero_padded(from, data), target, self.isa)?;
        Ok(Map {
            side: to,
            data: out,
        })
    }

    fn depthwise(&self, block: &Block, map: &Map) -> Result<Map> {
        let side = block.depthwise[0].output_side(map.side);
        let channels = block.depthwise.len();
        let mut out = Buffer::zeroed(channels * side * side)?;
        let planes = map.data.par_chunks(map.side * map.side);
        let jobs = out.par_chunks_mut(side * side).zip(planes).enumerate();
        jobs.try_for_each(|(channel, (out, plane))| {
            let target = Target {
                shape: Shape::whole(1, side, side),
                rows: 0..side,
                data: Some(out),
                bias: Some(&block.depthwise_bias[channel..=channel]),
                clip: Clip::ZeroToSix,
            };
            let source = zero_padded(Shape::whole(1, map.side, map.side), plane);
            convolve(&block.depthwise[channel], source, target, self.isa).map(drop)
        })?;
        Ok(Map { side, data: out })
    }
}

fn zero_padded(shape: Shape, data: &[f32]) -> Source<'_> {
    Source {
        shape,
        data,
        affine: None,
        rectify: false,
        edge: Edge::Zero,
    }
}

/// The largest square in the middle.
fn central_square(picture: &Planes) -> Planes {
    let side = picture.width.min(picture.height);
    let (left, top) = ((picture.width - side) / 2, (picture.height - side) / 2);
    let mut data = Vec::with_capacity(3 * side * side);
    for plane in picture.data.chunks_exact(picture.pixels()) {
        for row in plane.chunks_exact(picture.width).skip(top).take(side) {
            data.extend_from_slice(&row[left..left + side]);
        }
    }
    Planes {
        width: side,
        height: side,
        data,
    }
}

//! The prediction network of Ghiasi and others 2017: a style image to 100 numbers.
//!
//! MobileNet-v2 (Sandler and others 2018, arXiv 1801.04381) with batch normalization folded in,
//! padded with zeros as TensorFlow's SAME does, and a matrix on the mean of its last map.

use super::tensors::Tensors;
use crate::{
    error::Result,
    kernels::{
        Isa,
        blocked::{Blocked, Bottleneck, Depthwise, Pointwise},
    },
    pixels::Planes,
};

/// Side of the picture that the network sees.
const SIDE_PX: usize = 256;

/// Numbers of a style vector.
pub(super) const VECTOR: usize = 100;

/// Channels of the first map.
const STEM: usize = 32;

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
    stem: Pointwise,
    blocks: Vec<Bottleneck>,
    last: Pointwise,
    /// `[100, 1280]`.
    head: Vec<f32>,
    isa: Isa,
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
        let pointwise = |name: &str, to: usize, from: usize, clipped: bool| -> Result<Pointwise> {
            let weight = tensors.weight(name, to * from)?;
            Ok(Pointwise::new(
                &weight,
                &tensors.bias(name, to)?,
                from,
                clipped,
            ))
        };
        let block = |(n, &(from, to, stride)): (usize, &(usize, usize, usize))| {
            let wide = if n == 0 { from } else { EXPANSION * from };
            let expand = (n > 0).then(|| pointwise(&format!("block{n}.expand"), wide, from, true));
            let name = format!("block{n}.depthwise");
            let weight = tensors.weight(&name, wide * 9)?;
            let bias = tensors.bias(&name, wide)?;
            Ok(Bottleneck::new(
                expand.transpose()?,
                Depthwise::new(&weight, &bias, stride, same(stride)),
                pointwise(&format!("block{n}.project"), to, wide, false)?,
                stride == 1 && from == to,
            ))
        };
        Ok(Self {
            stem: pointwise("stem", STEM, 3 * 9, true)?,
            blocks: BLOCKS
                .iter()
                .enumerate()
                .map(block)
                .collect::<Result<_>>()?,
            last: pointwise("last", LAST, 320, true)?,
            head: tensors.weight("head", VECTOR * LAST)?,
            isa: Isa::detect(),
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
        let unfolded = Blocked::unfolded(square, 3, SIDE_PX)?;
        let mut map = self.stem.convolve(&unfolded, self.isa)?;
        let mut side = SIDE_PX / 2;
        // Two memories in turn: fresh ones would have to be cleared by the system for each block.
        let mut memory = unfolded.into_memory();
        for block in &self.blocks {
            let next = block.convolve(&map, side, memory, self.isa)?;
            side = block.output_side(side);
            memory = std::mem::replace(&mut map, next).into_memory();
        }
        let means = self.last.convolve(&map, self.isa)?.means();
        let rows = self.head.chunks_exact(LAST);
        let product = |row: &[f32]| row.iter().zip(&means).map(|(a, b)| a * b).sum();
        Ok(rows.map(product).collect())
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

//! The reverse pass of a transformer network: from a gradient at the painted picture to that of the
//! style's gammas and betas, and of the picture it was painted from.
//!
//! A forward pass that keeps every convolution's sums makes the [`Tape`]; weights stay as they are,
//! so inputs of convolutions need not be kept. A convolution's input gradient is a convolution with
//! the kernel turned and its channels swapped, of the gradient padded with zeros; what
//! falls on the mirrored margin belongs to the pixels it mirrors.

use rayon::prelude::*;

use super::{
    layers::{CONTRACTING, EXPANDING, Then},
    norms::{Norms, inverse_deviation},
    transformer::{Affine, Transformer, cropped},
};
use crate::{
    error::Result,
    kernels::planar::{
        Edge, Moments, Shape, Source, Target, add_scaled, convolve, rectify_scaled, sigmoid,
    },
    pixels::Planes,
};

/// What a forward pass leaves for the reverse pass.
pub struct Tape {
    /// Width and height of the picture.
    size: (usize, usize),
    /// Each convolution's sums (after bias and `ReLU` where no normalization follows), and their
    /// moments.
    maps: Vec<Kept>,
}

struct Kept {
    shape: Shape,
    data: Vec<f32>,
    moments: Vec<Moments>,
}

/// The gradients of a reverse pass.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// Of gammas and betas, in the order of [`Norms::values`].
    pub norms: Vec<f32>,
    /// Of the picture that was painted from, `[3, H, W]`, where it was asked for.
    pub picture: Option<Vec<f32>>,
}

impl Transformer {
    /// As [`Transformer::paint`], with what [`Transformer::reverse`] needs. For small pictures: every
    /// map is kept, about 200 bytes a pixel.
    ///
    /// # Errors
    /// As for [`Transformer::paint`].
    pub fn paint_taped(&self, picture: &Planes, norms: &Norms) -> Result<(Planes, Tape)> {
        self.check(picture, norms)?;
        let mut maps: Vec<Kept> = Vec::with_capacity(self.layers.len());
        let mut x = (
            Shape::whole(3, picture.height, picture.width),
            picture.data.clone(),
        );
        let mut affine: Option<Affine> = None;
        for layer in 0..self.layers.len() {
            let then = self.layers[layer].then;
            let source = Self::source(x.0, &x.1, affine.as_ref());
            // Inside a residual block the map of its first convolution is read, and x waits.
            let inner = maps.last().filter(|_| then == Then::NormAdd);
            let source = inner.map_or(source, |kept| {
                Self::source(kept.shape, &kept.data, affine.as_ref())
            });
            let shape = self.after(layer, source.shape);
            let mut data = vec![0.0; shape.len()];
            let moments = self.convolve(layer, &source, shape, 0..shape.height, Some(&mut data))?;
            let scaled = (then != Then::Rectify).then(|| norms.affine(layer, &moments));
            affine = None;
            let in_block = self.is_in_block(layer);
            match (&scaled, then) {
                (Some((scale, shift)), Then::NormAdd) => {
                    add_scaled(&mut x.1, &data, (scale, shift), self.isa);
                }
                (Some(_), Then::NormRectify) if in_block => affine = scaled,
                (Some((scale, shift)), Then::NormRectify) => {
                    x = (shape, data.clone());
                    rectify_scaled(&mut x.1, (scale, shift), self.isa);
                }
                (Some((scale, shift)), _) => {
                    x = (shape, data.clone());
                    sigmoid(&mut x.1, (scale, shift), self.isa);
                }
                (None, _) => x = (shape, data.clone()),
            }
            maps.push(Kept {
                shape,
                data,
                moments,
            });
        }
        let (shape, out) = x;
        let painted = Planes {
            data: cropped(&out, shape, picture),
            ..*picture
        };
        let size = (picture.width, picture.height);
        Ok((painted, Tape { size, maps }))
    }

    /// The gradients of gammas and betas (and of the picture, where wanted) from `gradient`, that of
    /// the painted picture, `[3, H, W]`. `norms` are those of the forward pass.
    ///
    /// # Errors
    /// When memory runs out.
    ///
    /// # Panics
    /// When the gradient has another length.
    pub fn reverse(
        &self,
        tape: &Tape,
        norms: &Norms,
        gradient: &[f32],
        wants_picture: bool,
    ) -> Result<Gradients> {
        let mut g = self.before_sigmoid(tape, norms, gradient);
        // Gradients of gammas and betas, from the last layer to the first.
        let mut parts: Vec<Vec<f32>> = Vec::new();
        let mut x: Vec<f32> = Vec::new();
        for layer in (0..self.layers.len()).rev() {
            let kept = &tape.maps[layer];
            match self.layers[layer].then {
                Then::NormSigmoid => {}
                // The block's input gets this gradient too.
                Then::NormAdd => x.clone_from(&g),
                Then::NormRectify => rectified(kept, &norms.affine(layer, &kept.moments), &mut g),
                Then::Rectify => rectified(kept, &unchanged(kept), &mut g),
            }
            if self.layers[layer].is_normed() {
                parts.push(before_norm(kept, norms.of_layer(layer).0, &mut g));
            } else if !wants_picture {
                break;
            }
            if layer == 0 && !wants_picture {
                break;
            }
            let from = match layer {
                0 => Shape::whole(3, tape.size.1, tape.size.0),
                _ => tape.maps[layer - 1].shape,
            };
            g = self.before_convolution(layer, kept.shape, &g, from)?;
            if self.is_in_block(layer) && self.layers[layer].then == Then::NormRectify {
                g.iter_mut().zip(&x).for_each(|(g, x)| *g += x);
            }
        }
        Ok(Gradients {
            norms: parts.into_iter().rev().flatten().collect(),
            picture: wants_picture.then_some(g),
        })
    }

    fn is_in_block(&self, layer: usize) -> bool {
        (CONTRACTING..self.layers.len() - EXPANDING).contains(&layer)
    }

    /// The gradient before the logistic function, at the size of the network's map.
    fn before_sigmoid(&self, tape: &Tape, norms: &Norms, gradient: &[f32]) -> Vec<f32> {
        let (width, height) = tape.size;
        assert_eq!(gradient.len(), 3 * width * height, "[3, H, W]");
        let layer = self.layers.len() - 1;
        let kept = &tape.maps[layer];
        let mut out = kept.data.clone();
        let (scale, shift) = norms.affine(layer, &kept.moments);
        sigmoid(&mut out, (&scale, &shift), self.isa);
        let positions = kept.shape.height * kept.shape.width;
        for (place, value) in out.iter_mut().enumerate() {
            let (plane, place) = (place / positions, place % positions);
            let (y, x) = (place / kept.shape.width, place % kept.shape.width);
            // What was cut off has no gradient.
            *value = if y < height && x < width {
                gradient[(plane * height + y) * width + x] * *value * (1.0 - *value)
            } else {
                0.0
            };
        }
        out
    }

    /// The gradient of the map `from` that a convolution read.
    fn before_convolution(
        &self,
        layer: usize,
        shape: Shape,
        gradient: &[f32],
        from: Shape,
    ) -> Result<Vec<f32>> {
        let (kernel, stride) = (self.layers[layer].kernel, self.layers[layer].stride);
        let times = if self.layers[layer].upsampled { 2 } else { 1 };
        let (height, width) = (from.height * times, from.width * times);
        let spread = Shape::whole(shape.channels, height, width);
        let spread_gradient;
        let data = if stride == 1 {
            gradient
        } else {
            spread_gradient = spread_out(gradient, shape, spread);
            &spread_gradient
        };
        let margin = kernel / 2;
        let padded = Shape::whole(from.channels, height + 2 * margin, width + 2 * margin);
        let mut out = vec![0.0; padded.len()];
        let source = Source {
            shape: spread,
            data,
            affine: None,
            rectify: false,
            edge: Edge::Zero,
        };
        let target = Target {
            shape: padded,
            rows: 0..padded.height,
            data: Some(&mut out),
            bias: None,
            rectify: false,
        };
        convolve(&self.turned()[layer], source, target, self.isa)?;
        Ok(folded(&out, padded, margin, times))
    }
}

/// Scale 1 and shift 0.
fn unchanged(kept: &Kept) -> Affine {
    (
        vec![1.0; kept.shape.channels],
        vec![0.0; kept.shape.channels],
    )
}

/// Cuts the gradient off where the `ReLU` did.
fn rectified(kept: &Kept, (scale, shift): &Affine, gradient: &mut [f32]) {
    let plane = kept.shape.height * kept.shape.width;
    let planes = gradient
        .par_chunks_mut(plane)
        .zip(kept.data.par_chunks(plane));
    planes.enumerate().for_each(|(channel, (gradient, data))| {
        let (scale, shift) = (scale[channel], shift[channel]);
        for (gradient, value) in gradient.iter_mut().zip(data) {
            if scale * value + shift <= 0.0 {
                *gradient = 0.0;
            }
        }
    });
}

/// Turns the gradient behind an instance normalization into that before it; answers those of
/// gammas and betas.
fn before_norm(kept: &Kept, gammas: &[f32], gradient: &mut [f32]) -> Vec<f32> {
    let plane = kept.shape.height * kept.shape.width;
    let planes = gradient
        .par_chunks_mut(plane)
        .zip(kept.data.par_chunks(plane));
    let of_channel = |(channel, (gradient, data)): (usize, (&mut [f32], &[f32]))| {
        let moments = &kept.moments[channel];
        let (mean, inverse) = (moments.mean, inverse_deviation(moments));
        let normalized = |value: f32| (f64::from(value) - mean) * inverse;
        let (mut gamma, mut beta) = (0.0, 0.0);
        for (gradient, value) in gradient.iter().zip(data) {
            gamma += f64::from(*gradient) * normalized(*value);
            beta += f64::from(*gradient);
        }
        let count = plane as f64;
        let factor = f64::from(gammas[channel]) * inverse;
        for (gradient, value) in gradient.iter_mut().zip(data) {
            let rest = f64::from(*gradient) - beta / count - normalized(*value) * gamma / count;
            *gradient = (factor * rest) as f32;
        }
        (gamma as f32, beta as f32)
    };
    let (mut values, betas): (Vec<f32>, Vec<f32>) = planes.enumerate().map(of_channel).unzip();
    values.extend(betas);
    values
}

/// The gradient of a convolution with stride 2 where it was taken, zeros between.
fn spread_out(gradient: &[f32], shape: Shape, spread: Shape) -> Vec<f32> {
    let mut out = vec![0.0; spread.len()];
    for (row, values) in gradient.chunks_exact(shape.width).enumerate() {
        let (plane, y) = (row / shape.height, row % shape.height);
        let start = (plane * spread.height + 2 * y) * spread.width;
        for (x, value) in values.iter().enumerate() {
            out[start + 2 * x] = *value;
        }
    }
    out
}

/// Adds a mirrored margin to the pixels it mirrors, and squares of `times` x `times` pixels together.
fn folded(padded: &[f32], shape: Shape, margin: usize, times: usize) -> Vec<f32> {
    let (height, width) = (shape.height - 2 * margin, shape.width - 2 * margin);
    let inner = |at: usize, length: usize| {
        let last = length - 1;
        let at = at.abs_diff(margin);
        if at > last { 2 * last - at } else { at }
    };
    let mut out = vec![0.0; shape.channels * (height / times) * (width / times)];
    let columns: Vec<usize> = (0..shape.width).map(|x| inner(x, width) / times).collect();
    let planes = out.par_chunks_mut((height / times) * (width / times));
    let padded = padded.par_chunks(shape.height * shape.width);
    planes.zip(padded).for_each(|(plane, padded)| {
        for (y, row) in padded.chunks_exact(shape.width).enumerate() {
            let start = inner(y, height) / times * (width / times);
            for (x, value) in columns.iter().zip(row) {
                plane[start + x] += value;
            }
        }
    });
    out
}

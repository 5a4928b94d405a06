//! A transformer network's forward pass.
//!
//! Every map is written once as the sums of its convolution; its normalization waits until the next
//! convolution reads it. The two places at full size, `contract1` with `contract2` and `expand2`
//! with `expand3`, go in strips when the picture is large: the map between them is never whole.
//! Where its moments are needed they are taken first, in a pass of their own, so that a
//! strip sees the moments of the whole. A picture takes about 55 bytes a pixel.

use std::sync::OnceLock;

use super::{
    layers::{Architecture, CONTRACTING, EXPANDING, Layer, Then},
    norms::Norms,
    tensors::Tensors,
};
use crate::{
    error::{Error, Result},
    kernels::{
        Buffer, Isa,
        planar::{
            Edge, Moments, Packed, Shape, Source, Target, add_scaled, convolve, rectify_scaled,
            sigmoid,
        },
    },
    pixels::Planes,
};

/// The smallest side of a picture: a kernel of 9 mirrors 4 pixels.
pub const SMALLEST_PX: usize = 5;

/// A map between two convolutions of full size goes in strips from this size on (64 MB).
const WHOLE_VALUES: usize = 1 << 24;

/// Fewest rows of a strip.
const STRIP_ROWS: usize = 64;

/// A loaded network.
pub struct Transformer {
    architecture: Architecture,
    pub(super) layers: Vec<Layer>,
    /// `[out, in, k, k]` of each layer.
    weights: Vec<Vec<f32>>,
    biases: Vec<Vec<f32>>,
    packed: Vec<Packed>,
    pub(super) isa: Isa,
    /// For the reverse pass, made when it is first asked for.
    reversed: OnceLock<Vec<Packed>>,
    strip_values: usize,
}

/// Scale and shift of each channel.
pub(super) type Affine = (Vec<f32>, Vec<f32>);

impl Transformer {
    /// Reads the weights of all convolutions.
    ///
    /// # Errors
    /// When some are missing.
    pub(super) fn load(architecture: Architecture, tensors: &Tensors<'_>) -> Result<Self> {
        let (layers, isa) = (architecture.layers(), Isa::detect());
        let (mut weights, mut biases, mut packed) = (Vec::new(), Vec::new(), Vec::new());
        for layer in &layers {
            let length = layer.to * layer.from * layer.kernel * layer.kernel;
            let weight = tensors.weight(&layer.name, length)?;
            let channels = (layer.to, layer.from);
            let padding = layer.kernel / 2;
            packed.push(if layer.upsampled {
                Packed::upsampled(&weight, channels, isa)
            } else {
                let kernel = (layer.kernel, layer.stride);
                Packed::new(&weight, channels, kernel, (padding, padding), isa)
            });
            biases.push(tensors.bias(&layer.name, layer.to)?);
            weights.push(weight);
        }
        Ok(Self {
            architecture,
            layers,
            weights,
            biases,
            packed,
            isa,
            reversed: OnceLock::new(),
            strip_values: WHOLE_VALUES,
        })
    }

    /// Paints `picture` (sRGB, 0..1) in a style: sRGB between 0 and 1, of the same size.
    ///
    /// # Errors
    /// When a side is below [`SMALLEST_PX`], the style belongs to another network, or memory runs out.
    pub fn paint(&self, picture: &Planes, norms: &Norms) -> Result<Planes> {
        self.check(picture, norms)?;
        let whole = Shape::whole(3, picture.height, picture.width);
        let input = Self::source(whole, &picture.data, None);
        // Down to a quarter.
        let (shape, map, affine) = self.two([0, 1], &input, norms)?;
        let input = Self::source(shape, &map, affine.as_ref());
        let (shape, mut x, affine) = self.one(2, &input, norms)?;
        drop(map);
        if let Some((scale, shift)) = &affine {
            rectify_scaled(&mut x, (scale, shift), self.isa);
        }
        // Residual blocks.
        let last = self.layers.len() - EXPANDING;
        for layer in (CONTRACTING..last).step_by(2) {
            let input = Self::source(shape, &x, None);
            let (_, map, affine) = self.one(layer, &input, norms)?;
            let input = Self::source(shape, &map, affine.as_ref());
            let (_, map, affine) = self.one(layer + 1, &input, norms)?;
            if let Some((scale, shift)) = &affine {
                add_scaled(&mut x, &map, (scale, shift), self.isa);
            }
        }
        // And up again.
        let input = Self::source(shape, &x, None);
        let (shape, map, affine) = self.one(last, &input, norms)?;
        drop(x);
        let input = Self::source(shape, &map, affine.as_ref());
        let (shape, out, affine) = self.two([last + 1, last + 2], &input, norms)?;
        drop(map);
        let mut data = cropped(&out, shape, picture);
        drop(out);
        if let Some((scale, shift)) = &affine {
            sigmoid(&mut data, (scale, shift), self.isa);
        }
        Ok(Planes { data, ..*picture })
    }

    /// The weights of all convolutions for the reverse pass.
    pub(super) fn turned(&self) -> &[Packed] {
        self.reversed.get_or_init(|| {
            let layers = self.layers.iter().zip(&self.weights);
            layers
                .map(|(layer, weight)| {
                    turned(weight, (layer.to, layer.from), layer.kernel, self.isa)
                })
                .collect()
        })
    }

    pub(super) fn check(&self, picture: &Planes, norms: &Norms) -> Result<()> {
        if picture.width.min(picture.height) < SMALLEST_PX {
            let size = format!("{}x{}", picture.width, picture.height);
            let wanted = format!("both sides need at least {SMALLEST_PX} pixels");
            return Err(Error::setting("picture", size, wanted));
        }
        if norms.architecture() != self.architecture {
            let wanted = format!("this network is {}", self.architecture);
            return Err(Error::setting("style", norms.architecture(), wanted));
        }
        Ok(())
    }

    /// The layer's shape behind a map of this shape.
    pub(super) fn after(&self, layer: usize, shape: Shape) -> Shape {
        let packed = &self.packed[layer];
        Shape::whole(
            packed.outputs(),
            packed.output_side(shape.height),
            packed.output_side(shape.width),
        )
    }

    /// A map as a convolution reads it.
    pub(super) fn source<'a>(
        shape: Shape,
        data: &'a [f32],
        affine: Option<&'a Affine>,
    ) -> Source<'a> {
        Source {
            shape,
            data,
            affine: affine.map(|(scale, shift)| (&scale[..], &shift[..])),
            rectify: affine.is_some(),
            edge: Edge::Mirror,
        }
    }

    /// One convolution into rows that begin with `shape.first`, or for its moments only.
    pub(super) fn convolve(
        &self,
        layer: usize,
        source: &Source<'_>,
        shape: Shape,
        rows: std::ops::Range<usize>,
        data: Option<&mut [f32]>,
    ) -> Result<Vec<Moments>> {
        let rectified = self.layers[layer].then == Then::Rectify;
        let source = Source {
            // A doubled map mirrored at its edge is its source's nearest pixel.
            edge: if self.layers[layer].upsampled {
                Edge::Nearest
            } else {
                source.edge
            },
            ..*source
        };
        let target = Target {
            shape,
            rows,
            data,
            bias: rectified.then_some(&self.biases[layer]),
            rectify: rectified,
        };
        convolve(&self.packed[layer], source, target, self.isa)
    }

    fn affine(&self, layer: usize, norms: &Norms, moments: &[Moments]) -> Option<Affine> {
        let normed = self.layers[layer].is_normed();
        normed.then(|| norms.affine(layer, moments))
    }

    /// One convolution of a whole map.
    fn one(
        &self,
        layer: usize,
        source: &Source<'_>,
        norms: &Norms,
    ) -> Result<(Shape, Buffer, Option<Affine>)> {
        let shape = self.after(layer, source.shape);
        let mut map = Buffer::zeroed(shape.len())?;
        let moments = self.convolve(layer, source, shape, 0..shape.height, Some(&mut map))?;
        Ok((shape, map, self.affine(layer, norms, &moments)))
    }

    /// Two convolutions, the map between them in strips where it is large.
    fn two(
        &self,
        [first, second]: [usize; 2],
        source: &Source<'_>,
        norms: &Norms,
    ) -> Result<(Shape, Buffer, Option<Affine>)> {
        let between = self.after(first, source.shape);
        if between.len() <= self.strip_values {
            let (between, map, affine) = self.one(first, source, norms)?;
            return self.one(second, &Self::source(between, &map, affine.as_ref()), norms);
        }
        let affine = if self.layers[first].is_normed() {
            let moments = self.convolve(first, source, between, 0..between.height, None)?;
            self.affine(first, norms, &moments)
        } else {
            None
        };
        let shape = self.after(second, between);
        let mut out = Buffer::zeroed(shape.len())?;
        let mut moments = vec![Moments::default(); shape.channels];
        let row_values = between.channels * between.width;
        let ratio = between.height.div_ceil(shape.height);
        let rows = (self.strip_values / row_values / ratio).max(STRIP_ROWS);
        let mut strip = Buffer::empty();
        for start in (0..shape.height).step_by(rows) {
            let end = shape.height.min(start + rows);
            let (low, high) = self.packed[second].rows_read(start, end, between.height);
            // Rows of an upsampled map come in pairs.
            let low = low - low % 2;
            let part = Shape {
                first: low,
                rows: high - low,
                ..between
            };
            strip.resize(part.len())?;
            self.convolve(first, source, part, low..high, Some(&mut strip))?;
            let input = Self::source(part, &strip, affine.as_ref());
            let more = self.convolve(second, &input, shape, start..end, Some(&mut out))?;
            for (moments, more) in moments.iter_mut().zip(more) {
                *moments = moments.with(more);
            }
        }
        Ok((shape, out, self.affine(second, norms, &moments)))
    }
}

/// A convolution's weights for the reverse pass: `[in, out, k, k]`, turned by half a turn.
fn turned(weight: &[f32], (to, from): (usize, usize), kernel: usize, isa: Isa) -> Packed {
    let taps = kernel * kernel;
    let mut swapped = Vec::with_capacity(weight.len());
    for input in 0..from {
        for output in 0..to {
            let kernel = &weight[(output * from + input) * taps..][..taps];
            swapped.extend(kernel.iter().rev());
        }
    }
    let padding = (kernel - 1, kernel - 1);
    Packed::new(&swapped, (from, to), (kernel, 1), padding, isa)
}

/// The first rows and columns of a map, as many as the picture has.
pub(super) fn cropped(map: &[f32], shape: Shape, picture: &Planes) -> Vec<f32> {
    let mut data = Vec::with_capacity(3 * picture.pixels());
    for plane in map.chunks_exact(shape.height * shape.width) {
        for row in plane.chunks_exact(shape.width).take(picture.height) {
            data.extend_from_slice(&row[..picture.width]);
        }
    }
    data
}

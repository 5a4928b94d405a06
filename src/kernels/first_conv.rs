//! The first convolution: three color planes to 64 channels, and its gradient back.
//!
//! With three input channels Winograd's transforms would cost more than they save. Forward:
//! `[27 taps][64 pixels]` are copied out of the padded picture and multiplied with the weights.
//! Reverse: every pixel of the gradient gives 27 contributions to the picture, a product with 32
//! columns (tap by tap, three colors each), which are then summed where they belong.
//!
//! The picture is padded once, with zeros or its nearest pixels; the gradient of the padding
//! belongs to whatever was copied there.

use rayon::prelude::*;

use super::{
    isa::{Isa, Kernel},
    matrix::{Next, Product, multiply},
    memory::{Buffer, Shared, at, with_scratch},
    simd::{BLOCK, Portable, Simd, write_bits},
};
use crate::{error::Result, network::EdgePadding};

/// Pixels of a row that are multiplied together.
const SEGMENT: usize = 48;

/// Colors times taps.
const TAPS: usize = 27;

/// Taps whose contributions share the first panel of the reverse product; the other four share
/// the second.
const FIRST_PANEL_TAPS: usize = 5;

/// Rows that a task handles at a time.
const ROWS: usize = 8;

/// Weights of the first convolution, packed for both directions.
pub struct FirstConv {
    outputs: usize,
    bias: Vec<f32>,
    /// `[outputs / 16][27][16]`.
    forward: Vec<f32>,
    /// `[2][outputs][16]`: lane `3 · tap + color`, taps 0 to 4 in the first panel.
    reverse: Vec<f32>,
}

impl FirstConv {
    /// Packs `weight` `[outputs, 3, 3, 3]`.
    ///
    /// # Panics
    /// When lengths do not match or `outputs` is not a multiple of 32.
    pub fn new(weight: &[f32], bias: &[f32]) -> Self {
        let outputs = bias.len();
        assert_eq!(weight.len(), outputs * TAPS, "[out, 3, 3, 3]");
        assert!(outputs.is_multiple_of(32), "{outputs} is no multiple of 32");
        let mut forward = vec![0.0; outputs * TAPS];
        let mut reverse = vec![0.0; 2 * outputs * BLOCK];
        for output in 0..outputs {
            for color in 0..3 {
                for tap in 0..9 {
                    let value = weight[(output * 3 + color) * 9 + tap];
                    let (panel, lane) = (output / BLOCK, output % BLOCK);
                    forward[(panel * TAPS + color * 9 + tap) * BLOCK + lane] = value;
                    let (panel, tap) = panel_of(tap);
                    reverse[(panel * outputs + output) * BLOCK + tap * 3 + color] = value;
                }
            }
        }
        Self {
            outputs,
            bias: bias.to_vec(),
            forward,
            reverse,
        }
    }

    /// `max(0, convolution + bias)` of a picture `[3][H][W]`, as `[outputs / 16][H · W][16]`, and
    /// the mask of its positive values. `padded` is scratch.
    ///
    /// # Errors
    /// When memory runs out.
    ///
    /// # Panics
    /// When lengths do not match.
    pub fn forward(
        &self,
        picture: &[f32],
        (height, width): (usize, usize),
        edge: EdgePadding,
        padded: &mut Buffer,
        (activation, mask): (&mut [f32], &mut [u16]),
        isa: Isa,
    ) -> Result<()> {
        assert_eq!(picture.len(), 3 * height * width, "[3, H, W]");
        assert_eq!(activation.len(), self.outputs * height * width, "[C, H, W]");
        assert_eq!(
            mask.len(),
            self.outputs / BLOCK * height * width,
            "[C, H, W]"
        );
        padded.resize(padded_length(height, width))?;
        pad(picture, (height, width), edge, padded);
        let padded: &[f32] = padded;
        let (activation, mask) = (Shared::new(activation), Shared::new(mask));
        let length = (TAPS + self.outputs) * SEGMENT;
        (0..height).into_par_iter().try_for_each(|y| {
            with_scratch(length, |scratch| {
                isa.run(ForwardRow {
                    first: self,
                    padded,
                    y,
                    height,
                    width,
                    activation,
                    mask,
                    scratch,
                });
            })
        })
    }

    /// The gradient of the picture, `[3][H][W]`, from that of the sums,
    /// `[outputs / 16][H · W][16]`. `padded` is scratch.
    ///
    /// # Errors
    /// When memory runs out.
    ///
    /// # Panics
    /// When lengths do not match.
    pub fn reverse(
        &self,
        gradient: &[f32],
        (height, width): (usize, usize),
        edge: EdgePadding,
        padded: &mut Buffer,
        isa: Isa,
    ) -> Result<Vec<f32>> {
        assert_eq!(gradient.len(), self.outputs * height * width, "[C, H, W]");
        padded.resize(padded_length(height, width))?;
        let out = Shared::new(padded);
        let bands = (height + 2).div_ceil(ROWS);
        (0..bands).into_par_iter().try_for_each(|band| {
            with_scratch(3 * contributions_length(width), |scratch| {
                isa.run(ReverseBand {
                    first: self,
                    gradient,
                    start: band * ROWS,
                    end: (height + 2).min((band + 1) * ROWS),
                    height,
                    width,
                    out,
                    scratch,
                });
            })
        })?;
        Ok(unpad(padded, (height, width), edge))
    }
}

/// Panel and place in it of a tap of the reverse product.
const fn panel_of(tap: usize) -> (usize, usize) {
    (tap / FIRST_PANEL_TAPS, tap % FIRST_PANEL_TAPS)
}

/// Length of a padded row: segments may read past the end of a row.
const fn row_length(width: usize) -> usize {
    width.div_ceil(SEGMENT) * SEGMENT + 2
}

const fn padded_length(height: usize, width: usize) -> usize {
    3 * (height + 2) * row_length(width)
}

/// Contributions of one row of gradient pixels, with two pixels of zeros at both ends.
const fn contributions_length(width: usize) -> usize {
    2 * (width + 4) * BLOCK
}

/// `[3][H + 2][row_length]` from `[3][H][W]`.
fn pad(picture: &[f32], (height, width): (usize, usize), edge: EdgePadding, padded: &mut [f32]) {
    let rows = padded.par_chunks_mut(row_length(width)).enumerate();
    rows.with_min_len(ROWS).for_each(|(row, padded)| {
        let (plane, y) = (row / (height + 2), row % (height + 2));
        padded.fill(0.0);
        let outside = y == 0 || y == height + 1;
        if outside && edge == EdgePadding::Zero {
            return;
        }
        let from = (plane * height + (y.max(1) - 1).min(height - 1)) * width;
        let pixels = &picture[from..from + width];
        padded[1..=width].copy_from_slice(pixels);
        if edge == EdgePadding::Replicate {
            padded[0] = pixels[0];
            padded[width + 1] = pixels[width - 1];
        }
    });
}

/// The reverse of [`pad`]: `[3][H][W]` from `[3][H + 2][row_length]`.
fn unpad(padded: &[f32], (height, width): (usize, usize), edge: EdgePadding) -> Vec<f32> {
    let stride = row_length(width);
    let mut picture = vec![0.0; 3 * height * width];
    let rows = picture.par_chunks_mut(width).enumerate();
    rows.with_min_len(ROWS).for_each(|(row, out)| {
        let (plane, y) = (row / height, row % height);
        let row = |y: usize| &padded[(plane * (height + 2) + y) * stride..][..width + 2];
        let mut add = |from: &[f32]| {
            for (value, &more) in out.iter_mut().zip(&from[1..]) {
                *value += more;
            }
            if edge == EdgePadding::Replicate {
                out[0] += from[0];
                out[width - 1] += from[width + 1];
            }
        };
        add(row(y + 1));
        if edge == EdgePadding::Replicate {
            if y == 0 {
                add(row(0));
            }
            if y == height - 1 {
                add(row(height + 1));
            }
        }
    });
    picture
}

/// One row of the forward pass.
struct ForwardRow<'a> {
    first: &'a FirstConv,
    padded: &'a [f32],
    y: usize,
    height: usize,
    width: usize,
    activation: Shared<'a, f32>,
    mask: Shared<'a, u16>,
    /// `[27][SEGMENT]` taps, then `[outputs / 16][SEGMENT][16]` sums.
    scratch: &'a mut [f32],
}

impl Kernel for ForwardRow<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let stride = row_length(self.width);
        let (taps, sums) = self.scratch.split_at_mut(TAPS * SEGMENT);
        for start in (0..self.width).step_by(SEGMENT) {
            let count = SEGMENT.min(self.width - start);
            // 27 shifted copies of a segment instead of an unrolled picture: they stay in the first
            // cache, and the product reads them like any other rows.
            for (tap, taps) in taps.chunks_exact_mut(SEGMENT).enumerate() {
                let (plane, dy, dx) = (tap / 9, tap / 3 % 3, tap % 3);
                let row = (plane * (self.height + 2) + self.y + dy) * stride;
                taps.copy_from_slice(&self.padded[row + start + dx..][..SEGMENT]);
            }
            for panel in (0..self.first.outputs / BLOCK).step_by(S::PANELS) {
                let weights = panel * TAPS * BLOCK;
                // SAFETY: `taps` is [27][SEGMENT], `sums` [outputs / 16][SEGMENT][16], and the
                // weights of the panels are there.
                unsafe {
                    multiply::<S, 1, SEGMENT>(Product {
                        panel: at(&self.first.forward, weights, S::PANELS * TAPS * BLOCK),
                        panel_stride: TAPS * BLOCK,
                        rows: taps.as_ptr(),
                        block_stride: BLOCK * SEGMENT,
                        depth: TAPS,
                        out: sums[panel * SEGMENT * BLOCK..].as_mut_ptr(),
                        out_stride: SEGMENT * BLOCK,
                        count,
                        accumulate: false,
                        next: Next::NOTHING,
                    });
                }
            }
            // Bias and `ReLU` while the sums are still in the cache: the map is written once.
            let zero = S::splat(0.0);
            for panel in 0..self.first.outputs / BLOCK {
                let first = (panel * self.height + self.y) * self.width + start;
                for part in 0..S::PARTS {
                    let lane = part * S::LANES;
                    // SAFETY: `count` pixels of this row from `start` on, which is this task's;
                    // sums as above.
                    unsafe {
                        let bias = S::load(at(&self.first.bias, panel * BLOCK + lane, S::LANES));
                        for pixel in 0..count {
                            let from = (panel * SEGMENT + pixel) * BLOCK + lane;
                            let sum = S::load(at(sums, from, S::LANES)).add(bias);
                            // In this order a value that is not a number stays one.
                            let value = zero.max(sum);
                            let to = (first + pixel) * BLOCK + lane;
                            value.store(self.activation.at(to, S::LANES));
                            let mask = self.mask.at(first + pixel, 1);
                            write_bits::<S>(mask, 0, part, value.greater(zero));
                        }
                    }
                }
            }
        }
    }
}

/// Some rows of the padded gradient.
struct ReverseBand<'a> {
    first: &'a FirstConv,
    gradient: &'a [f32],
    /// Rows of the padded picture.
    start: usize,
    end: usize,
    height: usize,
    width: usize,
    out: Shared<'a, f32>,
    /// Contributions of three rows: `[3][2][W + 4][16]`.
    scratch: &'a mut [f32],
}

impl Kernel for ReverseBand<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self) {
        // Padded row y takes from gradient rows y - 2 to y; the first two have to be there. Bands
        // compute these two twice rather than wait for each other.
        for y in self.start..self.end + 2 {
            self.contribute::<S>(y);
            if y >= self.start + 2 {
                self.collect(y - 2);
            }
        }
    }
}

impl ReverseBand<'_> {
    /// Computes the contributions of gradient row `y - 2`, or zeros where there is no such row.
    #[inline(always)]
    fn contribute<S: Simd>(&mut self, y: usize) {
        let length = contributions_length(self.width);
        let row = &mut self.scratch[y % 3 * length..][..length];
        if y < 2 || y - 2 >= self.height {
            row.fill(0.0);
            return;
        }
        let outputs = self.first.outputs;
        // Two pixels of zeros at both ends: `collect` then needs no test for the edge.
        let panel_stride = (self.width + 4) * BLOCK;
        for panel in 0..2 {
            row[panel * panel_stride..][..2 * BLOCK].fill(0.0);
            row[(panel + 1) * panel_stride - 2 * BLOCK..][..2 * BLOCK].fill(0.0);
        }
        let positions = self.height * self.width;
        for panel in (0..2).step_by(S::PANELS) {
            let weights = panel * outputs * BLOCK;
            let pixel = (y - 2) * self.width;
            // SAFETY: rows are the W pixels of row y - 2 in every block of channels; the results
            // fill the row's scratch between its zeros.
            unsafe {
                multiply::<S, BLOCK, 1>(Product {
                    panel: at(&self.first.reverse, weights, S::PANELS * outputs * BLOCK),
                    panel_stride: outputs * BLOCK,
                    rows: at(self.gradient, pixel * BLOCK, self.width * BLOCK),
                    block_stride: positions * BLOCK,
                    depth: outputs,
                    out: row[panel * panel_stride + 2 * BLOCK..].as_mut_ptr(),
                    out_stride: panel_stride,
                    count: self.width,
                    accumulate: false,
                    next: Next::NOTHING,
                });
            }
        }
    }

    /// Sums the contributions to padded row `y`.
    #[inline(always)]
    fn collect(&mut self, y: usize) {
        let length = contributions_length(self.width);
        let panel_stride = (self.width + 4) * BLOCK;
        let plane = (self.height + 2) * row_length(self.width);
        let row = y * row_length(self.width);
        // Four lanes are enough for three colors; wider vectors would add up values of other taps.
        for x in 0..self.width + 2 {
            let mut sum = Portable::splat(0.0);
            for tap in 0..9 {
                let (dy, dx) = (tap / 3, tap % 3);
                let (panel, place) = panel_of(tap);
                // Gradient row y - dy was called y - dy + 2 in `contribute`, and pixel x - dx
                // lies two further on, behind the zeros.
                let from = (y + 2 - dy) % 3 * length
                    + panel * panel_stride
                    + (x + 2 - dx) * BLOCK
                    + place * 3;
                // SAFETY: four lanes from 3 · place on, at most lanes 12 to 15 of a pixel.
                sum = sum.add(unsafe { Portable::load(at(self.scratch, from, 4)) });
            }
            let mut lanes = [0.0; 4];
            // SAFETY: four lanes fit; the row is this task's.
            unsafe {
                sum.store(lanes.as_mut_ptr());
                for color in 0..3 {
                    *self.out.at(color * plane + row + x, 1) = lanes[color];
                }
            }
        }
    }
}

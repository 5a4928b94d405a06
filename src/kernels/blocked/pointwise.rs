//! A 1x1 convolution: at each position the same matrix.

use rayon::prelude::*;

use super::{Blocked, padded};
use crate::{
    error::Result,
    kernels::{
        isa::{Isa, Kernel},
        matrix::{Next, Product, multiply},
        memory::at,
        simd::{BLOCK, MAX_PANELS, Simd},
    },
};

/// Positions that all panels are multiplied with before the next ones: 32 channels of them fill less
/// than half of a first level cache.
pub(super) const POSITIONS: usize = 96;

/// The weights of a 1x1 convolution with what follows it.
pub struct Pointwise {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// `[outputs / 16][inputs][16]`, outputs filled up with zeros to 32, inputs to 16.
    panels: Vec<f32>,
    pub(super) bias: Vec<f32>,
    /// Whether `ReLU6` follows.
    clipped: bool,
}

/// Where a product reads and writes; distances are in values.
#[derive(Clone, Copy)]
pub(super) struct Places {
    /// The first block of the inputs that count, at the first position.
    pub(super) rows: *const f32,
    /// From one block of inputs to the next.
    pub(super) block_stride: usize,
    pub(super) out: *mut f32,
    /// From one block of outputs to the next.
    pub(super) out_stride: usize,
    /// Positions.
    pub(super) count: usize,
}

impl Pointwise {
    /// Packs `weight` `[outputs, inputs]` and `bias` `[outputs]`; `clipped` puts `ReLU6` behind them.
    ///
    /// # Panics
    /// When lengths do not match.
    pub fn new(weight: &[f32], bias: &[f32], inputs: usize, clipped: bool) -> Self {
        let outputs = bias.len();
        assert_eq!(weight.len(), outputs * inputs, "[out, in]");
        let depth = inputs.next_multiple_of(BLOCK);
        let mut panels = vec![0.0; depth * padded(outputs)];
        for (output, row) in weight.chunks_exact(inputs).enumerate() {
            let panel = &mut panels[output / BLOCK * depth * BLOCK..];
            for (input, value) in row.iter().enumerate() {
                panel[input * BLOCK + output % BLOCK] = *value;
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(padded(outputs), 0.0);
        Self {
            inputs,
            outputs,
            panels,
            bias,
            clipped,
        }
    }

    /// Inputs with what they are filled up with.
    pub(super) fn depth(&self) -> usize {
        self.inputs.next_multiple_of(BLOCK)
    }

    /// Multiplies `depth` inputs, from input `first` on, with `S::PANELS` panels of outputs, from panel
    /// `panel` on. Neither bias nor activation.
    ///
    /// # Safety
    /// `places` are valid for all blocks of these inputs and outputs and overlap nothing else.
    #[inline(always)]
    pub(super) unsafe fn product<S: Simd>(
        &self,
        panel: usize,
        (first, depth): (usize, usize),
        places: Places,
        accumulate: bool,
    ) {
        let panel_stride = self.depth() * BLOCK;
        let start = panel * panel_stride + first * BLOCK;
        let used = (S::PANELS - 1) * panel_stride + depth * BLOCK;
        // SAFETY: the panels are there; the rest is the caller's promise.
        unsafe {
            multiply::<S, BLOCK, 1>(Product {
                panel: at(&self.panels, start, used),
                panel_stride,
                rows: places.rows,
                block_stride: places.block_stride,
                depth,
                out: places.out,
                out_stride: places.out_stride,
                count: places.count,
                accumulate,
                next: Next::NOTHING,
            });
        }
    }

    /// What follows a product, of output block `block` at one position.
    #[inline(always)]
    pub(super) fn finish(&self, block: usize, position: &mut [f32; BLOCK]) {
        let bias = &self.bias[block * BLOCK..][..BLOCK];
        for lane in 0..BLOCK {
            let value = position[lane] + bias[lane];
            position[lane] = if self.clipped {
                value.clamp(0.0, 6.0)
            } else {
                value
            };
        }
    }

    /// Convolves a whole map.
    ///
    /// # Errors
    /// When memory runs out.
    ///
    /// # Panics
    /// When shapes do not match.
    pub fn convolve(&self, map: &Blocked, isa: Isa) -> Result<Blocked> {
        assert_eq!(map.channels, self.inputs, "channels");
        let mut out = Blocked::new(self.outputs, map.positions)?;
        let pairs = out
            .data
            .par_chunks_exact_mut(MAX_PANELS * map.positions * BLOCK);
        pairs.enumerate().for_each(|(pair, out)| {
            isa.run(Pair {
                weights: self,
                map,
                panel: pair * MAX_PANELS,
                out,
            });
        });
        Ok(out)
    }
}

/// Two panels of outputs at all positions.
struct Pair<'a> {
    weights: &'a Pointwise,
    map: &'a Blocked,
    /// The first of the two.
    panel: usize,
    /// `[2][positions][16]`.
    out: &'a mut [f32],
}

impl Kernel for Pair<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let stride = self.map.positions * BLOCK;
        for start in (0..self.map.positions).step_by(POSITIONS) {
            let count = POSITIONS.min(self.map.positions - start);
            for panel in (0..MAX_PANELS).step_by(S::PANELS) {
                let out = &mut self.out[panel * stride + start * BLOCK..];
                // SAFETY: the map has all inputs at `count` positions from `start` on, the result
                // these panels.
                unsafe {
                    let places = Places {
                        rows: at(&self.map.data, start * BLOCK, count * BLOCK),
                        block_stride: stride,
                        out: out.as_mut_ptr(),
                        out_stride: stride,
                        count,
                    };
                    let depth = (0, self.weights.depth());
                    self.weights
                        .product::<S>(self.panel + panel, depth, places, false);
                }
            }
            for panel in 0..MAX_PANELS {
                let out = &mut self.out[panel * stride + start * BLOCK..][..count * BLOCK];
                for position in out.as_chunks_mut::<BLOCK>().0 {
                    self.weights.finish(self.panel + panel, position);
                }
            }
        }
    }
}

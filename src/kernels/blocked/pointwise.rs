//! A 1x1 convolution: at each position the same matrix.

use rayon::prelude::*;

use super::{Blocked, activate, padded};
use crate::{
    error::Result,
    kernels::{
        isa::{Isa, Kernel},
        matrix::{Next, Product, multiply},
        memory::{Buffer, at},
        simd::{BLOCK, MAX_PANELS, Simd},
    },
};

/// Positions of a task: with 1280 channels they fill half of a second level cache.
const POSITIONS: usize = 96;

/// The weights of a 1x1 convolution with what follows it.
pub struct Pointwise {
    inputs: usize,
    outputs: usize,
    /// `[outputs / 16][inputs][16]`, outputs filled up with zeros to 32, inputs to 16.
    panels: Vec<f32>,
    bias: Vec<f32>,
    clipped: bool,
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

    /// Convolves into `memory`, whatever is in it; `added`, a map of the same shape as the result, is
    /// added behind the activation.
    ///
    /// # Errors
    /// When memory runs out.
    ///
    /// # Panics
    /// When shapes do not match.
    pub fn convolve(
        &self,
        map: &Blocked,
        added: Option<&Blocked>,
        memory: Buffer,
        isa: Isa,
    ) -> Result<Blocked> {
        assert_eq!(map.channels, self.inputs, "channels");
        let positions = map.positions;
        let mut out = Blocked::within(memory, self.outputs, positions)?;
        if let Some(added) = added {
            assert_eq!(added.data.len(), out.data.len(), "a map of the same shape");
        }
        let depth = self.inputs.next_multiple_of(BLOCK);
        let length = MAX_PANELS * positions * BLOCK;
        let panels = self.panels.par_chunks_exact(MAX_PANELS * depth * BLOCK);
        let tasks = out
            .data
            .par_chunks_exact_mut(length)
            .zip(panels)
            .enumerate();
        tasks.for_each(|(pair, (out, panels))| {
            isa.run(Pair {
                map: &map.data,
                positions,
                panels,
                out,
                bias: &self.bias[pair * MAX_PANELS * BLOCK..][..MAX_PANELS * BLOCK],
                clipped: self.clipped,
                added: added.map(|added| &added.data[pair * length..][..length]),
            });
        });
        Ok(out)
    }
}

/// Two panels of outputs at all positions.
struct Pair<'a> {
    /// `[inputs / 16][positions][16]`.
    map: &'a [f32],
    positions: usize,
    /// `[2][inputs][16]`.
    panels: &'a [f32],
    /// `[2][positions][16]`.
    out: &'a mut [f32],
    bias: &'a [f32],
    clipped: bool,
    added: Option<&'a [f32]>,
}

impl Kernel for Pair<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let panel_length = self.panels.len() / MAX_PANELS;
        let out_stride = self.positions * BLOCK;
        for start in (0..self.positions).step_by(POSITIONS) {
            let count = POSITIONS.min(self.positions - start);
            for panel in (0..MAX_PANELS).step_by(S::PANELS) {
                // SAFETY: whole panels; rows and results of `count` positions from `start` on.
                unsafe {
                    multiply::<S, BLOCK, 1>(Product {
                        panel: at(self.panels, panel * panel_length, S::PANELS * panel_length),
                        panel_stride: panel_length,
                        rows: at(self.map, start * BLOCK, count * BLOCK),
                        block_stride: out_stride,
                        depth: panel_length / BLOCK,
                        out: self
                            .out
                            .as_mut_ptr()
                            .add(panel * out_stride + start * BLOCK),
                        out_stride,
                        count,
                        accumulate: false,
                        next: Next::NOTHING,
                    });
                }
            }
            for panel in 0..MAX_PANELS {
                let from = panel * out_stride + start * BLOCK;
                let out = &mut self.out[from..][..count * BLOCK];
                let bias = &self.bias[panel * BLOCK..][..BLOCK];
                for position in out.as_chunks_mut::<BLOCK>().0 {
                    for (value, bias) in position.iter_mut().zip(bias) {
                        *value += bias;
                    }
                }
                activate(out, self.clipped);
                if let Some(added) = self.added {
                    let added = &added[from..][..count * BLOCK];
                    out.iter_mut().zip(added).for_each(|(v, a)| *v += a);
                }
            }
        }
    }
}

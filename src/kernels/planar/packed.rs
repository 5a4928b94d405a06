//! Weights of a convolution in the order in which the inner loop reads them.

use super::sums::outputs_at_once;
use crate::kernels::isa::Isa;

/// Weights of one convolution, `[phase][outputs / O][inputs · taps][O]`, where O outputs go
/// together. See [`Packed::new`] and [`Packed::upsampled`].
pub struct Packed {
    inputs: usize,
    outputs: usize,
    /// Side of the kernel: of the phases, where it is upsampled.
    kernel: usize,
    stride: usize,
    /// Pixels of padding above and to the left.
    before: usize,
    /// Pixels of padding below and to the right.
    after: usize,
    upsampled: bool,
    together: usize,
    weights: Vec<f32>,
}

/// Rows (or columns) of a 3x3 kernel that fall on the first and the second pixel of a phase, when
/// each pixel of the source stands for two.
const PHASES: [[&[usize]; 2]; 2] = [[&[0], &[1, 2]], [&[0, 1], &[2]]];

impl Packed {
    /// Packs `weight` `[outputs, inputs, kernel, kernel]` with a stride of 1 or 2, and (before,
    /// after) pixels of padding.
    ///
    /// # Panics
    /// When the length does not match.
    pub fn new(
        weight: &[f32],
        (outputs, inputs): (usize, usize),
        (kernel, stride): (usize, usize),
        (before, after): (usize, usize),
        isa: Isa,
    ) -> Self {
        assert_eq!(
            weight.len(),
            outputs * inputs * kernel * kernel,
            "[out, in, k, k]"
        );
        let together = outputs_at_once(outputs, isa);
        Self {
            inputs,
            outputs,
            kernel,
            stride,
            before,
            after,
            upsampled: false,
            together,
            weights: grouped(weight, outputs, together),
        }
    }

    /// Packs `weight` `[outputs, inputs, 3, 3]` for a convolution of the source with every pixel
    /// doubled in both directions, padded by one mirrored pixel. Every second row and column of the
    /// result sees the same source pixels: four kernels of 2x2, whose weights are sums.
    ///
    /// # Panics
    /// When the length does not match.
    pub fn upsampled(weight: &[f32], (outputs, inputs): (usize, usize), isa: Isa) -> Self {
        assert_eq!(weight.len(), outputs * inputs * 9, "[out, in, 3, 3]");
        let together = outputs_at_once(outputs, isa);
        let mut weights = Vec::new();
        for phase in 0..4 {
            let (down, right) = (PHASES[phase / 2], PHASES[phase % 2]);
            let mut small = Vec::with_capacity(outputs * inputs * 4);
            for kernel in weight.chunks_exact(9) {
                for rows in down {
                    for columns in right {
                        let taps = rows
                            .iter()
                            .flat_map(|y| columns.iter().map(move |x| 3 * y + x));
                        small.push(taps.map(|tap| kernel[tap]).sum());
                    }
                }
            }
            weights.extend(grouped(&small, outputs, together));
        }
        Self {
            inputs,
            outputs,
            kernel: 2,
            stride: 1,
            before: 1,
            after: 1,
            upsampled: true,
            together,
            weights,
        }
    }

    /// Channels read.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Channels written.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Rows (or columns) that a map of `side` rows becomes.
    pub fn output_side(&self, side: usize) -> usize {
        if self.upsampled {
            2 * side
        } else {
            (side + self.before + self.after - self.kernel) / self.stride + 1
        }
    }

    /// Rows of a source of `height` rows that rows `from..to` of the result are made of.
    pub fn rows_read(&self, from: usize, to: usize, height: usize) -> (usize, usize) {
        let (low, high) = if self.upsampled {
            ((from / 2) as isize - 1, to.div_ceil(2) + 1)
        } else {
            let low = (from * self.stride) as isize - self.before as isize;
            let high = (to - 1) * self.stride + self.kernel;
            (low, high.saturating_sub(self.before))
        };
        // What is mirrored at an edge lies no further inside than the padding is wide.
        let mirrored = |past: usize| height.saturating_sub(past + 1);
        let low_rows = if high > height {
            (low.max(0) as usize).min(mirrored(high - height))
        } else {
            low.max(0) as usize
        };
        let high_rows = if low < 0 {
            high.max(low.unsigned_abs() + 1)
        } else {
            high
        };
        (low_rows, high_rows.min(height))
    }

    /// The widest padding.
    pub(super) fn margin(&self) -> usize {
        self.before.max(self.after)
    }

    pub(super) fn before(&self) -> usize {
        self.before
    }

    pub(super) fn kernel(&self) -> usize {
        self.kernel
    }

    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    /// Rows (and columns) of the result for each of the source, where that is more than one.
    pub(super) fn phases_along(&self) -> usize {
        if self.upsampled { 2 } else { 1 }
    }

    /// Outputs that go together.
    pub(super) fn together(&self) -> usize {
        self.together
    }

    /// Terms of each sum.
    pub(super) fn taps(&self) -> usize {
        self.inputs * self.kernel * self.kernel
    }

    /// The weights of some outputs: `[taps][together]`.
    pub(super) fn group(&self, phase: usize, group: usize) -> &[f32] {
        let length = self.taps() * self.together;
        let groups = self.outputs / self.together;
        &self.weights[(phase * groups + group) * length..][..length]
    }
}

/// `[outputs / together][taps][together]` from `[outputs][taps]`.
fn grouped(weight: &[f32], outputs: usize, together: usize) -> Vec<f32> {
    let taps = weight.len() / outputs;
    let mut out = Vec::with_capacity(weight.len());
    for group in weight.chunks_exact(taps * together) {
        for tap in 0..taps {
            out.extend((0..together).map(|output| group[output * taps + tap]));
        }
    }
    out
}

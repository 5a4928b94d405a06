//! The inner loop: some outputs times some vectors of pixels, with the sums in registers.

use super::packed::Packed;
use crate::kernels::{isa::Isa, memory::at, simd::Simd};

/// Outputs that go together: as many as divide them all and leave registers for the pixels.
pub(super) fn outputs_at_once(outputs: usize, isa: Isa) -> usize {
    let most = match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => 8,
        _ => 4,
    };
    let fits = |count: &&usize| **count <= most && outputs.is_multiple_of(**count);
    *[8, 4, 3, 2].iter().find(fits).unwrap_or(&1)
}

/// Vectors of pixels that go together with so many outputs.
pub(super) const fn widest<S: Simd>(together: usize) -> usize {
    match (S::LANES, together) {
        (16, 8) | (8, _) => 3,
        (16, _) => 6,
        _ => 2,
    }
}

/// All outputs of one row of a tile.
pub(super) struct RowSums<'a, 'b> {
    pub(super) packed: &'a Packed,
    pub(super) phase: usize,
    /// Where each term of the sums lies, from the start of `input` on.
    pub(super) offsets: &'a [u32],
    pub(super) input: &'b [f32],
    /// Vectors of the row.
    pub(super) vectors: usize,
    /// `[outputs][out_stride]`.
    pub(super) out: &'b mut [f32],
    pub(super) out_stride: usize,
}

impl RowSums<'_, '_> {
    #[inline(always)]
    pub(super) fn run<S: Simd>(self) {
        let together = self.packed.together();
        // Even shares: 4 vectors go as 2 + 2, not as 3 + 1.
        let shares = self.vectors.div_ceil(widest::<S>(together));
        for share in 0..shares {
            let start = self.vectors * share / shares;
            let count = self.vectors * (share + 1) / shares - start;
            for group in 0..self.packed.outputs() / together {
                let from = start * S::LANES;
                let to = group * together * self.out_stride + from;
                let weights = self.packed.group(self.phase, group);
                let last = self.offsets[self.offsets.len() - 1] as usize;
                assert!(from + last + count * S::LANES <= self.input.len());
                assert!(to + (together - 1) * self.out_stride + count * S::LANES <= self.out.len());
                let part = Part {
                    offsets: self.offsets,
                    weights,
                    input: &self.input[from..],
                    out: &mut self.out[to..],
                    out_stride: self.out_stride,
                };
                // SAFETY: the last offset is the largest (`Geometry::offsets`), and the lines of
                // results are there: both as just checked.
                unsafe { part.dispatch::<S>(together, count) };
            }
        }
    }
}

struct Part<'a, 'b> {
    offsets: &'a [u32],
    /// `[taps][together]`.
    weights: &'a [f32],
    input: &'b [f32],
    out: &'b mut [f32],
    out_stride: usize,
}

impl Part<'_, '_> {
    /// # Safety
    /// `count` vectors can be read at each offset, and written at each line.
    #[inline(always)]
    unsafe fn dispatch<S: Simd>(self, together: usize, count: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            match together {
                8 if S::LANES == 16 => self.by_width::<S, 8>(count),
                4 => self.by_width::<S, 4>(count),
                3 => self.by_width::<S, 3>(count),
                2 => self.by_width::<S, 2>(count),
                _ => self.by_width::<S, 1>(count),
            }
        }
    }

    /// # Safety
    /// As for `dispatch`.
    #[inline(always)]
    unsafe fn by_width<S: Simd, const O: usize>(self, count: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            match count {
                6 if widest::<S>(O) >= 6 => self.sums::<S, O, 6>(),
                5 if widest::<S>(O) >= 5 => self.sums::<S, O, 5>(),
                4 if widest::<S>(O) >= 4 => self.sums::<S, O, 4>(),
                3 if widest::<S>(O) >= 3 => self.sums::<S, O, 3>(),
                2 => self.sums::<S, O, 2>(),
                _ => self.sums::<S, O, 1>(),
            }
        }
    }

    /// # Safety
    /// As for `dispatch`, with `P` vectors.
    #[inline(always)]
    unsafe fn sums<S: Simd, const O: usize, const P: usize>(self) {
        let mut sums = [[S::splat(0.0); P]; O];
        let input = self.input.as_ptr();
        // SAFETY: the caller's promise; the weights are [taps][O].
        unsafe {
            let mut weights = at(self.weights, 0, self.offsets.len() * O);
            for &offset in self.offsets {
                let pixels = input.add(offset as usize);
                let mut values = [S::splat(0.0); P];
                for p in 0..P {
                    values[p] = S::load(pixels.add(p * S::LANES));
                }
                for o in 0..O {
                    let weight = S::broadcast(weights.add(o));
                    for p in 0..P {
                        sums[o][p] = values[p].mul_add(weight, sums[o][p]);
                    }
                }
                weights = weights.add(O);
            }
            let out = self.out.as_mut_ptr();
            for o in 0..O {
                for p in 0..P {
                    sums[o][p].store(out.add(o * self.out_stride + p * S::LANES));
                }
            }
        }
    }
}

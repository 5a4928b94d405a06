//! The second half of a Winograd convolution: products, transformed back, and all that can be
//! done to a value while it is in a register.

use std::ops::Range;

use super::{
    Tile,
    pack::Packed,
    variant::{Four, Grid, MAX_OUTPUT, MAX_SIDE, Six, Variant},
};
use crate::{
    kernels::{
        isa::Kernel,
        matrix::{Next, Product, multiply},
        memory::{Shared, at},
        simd::{BLOCK, Simd, read_bits, write_bits},
    },
    network::Pooling,
};

/// What becomes of the sums.
#[derive(Clone, Copy)]
pub(super) enum Finish<'a> {
    Forward {
        bias: &'a [f32],
        activation: Option<Shared<'a, f32>>,
        mask: Option<Shared<'a, u16>>,
        pooled: Option<(Shared<'a, f32>, Pooling)>,
    },
    Reverse {
        out: Shared<'a, f32>,
        mask: Option<&'a [u16]>,
        add: bool,
    },
}

/// Multiplies transformed tiles with some panels of the weights and finishes the results.
pub(super) struct OutputTransform<'a> {
    pub(super) packed: &'a Packed,
    /// Panels of 16 written channels; a multiple of `S::PANELS` of them.
    pub(super) panels: Range<usize>,
    /// Tiles in reading order.
    pub(super) tiles: Range<usize>,
    /// `[frequency][block][tile][16]`, as `InputTransform` left it.
    pub(super) input: *const f32,
    pub(super) block_stride: usize,
    pub(super) frequency_stride: usize,
    /// `frequencies · product_stride` values.
    pub(super) products: &'a mut [f32],
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) finish: Finish<'a>,
}

/// From one frequency to the next in the scratch for products. One cache line more than the
/// products take: distances that are powers of two would put all frequencies of a tile into the
/// same few sets of the cache.
pub(super) const fn product_stride(panels: usize, tiles: usize) -> usize {
    (panels * tiles + 1) * BLOCK
}

impl Kernel for OutputTransform<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        match self.packed.tile {
            Tile::Four => self.transform::<S, Four>(),
            Tile::Six => self.transform::<S, Six>(),
        }
    }
}

impl OutputTransform<'_> {
    #[inline(always)]
    fn transform<S: Simd, V: Variant>(self) {
        let Packed { from, to, .. } = *self.packed;
        let tiles = self.tiles.len();
        let stride = product_stride(self.panels.len(), tiles);
        assert!(
            self.products.len() >= V::SIDE * V::SIDE * stride,
            "the scratch for products is too small"
        );
        let products = self.products.as_mut_ptr();
        // Frequencies outside: the tiles of one frequency stay near while all panels pass by; the
        // other way round each panel would bring all tiles in again.
        for frequency in 0..V::SIDE * V::SIDE {
            for (index, panel) in self.panels.clone().enumerate().step_by(S::PANELS) {
                let weights = (frequency * (to / BLOCK) + panel) * from * BLOCK;
                let count = S::PANELS * from * BLOCK;
                let next = self.next_panels::<S>(frequency, panel);
                // SAFETY: panels lie in [frequency][to / 16][from][16], tiles in
                // [frequency][block][tile][16], products in the scratch checked above.
                unsafe {
                    multiply::<S, BLOCK, 1>(Product {
                        panel: at(&self.packed.values, weights, count),
                        panel_stride: from * BLOCK,
                        rows: self.input.add(frequency * self.frequency_stride),
                        block_stride: self.block_stride,
                        depth: from,
                        out: products.add(frequency * stride + index * tiles * BLOCK),
                        out_stride: tiles * BLOCK,
                        count: tiles,
                        accumulate: false,
                        next,
                    });
                }
            }
        }
        let across = self.width.div_ceil(V::OUTPUT);
        for (panel_index, panel) in self.panels.clone().enumerate() {
            for (tile_index, tile) in self.tiles.clone().enumerate() {
                // The last tiles of a row and of the map reach over the edge: `finish_tile` cuts them.
                let y = tile / across * V::OUTPUT;
                let x = tile % across * V::OUTPUT;
                let place = (panel_index * tiles + tile_index) * BLOCK;
                for part in 0..S::PARTS {
                    // SAFETY: the products of this tile and panel, all computed above; the
                    // tile's pixels and panel are this task's alone.
                    unsafe {
                        let from = products.add(place + part * S::LANES);
                        let values = transform_tile::<S, V>(from, stride);
                        self.finish_tile::<S, V>(&values, panel, part, y, x);
                    }
                }
            }
        }
    }

    /// The weights that come after those of `panel` at `frequency`: the next panels, those of the
    /// next frequency, or the first ones that the next task is likely to take.
    #[inline(always)]
    fn next_panels<S: Simd>(&self, frequency: usize, panel: usize) -> Next {
        let Packed { from, to, .. } = *self.packed;
        let (frequency, panel) = if panel + S::PANELS < self.panels.end {
            (frequency, panel + S::PANELS)
        } else if frequency + 1 < self.packed.tile.frequencies() {
            (frequency + 1, self.panels.start)
        } else if self.panels.end < to / BLOCK {
            (0, self.panels.end)
        } else {
            return Next::NOTHING;
        };
        let start = (frequency * (to / BLOCK) + panel) * from * BLOCK;
        Next::of(&self.packed.values[start..][..S::PANELS * from * BLOCK])
    }

    /// # Safety
    /// OUTPUT x OUTPUT values are set, (y, x) lies inside the picture, and no other task works on
    /// this tile and panel.
    #[inline(always)]
    unsafe fn finish_tile<S: Simd, V: Variant>(
        &self,
        values: &Grid<S, MAX_OUTPUT>,
        panel: usize,
        part: usize,
        y: usize,
        x: usize,
    ) {
        let rows = V::OUTPUT.min(self.height - y);
        let columns = V::OUTPUT.min(self.width - x);
        let first = (panel * self.height + y) * self.width + x;
        let lane = part * S::LANES;
        // SAFETY: pixels first + i · width + j with i < rows, j < columns lie inside the map.
        unsafe {
            match self.finish {
                Finish::Reverse { out, mask, add } => {
                    for i in 0..rows {
                        for j in 0..columns {
                            let pixel = first + i * self.width + j;
                            let place = out.at(pixel * BLOCK + lane, S::LANES);
                            let mut value = values.get(i, j);
                            // The mask belongs to the convolution's part of the gradient alone:
                            // what stands in `out` from a tapped layer is masked already.
                            if let Some(mask) = mask {
                                value = value.keep(read_bits::<S>(at(mask, pixel, 1), 0, part));
                            }
                            if add {
                                value = value.add(S::load(place));
                            }
                            value.store(place);
                        }
                    }
                }
                Finish::Forward {
                    bias,
                    activation,
                    mask,
                    pooled,
                } => {
                    let bias = S::load(at(bias, panel * BLOCK + lane, S::LANES));
                    let zero = S::splat(0.0);
                    let mut active = Grid::<S, MAX_OUTPUT>::new();
                    for i in 0..V::OUTPUT {
                        for j in 0..V::OUTPUT {
                            // In this order a value that is not a number stays one.
                            active.set(i, j, zero.max(values.get(i, j).add(bias)));
                        }
                    }
                    // Layers before a pooling that nobody taps are never written: one bit a value is
                    // all that the reverse pass asks of them.
                    if let Some(activation) = activation {
                        for i in 0..rows {
                            for j in 0..columns {
                                let pixel = first + i * self.width + j;
                                let place = activation.at(pixel * BLOCK + lane, S::LANES);
                                active.get(i, j).store(place);
                            }
                        }
                    }
                    if let Some((out, pooling)) = pooled {
                        let origin = ((panel * (self.height / 2) + y / 2) * (self.width / 2)
                            + x / 2)
                            * BLOCK;
                        // Tiles have even sides, so a window never lies in two of them. An odd last
                        // row or column of the map is dropped, as pooling floors sizes.
                        for i in 0..rows / 2 {
                            for j in 0..columns / 2 {
                                let window = [
                                    active.get(2 * i, 2 * j),
                                    active.get(2 * i, 2 * j + 1),
                                    active.get(2 * i + 1, 2 * j),
                                    active.get(2 * i + 1, 2 * j + 1),
                                ];
                                let (value, bits) = pool(window, pooling);
                                let place = origin + (i * (self.width / 2) + j) * BLOCK + lane;
                                value.store(out.at(place, S::LANES));
                                if let Some(mask) = mask {
                                    let pixel = first + 2 * i * self.width + 2 * j;
                                    let above = mask.at(pixel, 2);
                                    write_bits::<S>(above, 0, part, bits[0]);
                                    write_bits::<S>(above, 1, part, bits[1]);
                                    let below = mask.at(pixel + self.width, 2);
                                    write_bits::<S>(below, 0, part, bits[2]);
                                    write_bits::<S>(below, 1, part, bits[3]);
                                }
                            }
                        }
                    } else if let Some(mask) = mask {
                        for i in 0..rows {
                            for j in 0..columns {
                                let pixel = first + i * self.width + j;
                                let bits = active.get(i, j).greater(zero);
                                write_bits::<S>(mask.at(pixel, 1), 0, part, bits);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One 2x2 window after the `ReLU`: its pooled value, and for each place the lanes through which
/// the gradient flows back: all that are positive (average), or the first maximum if positive.
#[inline(always)]
fn pool<S: Simd>(window: [S; 4], pooling: Pooling) -> (S, [u32; 4]) {
    let [a, b, c, d] = window;
    let zero = S::splat(0.0);
    match pooling {
        Pooling::Average => {
            let sum = a.add(b).add(c.add(d));
            let bits = [
                a.greater(zero),
                b.greater(zero),
                c.greater(zero),
                d.greater(zero),
            ];
            (sum.mul(S::splat(0.25)), bits)
        }
        Pooling::Max => {
            let best = a.max(b).max(c.max(d));
            let positive = best.greater(zero);
            // Comparing with the best instead of keeping an index: no lane ever branches.
            let first = a.equal(best) & positive;
            let second = b.equal(best) & positive & !first;
            let third = c.equal(best) & positive & !(first | second);
            let fourth = positive & !(first | second | third);
            (best, [first, second, third, fourth])
        }
    }
}

/// `Aᵀ M A` of one tile.
///
/// # Safety
/// `from` is valid for reads of a vector at each multiple of `stride` below SIDE² times it.
#[inline(always)]
unsafe fn transform_tile<S: Simd, V: Variant>(
    from: *const f32,
    stride: usize,
) -> Grid<S, MAX_OUTPUT> {
    let zero = S::splat(0.0);
    // Columns first, since a column's values are `stride` apart and are read once; the rows are then
    // taken from registers and the stack.
    let mut columns = Grid::<S, MAX_OUTPUT>::new();
    for x in 0..V::SIDE {
        let mut column = [zero; MAX_SIDE];
        for y in 0..V::SIDE {
            // SAFETY: the caller's promise.
            column[y] = unsafe { S::load(from.add((y * V::SIDE + x) * stride)) };
        }
        let column = V::output(column);
        for y in 0..V::OUTPUT {
            columns.set(y, x, column[y]);
        }
    }
    let mut values = Grid::new();
    for y in 0..V::OUTPUT {
        // SAFETY: OUTPUT x SIDE values are set.
        let row = V::output(unsafe { columns.row(y, V::SIDE) });
        for x in 0..V::OUTPUT {
            values.set(y, x, row[x]);
        }
    }
    values
}

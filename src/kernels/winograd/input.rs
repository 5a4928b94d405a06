//! The first half of a Winograd convolution: tiles of a feature map, transformed.

use std::ops::Range;

use super::{
    Source, Tile,
    variant::{Four, Grid, MAX_SIDE, Six, Variant},
};
use crate::kernels::{
    isa::Kernel,
    memory::{Shared, at},
    simd::{BLOCK, Simd, read_bits},
};

/// Values of the scratch that a tile with its surroundings is copied to where it cannot be read
/// in place.
pub(super) const PATCH: usize = MAX_SIDE * MAX_SIDE * BLOCK;

/// Transforms some tiles of some channel blocks: `[frequency][block][tile][16]`.
pub(super) struct InputTransform<'a> {
    pub(super) source: Source<'a>,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) tile: Tile,
    pub(super) blocks: Range<usize>,
    /// Tiles in reading order.
    pub(super) tiles: Range<usize>,
    /// Where tile `tiles.start` of block 0 goes.
    pub(super) out: Shared<'a, f32>,
    pub(super) block_stride: usize,
    pub(super) frequency_stride: usize,
    /// [`PATCH`] values.
    pub(super) patch: &'a mut [f32],
}

impl Kernel for InputTransform<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        match self.tile {
            Tile::Four => self.transform::<S, Four>(),
            Tile::Six => self.transform::<S, Six>(),
        }
    }
}

impl InputTransform<'_> {
    #[inline(always)]
    fn transform<S: Simd, V: Variant>(mut self) {
        let across = self.width.div_ceil(V::OUTPUT);
        for block in self.blocks.clone() {
            for (index, tile) in self.tiles.clone().enumerate() {
                let y = tile / across * V::OUTPUT;
                let x = tile % across * V::OUTPUT;
                // Most tiles of a large map: read in place, without a test for the edge.
                let inside =
                    y > 0 && x > 0 && y + V::OUTPUT < self.height && x + V::OUTPUT < self.width;
                let place = block * self.block_stride + index * BLOCK;
                // SAFETY: a tile that lies inside with its border of one pixel is read in place;
                // any other from the patch, which holds SIDE x SIDE pixels. The output is
                // [frequency][block][tile][16].
                unsafe {
                    match self.source {
                        Source::Plain(map) if inside => {
                            let offset = (block * self.height + y - 1) * self.width + x - 1;
                            let count = (V::SIDE - 1) * self.width + V::SIDE;
                            let map = at(map, offset * BLOCK, count * BLOCK);
                            self.transform_tile::<S, V>(map, self.width * BLOCK, place);
                        }
                        _ => {
                            self.copy_patch::<S, V>(block, y, x);
                            let patch = self.patch.as_ptr();
                            self.transform_tile::<S, V>(patch, V::SIDE * BLOCK, place);
                        }
                    }
                }
            }
        }
    }

    /// # Safety
    /// `map` holds SIDE rows of SIDE pixels, `row_stride` values apart.
    #[inline(always)]
    unsafe fn transform_tile<S: Simd, V: Variant>(
        &self,
        map: *const f32,
        row_stride: usize,
        place: usize,
    ) {
        let zero = S::splat(0.0);
        // A part of the block is carried through both directions before the next, so that less is held
        // between the two.
        for part in 0..S::PARTS {
            let mut columns = Grid::<S, MAX_SIDE>::new();
            for x in 0..V::SIDE {
                let mut column = [zero; MAX_SIDE];
                for y in 0..V::SIDE {
                    // SAFETY: inside the tile.
                    column[y] =
                        unsafe { S::load(map.add(y * row_stride + x * BLOCK + part * S::LANES)) };
                }
                let column = V::input(column);
                for y in 0..V::SIDE {
                    columns.set(y, x, column[y]);
                }
            }
            for y in 0..V::SIDE {
                // SAFETY: all SIDE x SIDE values are set.
                let row = V::input(unsafe { columns.row(y, V::SIDE) });
                for x in 0..V::SIDE {
                    let frequency = y * V::SIDE + x;
                    let place = frequency * self.frequency_stride + place + part * S::LANES;
                    // SAFETY: inside the output; this task alone writes its tiles and blocks.
                    unsafe { row[x].store(self.out.at(place, S::LANES)) }
                }
            }
        }
    }

    /// Copies the pixels around the tile at (y, x), with zeros beyond the edges.
    #[inline(always)]
    fn copy_patch<S: Simd, V: Variant>(&mut self, block: usize, y: usize, x: usize) {
        assert!(self.patch.len() >= PATCH, "the patch is too small");
        let (height, width) = (self.height, self.width);
        // The gradient of pooling is spread here, on the way in, so that no map of the full size is
        // ever written for it.
        for i in 0..V::SIDE {
            for j in 0..V::SIDE {
                // Row and column -1 wrap around to a number beyond every picture.
                let (y, x) = ((y + i).wrapping_sub(1), (x + j).wrapping_sub(1));
                for part in 0..S::PARTS {
                    let lane = part * S::LANES;
                    // SAFETY: pixels inside the map, pooled pixels inside the pooled map, and
                    // the patch's own SIDE x SIDE pixels.
                    unsafe {
                        let value = match self.source {
                            Source::Plain(map) if y < height && x < width => {
                                let pixel = (block * height + y) * width + x;
                                S::load(at(map, pixel * BLOCK + lane, S::LANES))
                            }
                            Source::Unpooled {
                                pooled,
                                mask,
                                scale,
                            } if y / 2 < height / 2 && x / 2 < width / 2 => {
                                let from = (block * (height / 2) + y / 2) * (width / 2) + x / 2;
                                let value = S::load(at(pooled, from * BLOCK + lane, S::LANES));
                                let pixel = (block * height + y) * width + x;
                                let bits = read_bits::<S>(at(mask, pixel, 1), 0, part);
                                value.mul(S::splat(scale)).keep(bits)
                            }
                            _ => S::splat(0.0),
                        };
                        let to = (i * V::SIDE + j) * BLOCK + lane;
                        value.store(self.patch.as_mut_ptr().add(to));
                    }
                }
            }
        }
    }
}

//! 3x3 convolution, stride 1, zero padding 1, by Winograd's minimal filtering, with everything
//! around it fused.
//!
//! Formula: `Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A`, summed over input channels between the brackets
//! (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015, arXiv 1509.09308).
//! F(4x4, 3x3) needs 36 multiplications for 16 outputs, F(6x6, 3x3) 64 for 36; directly it is
//! 144 and 324. [`Tile::for_size`] takes the cheaper one for the size at hand.
//!
//! Layout: feature maps `[C / 16][H · W][16]`, transformed weights `[frequency][to / 16][from][16]`,
//! transformed tiles `[frequency][from / 16][tile][16]`: for each frequency a matrix product with
//! tiles as rows. Vectors are read unaligned; buffers are aligned to cache lines, so that no
//! vector crosses one.
//!
//! Two schedules. Where the weights of a layer stay in the cache, each task takes a few tiles
//! from the map through all channels and back to the map, and its scratch stays in the core's
//! own cache. Where the weights are large, all tasks share one set of transformed tiles, and each
//! takes some of the weights, which are then read once.
//!
//! Fused into the way back: bias, `ReLU`, the masks that the reverse pass needs, 2x2 pooling; in
//! the reverse pass the `ReLU`'s mask and the gradient from a tapped layer. Fused into the way in:
//! the gradient of pooling.
//!
//! Tried and rejected: unrolled columns with a matrix product, as fast as PyTorch's direct
//! convolution on wide layers and no faster; F(2x2, 3x3), about half as fast as F(4x4) at 64 channels.
//!
//! Error against sums in f64, relative root mean square of one layer: 1e-6 for 4x4 tiles, 2e-6
//! for 6x6. Not used for the first layer, whose three channels leave nothing to gain.

mod input;
mod output;
mod pack;
mod tile;
mod variant;

use std::ops::Range;

use rayon::prelude::*;

use self::{
    input::{InputTransform, PATCH},
    output::{Finish, OutputTransform, product_stride},
};
use super::{
    isa::Isa,
    memory::{Buffer, Shared, with_scratch},
    simd::BLOCK,
};
use crate::error::Result;

pub use self::{
    pack::{Direction, Packed},
    tile::{Source, Target, Tile},
};

/// How the work is cut.
#[derive(Clone, Copy, Debug)]
struct Schedule {
    /// Tiles that go through together.
    tiles: usize,
    /// Panels of 16 written channels that a task takes at a time.
    panels: usize,
    /// Whether tasks share the transformed tiles.
    shared: bool,
}

/// Bytes of transformed tiles that a task keeps for itself: they should stay in a core's second
/// level cache of 512 KiB, with room for the products.
const LOCAL_BYTES: usize = 320 << 10;

/// Bytes of transformed tiles that all tasks share: they should stay in the last level cache.
const SHARED_BYTES: usize = 10 << 20;

/// Above so many bytes of transformed weights, tasks share tiles.
const RESIDENT_BYTES: usize = 6 << 20;

/// Most tiles that go through together where tasks share them: their products should stay in a
/// core's second level cache.
const SHARED_TILES: usize = 192;

/// Tiles are cut in multiples of this, so that the matrix kernel has few remainders.
const GRAIN: usize = 12;

impl Schedule {
    fn new(tile: Tile, (from, to): (usize, usize), count: usize, threads: usize) -> Self {
        // What one tile takes with all its channels: few tiles fit where there are many channels, and
        // a handful of tiles would read the weights again and again. Small blocks of tiles cost 15 to
        // 20 % from 256 channels on; such layers share their tiles instead.
        let tile_bytes = tile.frequencies() * from * size_of::<f32>();
        let limit = |bytes: usize| (bytes / tile_bytes / GRAIN * GRAIN).max(GRAIN);
        let local = limit(LOCAL_BYTES);
        // With fewer than three tasks a thread, some threads would idle at the end.
        let enough_tasks = count.div_ceil(local) >= 3 * threads || threads == 1;
        if Packed::bytes(from, to, tile) <= RESIDENT_BYTES && enough_tasks {
            return Self {
                tiles: local.min(count),
                panels: 2,
                shared: false,
            };
        }
        // Parts of equal size: a small last one would leave most threads without work.
        let parts = count.div_ceil(limit(SHARED_BYTES).min(SHARED_TILES));
        let tiles = count.div_ceil(parts).next_multiple_of(GRAIN).min(count);
        let many_panels = to / BLOCK / 4 >= 3 * threads;
        Self {
            tiles,
            panels: if many_panels && tiles <= SHARED_TILES / 2 {
                4
            } else {
                2
            },
            shared: true,
        }
    }

    fn frequency_stride(&self, from: usize) -> usize {
        // One cache line more, as in `product_stride`.
        (from / BLOCK * self.tiles + 1) * BLOCK
    }

    fn input_length(&self, tile: Tile, from: usize) -> usize {
        tile.frequencies() * self.frequency_stride(from)
    }

    fn product_length(&self, tile: Tile) -> usize {
        tile.frequencies() * product_stride(self.panels, self.tiles)
    }
}

/// Bytes of scratch that convolutions need at most, whatever their size.
pub fn scratch_bytes(threads: usize) -> usize {
    let products = Tile::Six.frequencies() * product_stride(2, SHARED_TILES) * size_of::<f32>();
    SHARED_BYTES + threads * products.max(2 * LOCAL_BYTES)
}

/// Convolves a map of `height` x `width` on rayon's current pool. `shared` is scratch that is
/// kept from call to call.
///
/// # Errors
/// When memory runs out.
///
/// # Panics
/// When a slice has not the length that its documentation says.
pub fn convolve(
    packed: &Packed,
    source: Source<'_>,
    (height, width): (usize, usize),
    target: Target<'_>,
    shared: &mut Buffer,
    isa: Isa,
) -> Result<()> {
    let Packed { tile, from, to, .. } = *packed;
    check_source(&source, from, height, width);
    let finish = checked_finish(target, to, height, width);
    let count = tile.count(height, width);
    let schedule = Schedule::new(tile, (from, to), count, rayon::current_num_threads());
    let block_stride = schedule.tiles * BLOCK;
    let frequency_stride = schedule.frequency_stride(from);
    let input_length = schedule.input_length(tile, from);
    let product_length = schedule.product_length(tile);
    let transform_input = |blocks, tiles, out: Shared<'_, f32>, patch: &mut [f32]| {
        isa.run(InputTransform {
            source,
            height,
            width,
            tile,
            blocks,
            tiles,
            out,
            block_stride,
            frequency_stride,
            patch,
        });
    };
    let transform_output = |panels, tiles, input: &[f32], products: &mut [f32]| {
        assert!(input.len() >= input_length, "transformed tiles are missing");
        isa.run(OutputTransform {
            packed,
            panels,
            tiles,
            input: input.as_ptr(),
            block_stride,
            frequency_stride,
            products,
            height,
            width,
            finish,
        });
    };
    let tile_ranges = ranges(count, schedule.tiles);
    let panel_ranges = ranges(to / BLOCK, schedule.panels);
    if !schedule.shared {
        // A task goes from map to map with its own tiles, so that nothing waits for other tasks and
        // what it transforms stays in its core's cache.
        return tile_ranges.into_par_iter().try_for_each(|tiles| {
            with_scratch(input_length + product_length + PATCH, |scratch| {
                let (input, rest) = scratch.split_at_mut(input_length);
                let (products, patch) = rest.split_at_mut(product_length);
                let out = Shared::new(input);
                transform_input(0..from / BLOCK, tiles.clone(), out, patch);
                for panels in &panel_ranges {
                    transform_output(panels.clone(), tiles.clone(), input, products);
                }
            })
        });
    }
    // The scratch grows and never shrinks: the largest layer comes in every step, and fresh pages
    // would have to be cleared each time.
    if shared.len() < input_length {
        shared.resize(input_length)?;
    }
    for tiles in tile_ranges {
        // Two phases with a wait between them: every task of the second reads all blocks.
        let out = Shared::new(shared);
        (0..from / BLOCK).into_par_iter().try_for_each(|block| {
            with_scratch(PATCH, |patch| {
                transform_input(block..block + 1, tiles.clone(), out, patch);
            })
        })?;
        let input: &[f32] = shared;
        panel_ranges.par_iter().try_for_each(|panels| {
            with_scratch(product_length, |products| {
                transform_output(panels.clone(), tiles.clone(), input, products);
            })
        })?;
    }
    Ok(())
}

/// `0..count` in pieces of `length`.
fn ranges(count: usize, length: usize) -> Vec<Range<usize>> {
    (0..count)
        .step_by(length)
        .map(|start| start..count.min(start + length))
        .collect()
}

fn check_source(source: &Source<'_>, channels: usize, height: usize, width: usize) {
    let fits = match source {
        Source::Plain(map) => map.len() == channels * height * width,
        Source::Unpooled { pooled, mask, .. } => {
            pooled.len() == channels * (height / 2) * (width / 2)
                && mask.len() == channels / BLOCK * height * width
        }
    };
    assert!(fits, "the source is not {channels} x {height} x {width}");
}

fn checked_finish(target: Target<'_>, channels: usize, height: usize, width: usize) -> Finish<'_> {
    let map = channels * height * width;
    let fits = |length: usize, expected: usize| {
        assert_eq!(length, expected, "{channels} x {height} x {width}");
    };
    match target {
        Target::Forward {
            bias,
            activation,
            mask,
            pooled,
        } => {
            fits(bias.len(), channels);
            if let Some(activation) = &activation {
                fits(activation.len(), map);
            }
            if let Some(mask) = &mask {
                fits(mask.len(), map / BLOCK);
            }
            if let Some((pooled, _)) = &pooled {
                fits(pooled.len(), channels * (height / 2) * (width / 2));
            }
            Finish::Forward {
                bias,
                activation: activation.map(Shared::new),
                mask: mask.map(Shared::new),
                pooled: pooled.map(|(map, pooling)| (Shared::new(map), pooling)),
            }
        }
        Target::Reverse { out, mask, add } => {
            fits(out.len(), map);
            if let Some(mask) = mask {
                fits(mask.len(), map / BLOCK);
            }
            Finish::Reverse {
                out: Shared::new(out),
                mask,
                add,
            }
        }
    }
}

//! A block of `MobileNet`-v2 in one go: wider, filtered, narrow again.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    Blocked, Depthwise, Pointwise,
    depthwise::SIDE,
    pointwise::{POSITIONS, Places},
};
use crate::{
    error::Result,
    kernels::{
        isa::{Isa, Kernel},
        memory::{Buffer, Shared, at, with_scratch},
        simd::{BLOCK, MAX_PANELS, Simd},
    },
};

/// Most values of scratch memory: half of a second level cache of 512 KiB.
const SCRATCH: usize = 1 << 16;

/// Fewest rows of a strip, where a map has so many: a strip computes up to two rows of its neighbors.
const FEWEST_ROWS: usize = 4;

/// An inverted residual block (Sandler and others 2018, arXiv 1801.04381): a 1x1 convolution to many
/// channels, a 3x3 convolution of each, a 1x1 convolution to few, and perhaps the input added.
///
/// The wide maps are six times as large as the others and used once, so they are never made: a strip of
/// rows is widened, filtered and added to the result 32 channels at a time.
pub struct Bottleneck {
    expand: Option<Pointwise>,
    depthwise: Depthwise,
    project: Pointwise,
    adds: bool,
}

impl Bottleneck {
    /// A block of these layers; `adds` when its input is added.
    ///
    /// # Panics
    /// When the layers do not fit together.
    pub fn new(
        expand: Option<Pointwise>,
        depthwise: Depthwise,
        project: Pointwise,
        adds: bool,
    ) -> Self {
        let wide = depthwise.channels;
        assert!(expand.as_ref().is_none_or(|expand| expand.outputs == wide));
        assert_eq!(project.inputs, wide, "channels");
        let block = Self {
            expand,
            depthwise,
            project,
            adds,
        };
        assert!(!adds || block.inputs() == block.project.outputs && block.depthwise.stride == 1);
        block
    }

    /// Channels of its input.
    fn inputs(&self) -> usize {
        let expand = self.expand.as_ref();
        expand.map_or(self.depthwise.channels, |expand| expand.inputs)
    }

    /// The side that a square map of `side` becomes.
    pub fn output_side(&self, side: usize) -> usize {
        self.depthwise.output_side(side)
    }

    /// Convolves a square map of `side` into `memory`, whatever is in it.
    ///
    /// # Errors
    /// When memory runs out.
    ///
    /// # Panics
    /// When shapes do not match.
    pub fn convolve(
        &self,
        map: &Blocked,
        side: usize,
        memory: Buffer,
        isa: Isa,
    ) -> Result<Blocked> {
        assert_eq!(map.channels, self.inputs(), "channels");
        assert_eq!(map.positions, side * side, "a square map");
        let to = self.output_side(side);
        let mut out = Blocked::within(memory, self.project.outputs, to * to)?;
        let shared = Shared::new(&mut out.data);
        let height = self.strip_height(side, to);
        let strips = (0..to.div_ceil(height)).into_par_iter();
        strips.try_for_each(|strip| {
            let strip = Strip {
                block: self,
                map,
                side,
                out: shared,
                to,
                rows: strip * height..((strip + 1) * height).min(to),
            };
            with_scratch(strip.scratch_length(), |scratch| {
                isa.run(InScratch { strip, scratch });
            })
        })?;
        Ok(out)
    }

    /// Rows of the result that are computed together.
    fn strip_height(&self, side: usize, to: usize) -> usize {
        let width = side + self.depthwise.before + self.depthwise.after;
        let positions = SCRATCH / (MAX_PANELS * BLOCK);
        let fit = positions.saturating_sub(SIDE * width) / (self.depthwise.stride * width + to);
        let shared = to.div_ceil(rayon::current_num_threads());
        fit.min(shared).max(FEWEST_ROWS).min(to)
    }
}

/// Some rows of the result.
struct Strip<'a> {
    block: &'a Bottleneck,
    map: &'a Blocked,
    side: usize,
    /// The whole result.
    out: Shared<'a, f32>,
    /// Its side.
    to: usize,
    rows: Range<usize>,
}

impl Strip<'_> {
    /// Width and height of the piece of the wide map that these rows need, with zeros around the map.
    fn wide(&self) -> (usize, usize) {
        let filter = &self.block.depthwise;
        (
            self.side + filter.before + filter.after,
            (self.rows.len() - 1) * filter.stride + SIDE,
        )
    }

    /// Positions of the result.
    fn positions(&self) -> usize {
        self.rows.len() * self.to
    }

    /// Two blocks of the wide piece, of what is filtered, and of a few positions.
    fn scratch_length(&self) -> usize {
        let (width, height) = self.wide();
        MAX_PANELS * BLOCK * (width * height + self.positions() + POSITIONS)
    }

    /// Where row 0 of the wide piece lies on the map with zeros around it.
    fn top(&self) -> usize {
        self.rows.start * self.block.depthwise.stride
    }

    /// The map's rows that are on the piece.
    fn source_rows(&self) -> Range<usize> {
        let before = self.block.depthwise.before;
        let (_, height) = self.wide();
        let first = self.top().saturating_sub(before);
        first..(self.top() + height - before).min(self.side)
    }

    /// The bias, and the input where it is added, at all positions of the result.
    #[inline(always)]
    fn begin(&self) {
        let project = &self.block.project;
        let count = self.positions() * BLOCK;
        for block in 0..project.bias.len() / BLOCK {
            let bias = &project.bias[block * BLOCK..][..BLOCK];
            let start = (block * self.to + self.rows.start) * self.to * BLOCK;
            // SAFETY: no other strip has these rows.
            let out = unsafe { std::slice::from_raw_parts_mut(self.out.at(start, count), count) };
            for position in out.as_chunks_mut::<BLOCK>().0 {
                position.copy_from_slice(bias);
            }
            if self.block.adds {
                let added = &self.map.data[start..][..count];
                for (to, value) in out.iter_mut().zip(added) {
                    *to += value;
                }
            }
        }
    }

    /// `S::PANELS` blocks of the wide piece, from block `first` on; `few` is scratch for a few positions.
    #[inline(always)]
    fn widen<S: Simd>(&self, first: usize, wide: &mut [f32], few: &mut [f32]) {
        let filter = &self.block.depthwise;
        let (width, height) = self.wide();
        let source = self.source_rows();
        let top = source.start + filter.before - self.top();
        let start = source.start * self.side;
        let total = source.len() * self.side;
        let stride = self.map.positions * BLOCK;
        let mut done = 0;
        while done < total {
            let count = POSITIONS.min(total - done);
            if let Some(expand) = &self.block.expand {
                // SAFETY: the map has all inputs at these positions, `few` room for them.
                unsafe {
                    let places = Places {
                        rows: at(&self.map.data, (start + done) * BLOCK, count * BLOCK),
                        block_stride: stride,
                        out: few.as_mut_ptr(),
                        out_stride: POSITIONS * BLOCK,
                        count,
                    };
                    expand.product::<S>(first, (0, expand.depth()), places, false);
                }
            }
            for panel in 0..S::PANELS {
                let block = first + panel;
                let wide = &mut wide[panel * width * height * BLOCK..];
                let from: &[f32] = match &self.block.expand {
                    Some(_) => &few[panel * POSITIONS * BLOCK..],
                    None => &self.map.data[block * stride + (start + done) * BLOCK..],
                };
                let (mut y, mut x) = (done / self.side, done % self.side);
                for position in &from.as_chunks::<BLOCK>().0[..count] {
                    let place = (top + y) * width + filter.before + x;
                    let to = &mut wide.as_chunks_mut::<BLOCK>().0[place];
                    *to = *position;
                    if let Some(expand) = &self.block.expand {
                        expand.finish(block, to);
                    }
                    x += 1;
                    if x == self.side {
                        (y, x) = (y + 1, 0);
                    }
                }
            }
            done += count;
        }
    }

    /// Adds what `depth` filtered channels, from channel `first` on, give to the result.
    #[inline(always)]
    fn narrow<S: Simd>(&self, first: usize, depth: usize, filtered: &[f32]) {
        let project = &self.block.project;
        let positions = self.positions();
        for start in (0..positions).step_by(POSITIONS) {
            let count = POSITIONS.min(positions - start);
            for panel in (0..project.outputs.div_ceil(BLOCK)).step_by(S::PANELS) {
                let place = (panel * self.to + self.rows.start) * self.to + start;
                // SAFETY: `filtered` has these positions; no other strip has these rows of the result.
                unsafe {
                    let places = Places {
                        rows: at(filtered, start * BLOCK, count * BLOCK),
                        block_stride: positions * BLOCK,
                        out: self.out.at(place * BLOCK, count * BLOCK),
                        out_stride: self.to * self.to * BLOCK,
                        count,
                    };
                    project.product::<S>(panel, (first, depth), places, true);
                }
            }
        }
    }
}

/// A strip with memory to work in.
struct InScratch<'a, 'b> {
    strip: Strip<'a>,
    scratch: &'b mut [f32],
}

impl Kernel for InScratch<'_, '_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let strip = &self.strip;
        let (width, height) = strip.wide();
        let piece = width * height * BLOCK;
        let result = strip.positions() * BLOCK;
        let (wide, rest) = self.scratch.split_at_mut(MAX_PANELS * piece);
        let (filtered, few) = rest.split_at_mut(MAX_PANELS * result);
        // The zeros around the map stay, whatever channels come.
        wide.fill(0.0);
        strip.begin();
        let depth = strip.block.project.depth();
        for first in (0..depth).step_by(MAX_PANELS * BLOCK) {
            let blocks = ((depth - first) / BLOCK).min(MAX_PANELS);
            for panel in (0..blocks).step_by(S::PANELS) {
                let block = first / BLOCK + panel;
                strip.widen::<S>(block, &mut wide[panel * piece..], few);
            }
            for panel in 0..blocks {
                strip.block.depthwise.filter::<S>(
                    first / BLOCK + panel,
                    (&wide[panel * piece..], width),
                    (&mut filtered[panel * result..][..result], strip.to),
                );
            }
            strip.narrow::<S>(first, blocks * BLOCK, filtered);
        }
    }
}

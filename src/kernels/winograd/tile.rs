//! What a convolution is made of: the side of its tiles, the map it reads, the maps it writes.

use crate::network::Pooling;

/// The side of an output tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tile {
    /// F(4x4, 3x3).
    Four,
    /// F(6x6, 3x3).
    Six,
}

impl Tile {
    /// The variant with less work for a map of this size.
    ///
    /// On large maps 6x6 tiles need up to 28 % fewer multiplications. Small maps are cheap either
    /// way, a ragged last tile eats much of the gain, and there the smaller error counts: in a
    /// small picture a single maximum or sign that rounding tips over shows in the gradient. The
    /// border is a plain one, so that a larger picture never needs less memory.
    pub fn for_size(height: usize, width: usize) -> Self {
        if height.min(width) > 56 {
            Self::Six
        } else {
            Self::Four
        }
    }

    pub(super) const fn side(self) -> usize {
        match self {
            Self::Four => 4,
            Self::Six => 6,
        }
    }

    /// Multiplications for each tile and pair of channels.
    pub const fn frequencies(self) -> usize {
        (self.side() + 2) * (self.side() + 2)
    }

    /// Tiles that cover a map.
    pub const fn count(self, height: usize, width: usize) -> usize {
        height.div_ceil(self.side()) * width.div_ceil(self.side())
    }
}

/// The map that a convolution reads, `[C / 16][H · W][16]`.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// As it is.
    Plain(&'a [f32]),
    /// The gradient of 2x2 pooling, spread over the windows: `scale · pooled` where the mask is
    /// set, 0 elsewhere, in rows and columns that pooling dropped as well.
    Unpooled {
        /// `[C / 16][(H / 2) · (W / 2)][16]`.
        pooled: &'a [f32],
        /// `[C / 16][H · W]`, one bit per channel, as a forward convolution left it.
        mask: &'a [u16],
        /// 1 for maxima, 1/4 for averages.
        scale: f32,
    },
}

/// What a convolution writes.
pub enum Target<'a> {
    /// `max(0, sums + bias)`, and what follows from it.
    Forward {
        /// One for each written channel.
        bias: &'a [f32],
        /// `[C / 16][H · W][16]` after the `ReLU`.
        activation: Option<&'a mut [f32]>,
        /// `[C / 16][H · W]`, one bit per channel, for the reverse pass. Without pooling: where
        /// the activation is positive. With: through which places the gradient flows back.
        mask: Option<&'a mut [u16]>,
        /// `[C / 16][(H / 2) · (W / 2)][16]`, and how it is made.
        pooled: Option<(&'a mut [f32], Pooling)>,
    },
    /// The plain sums, masked.
    Reverse {
        /// `[C / 16][H · W][16]`.
        out: &'a mut [f32],
        /// Sums are kept where the bit is set.
        mask: Option<&'a [u16]>,
        /// Add to what stands in `out`?
        add: bool,
    },
}

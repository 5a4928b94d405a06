//! Maps as convolutions read and write them.

use std::ops::Range;

/// A map of which rows `first .. first + rows` are at hand, `[channels][rows][width]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// C.
    pub channels: usize,
    /// H of the whole map.
    pub height: usize,
    /// W.
    pub width: usize,
    /// The first row at hand.
    pub first: usize,
    /// Rows at hand.
    pub rows: usize,
}

impl Shape {
    /// A map that is there as a whole.
    pub const fn whole(channels: usize, height: usize, width: usize) -> Self {
        Self {
            channels,
            height,
            width,
            first: 0,
            rows: height,
        }
    }

    /// Values at hand.
    pub const fn len(&self) -> usize {
        self.channels * self.rows * self.width
    }

    /// Whether nothing is at hand.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What lies outside a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The map mirrored, its outermost pixels not repeated: -1 reads 1.
    Mirror,
    /// The nearest pixel.
    Nearest,
    /// Zeros.
    Zero,
}

/// What a convolution reads.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Which rows are at hand.
    pub shape: Shape,
    /// `[channels][rows][width]`.
    pub data: &'a [f32],
    /// `scale · value + shift` of each channel, as instance normalization makes it.
    pub affine: Option<(&'a [f32], &'a [f32])>,
    /// Negative values (after `affine`) are 0.
    pub rectify: bool,
    /// What lies outside.
    pub edge: Edge,
}

/// What a convolution writes.
pub struct Target<'a> {
    /// Which rows are at hand.
    pub shape: Shape,
    /// Which rows are wanted.
    pub rows: Range<usize>,
    /// `[channels][rows][width]`; `None` when only moments are wanted.
    pub data: Option<&'a mut [f32]>,
    /// Added to each channel.
    pub bias: Option<&'a [f32]>,
    /// `ReLU` after the bias?
    pub rectify: bool,
}

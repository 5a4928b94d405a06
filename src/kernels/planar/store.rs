//! What happens to a row of sums: bias, activation, moments, and the way to the map.

use super::shapes::Shape;
use crate::kernels::{memory::Shared, simd::Simd};

/// Mean and variance of a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// The number of values.
    pub count: f64,
    /// Their mean.
    pub mean: f64,
    /// Their mean squared distance from it.
    pub variance: f64,
}

impl Moments {
    /// Of all values together (Chan, Golub and `LeVeque` 1983).
    pub(super) fn merged<'a>(parts: impl Iterator<Item = &'a Sums>) -> Self {
        parts.map(Sums::moments).fold(Self::default(), Self::with)
    }

    /// With more values.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let count = self.count + other.count;
        if count == 0.0 {
            return self;
        }
        let (share, distance) = (other.count / count, other.mean - self.mean);
        Self {
            count,
            mean: self.mean + share * distance,
            variance: (1.0 - share) * self.variance
                + share * other.variance
                + share * (1.0 - share) * distance * distance,
        }
    }
}

/// Sums of the values of a tile, less a value that is near their mean.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    count: f64,
    origin: f32,
    sum: f64,
    squares: f64,
}

impl Sums {
    fn moments(&self) -> Moments {
        if self.count == 0.0 {
            return Moments::default();
        }
        let mean = self.sum / self.count;
        Moments {
            count: self.count,
            mean: f64::from(self.origin) + mean,
            variance: (self.squares / self.count - mean * mean).max(0.0),
        }
    }
}

/// Where rows of results go.
#[derive(Clone, Copy)]
pub(super) struct Store<'a> {
    pub(super) shape: Shape,
    pub(super) data: Option<Shared<'a, f32>>,
    pub(super) bias: Option<&'a [f32]>,
    pub(super) rectify: bool,
}

impl Store<'_> {
    /// Finishes the first `count` values of `row` and puts them at (channel, row, column).
    #[inline(always)]
    pub(super) fn row<S: Simd>(
        &self,
        (channel, y, x): (usize, usize, usize),
        row: &mut [f32],
        count: usize,
        sums: &mut Sums,
    ) {
        let bias = match self.bias {
            Some(bias) => bias[channel],
            None => 0.0,
        };
        let row = &mut row[..count.next_multiple_of(S::LANES)];
        let (biases, zero) = (S::splat(bias), S::splat(0.0));
        if sums.count == 0.0 {
            sums.origin = row[0];
        }
        let origin = S::splat(sums.origin);
        let (mut plain, mut squares) = (zero, zero);
        for i in (0..row.len()).step_by(S::LANES) {
            let used = (count - i).min(S::LANES);
            // SAFETY: a vector from `i` on lies inside the row.
            unsafe {
                let place = row.as_mut_ptr().add(i);
                let mut value = S::load(place).add(biases);
                if self.rectify {
                    value = zero.max(value);
                }
                value.store(place);
                let distance = value.sub(origin).keep(((1_u64 << used) - 1) as u32);
                plain = plain.add(distance);
                squares = distance.mul_add(distance, squares);
            }
        }
        sums.count += count as f64;
        sums.sum += total(plain);
        sums.squares += total(squares);
        if let Some(data) = self.data {
            let Shape {
                rows, width, first, ..
            } = self.shape;
            let to = (channel * rows + y - first) * width + x;
            // SAFETY: this part of the row belongs to this tile alone.
            unsafe {
                let target = std::slice::from_raw_parts_mut(data.at(to, count), count);
                target.copy_from_slice(&row[..count]);
            }
        }
    }
}

/// The sum of the lanes.
#[inline(always)]
fn total<S: Simd>(vector: S) -> f64 {
    let mut lanes = [0.0_f32; 16];
    // SAFETY: a vector has at most 16 lanes.
    unsafe { vector.store(lanes.as_mut_ptr()) };
    let mut total = 0.0;
    for lane in lanes {
        total += f64::from(lane);
    }
    total
}

/// `left` and `right` in turn.
#[inline(always)]
pub(super) fn interleave(left: &[f32], right: &[f32], count: usize, out: &mut [f32]) {
    let (left, right, out) = (&left[..count], &right[..count], &mut out[..2 * count]);
    for i in 0..count {
        out[2 * i] = left[i];
        out[2 * i + 1] = right[i];
    }
}

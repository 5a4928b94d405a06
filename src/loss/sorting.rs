//! Sorting of single rows by value, and quantiles of sorted rows: the ground of the measures that
//! compare one-dimensional distributions.
//!
//! Done on the processor for every device: a radix sort of 2^18 values takes a few milliseconds.

/// Below this length a comparison sort is faster than passes over buckets.
const SHORT: usize = 1024;

/// Sorts rows; keeps its memory between them.
#[derive(Default)]
pub(super) struct Sorter {
    pairs: Vec<u64>,
    spare: Vec<u64>,
}

impl Sorter {
    /// `(value, index)` in ascending order of value; equal values in the order of their index.
    /// Values that are not numbers go to the ends.
    pub(super) fn ranked<'a>(
        &'a mut self,
        values: &[f32],
    ) -> impl ExactSizeIterator<Item = (f32, usize)> + Clone + use<'a> {
        self.pairs.clear();
        self.pairs
            .extend(values.iter().enumerate().map(|(index, &value)| {
                // Adding 0 makes -0 a plain 0.
                u64::from(ascending_bits(value + 0.0)) << 32 | index as u64
            }));
        if values.len() < SHORT {
            self.pairs.sort_unstable();
        } else {
            self.by_buckets();
        }
        self.pairs.iter().map(|&pair| {
            (
                from_ascending_bits((pair >> 32) as u32),
                pair as u32 as usize,
            )
        })
    }

    /// The values of `row` in ascending order, in place.
    pub(super) fn sort(&mut self, row: &mut [f32]) {
        let sorted: Vec<f32> = self.ranked(row).map(|(value, _)| value).collect();
        row.copy_from_slice(&sorted);
    }

    /// Least significant digit first, three digits of 11 bits over the 32 bits of the value.
    fn by_buckets(&mut self) {
        const DIGIT: usize = 1 << 11;
        self.spare.resize(self.pairs.len(), 0);
        for shift in [32, 43, 54] {
            let digit = |pair: u64| (pair >> shift) as usize % DIGIT;
            let mut starts = [0_u32; DIGIT];
            for &pair in &self.pairs {
                starts[digit(pair)] += 1;
            }
            let mut sum = 0;
            for start in &mut starts {
                sum += std::mem::replace(start, sum);
            }
            for &pair in &self.pairs {
                let place = &mut starts[digit(pair)];
                self.spare[*place as usize] = pair;
                *place += 1;
            }
            std::mem::swap(&mut self.pairs, &mut self.spare);
        }
    }
}

/// The bits of a float turned so that they sort as the float does.
fn ascending_bits(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits >> 31 == 1 {
        !bits
    } else {
        bits | 1 << 31
    }
}

fn from_ascending_bits(bits: u32) -> f32 {
    f32::from_bits(if bits >> 31 == 1 {
        bits & !(1 << 31)
    } else {
        !bits
    })
}

/// Reads a sorted row as if it had another number of values.
#[derive(Clone, Copy)]
pub(super) struct Quantiles<'a> {
    sorted: &'a [f32],
    step: f64,
}

impl<'a> Quantiles<'a> {
    /// Quantiles of `sorted` at the ranks of a row of `length` values. Neither may be empty.
    pub(super) fn new(sorted: &'a [f32], length: usize) -> Self {
        Self {
            sorted,
            step: sorted.len() as f64 / length as f64,
        }
    }

    /// The value at `rank`, linear between neighbors; exact when the lengths agree.
    pub(super) fn at(&self, rank: usize) -> f32 {
        let place = (rank as f64 + 0.5) * self.step - 0.5;
        let place = place.clamp(0.0, (self.sorted.len() - 1) as f64);
        let below = place as usize;
        let above = (below + 1).min(self.sorted.len() - 1);
        let part = (place - below as f64) as f32;
        self.sorted[below] + part * (self.sorted[above] - self.sorted[below])
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};

    use super::*;

    #[test]
    fn long_and_short_rows_sort_as_the_library_does() {
        let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(1);
        let mut sorter = Sorter::default();
        for length in [0, 1, 7, SHORT - 1, SHORT, 5000] {
            let values: Vec<f32> = (0..length)
                .map(|_| match rng.random_range(0..4) {
                    0 => 0.0,
                    1 => -0.0,
                    _ => rng.random_range(-1.0_f32..1.0) * 10_f32.powi(rng.random_range(-20..20)),
                })
                .collect();
            let mut expected: Vec<(f32, usize)> = values.iter().copied().zip(0..).collect();
            expected.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap());
            assert!(sorter.ranked(&values).eq(expected));
        }
    }

    #[test]
    fn quantiles_are_exact_at_equal_length_and_keep_the_ends_near() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        let same = Quantiles::new(&sorted, 4);
        assert_eq!([0, 1, 2, 3].map(|rank| same.at(rank)), sorted);
        let half = Quantiles::new(&sorted, 2);
        assert_eq!([half.at(0), half.at(1)], [1.5, 6.0]);
        let double = Quantiles::new(&sorted, 8);
        assert_eq!([double.at(0), double.at(1), double.at(7)], [1.0, 1.25, 8.0]);
        assert_eq!(Quantiles::new(&[3.0], 5).at(4), 3.0);
    }
}

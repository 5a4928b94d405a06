//! What is done to whole maps value by value.

use rayon::prelude::*;

use crate::kernels::{
    isa::{Isa, Kernel},
    simd::Simd,
};

/// Values that a task handles.
const CHUNK: usize = 1 << 14;

/// `map += scale · other + shift`, channel by channel.
///
/// # Panics
/// When lengths do not match.
pub fn add_scaled(map: &mut [f32], other: &[f32], (scale, shift): (&[f32], &[f32]), isa: Isa) {
    assert_eq!(map.len(), other.len(), "two maps of one shape");
    assert_eq!(scale.len(), shift.len(), "a scale and a shift each");
    let plane = map.len() / scale.len();
    assert_eq!(map.len(), plane * scale.len(), "whole channels");
    let planes = map.par_chunks_mut(plane).zip(other.par_chunks(plane));
    planes.enumerate().for_each(|(channel, (map, other))| {
        let chunks = map.par_chunks_mut(CHUNK).zip(other.par_chunks(CHUNK));
        chunks.for_each(|(map, other)| {
            isa.run(AddScaled {
                map,
                other,
                scale: scale[channel],
                shift: shift[channel],
            });
        });
    });
}

struct AddScaled<'a> {
    map: &'a mut [f32],
    other: &'a [f32],
    scale: f32,
    shift: f32,
}

impl Kernel for AddScaled<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        for i in 0..self.map.len() {
            self.map[i] += self.scale * self.other[i] + self.shift;
        }
    }
}

/// `map = max(0, scale · map + shift)`, channel by channel.
///
/// # Panics
/// When lengths do not match.
pub fn rectify_scaled(map: &mut [f32], affine: (&[f32], &[f32]), isa: Isa) {
    each_chunk(map, affine, |map, scale, shift| {
        isa.run(RectifyScaled { map, scale, shift });
    });
}

struct RectifyScaled<'a> {
    map: &'a mut [f32],
    scale: f32,
    shift: f32,
}

impl Kernel for RectifyScaled<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        for i in 0..self.map.len() {
            self.map[i] = (self.scale * self.map[i] + self.shift).max(0.0);
        }
    }
}

/// `work` on parts of every channel, with its scale and shift.
fn each_chunk(
    map: &mut [f32],
    (scale, shift): (&[f32], &[f32]),
    work: impl Fn(&mut [f32], f32, f32) + Sync,
) {
    assert_eq!(scale.len(), shift.len(), "a scale and a shift each");
    let plane = map.len() / scale.len();
    assert_eq!(map.len(), plane * scale.len(), "whole channels");
    map.par_chunks_mut(plane)
        .enumerate()
        .for_each(|(channel, map)| {
            let chunks = map.par_chunks_mut(CHUNK);
            chunks.for_each(|map| work(map, scale[channel], shift[channel]));
        });
}

/// `map = 1 / (1 + exp(-(scale · map + shift)))`, channel by channel.
///
/// # Panics
/// When lengths do not match.
pub fn sigmoid(map: &mut [f32], affine: (&[f32], &[f32]), isa: Isa) {
    each_chunk(map, affine, |map, scale, shift| {
        isa.run(Sigmoid { map, scale, shift });
    });
}

struct Sigmoid<'a> {
    map: &'a mut [f32],
    scale: f32,
    shift: f32,
}

impl Kernel for Sigmoid<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        for i in 0..self.map.len() {
            self.map[i] = 1.0 / (1.0 + exp(-(self.scale * self.map[i] + self.shift)));
        }
    }
}

/// `exp` without a branch or a table, so that a loop of it becomes vectors: 2ⁿ by the exponent's
/// bits times a Taylor polynomial on ±ln 2 / 2. Relative error 2e-7 between -87 and 87, which
/// other arguments are cut to.
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// Added and subtracted, it rounds to a whole number; its lowest bits are that number.
    const ROUND: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = if x > 87.0 { 87.0 } else { x };
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let power = shifted.to_bits().wrapping_sub(ROUND.to_bits());
    let rest = x - n * LN_2_HIGH - n * LN_2_LOW;
    let mut sum = 1.0 / 5040.0;
    for factor in [
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        sum = sum * rest + factor;
    }
    sum * f32::from_bits(power.wrapping_add(127) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_exact_to_a_few_parts_in_ten_million() {
        for step in -8700..=8700 {
            let x = step as f32 / 100.0;
            let exact = f64::from(x).exp();
            let error = (f64::from(exp(x)) - exact).abs() / exact;
            assert!(error < 4e-7, "exp({x}): {error}");
        }
        assert!(exp(1e9).is_finite() && exp(-1e9) > 0.0);
    }
}

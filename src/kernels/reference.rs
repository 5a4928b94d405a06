//! Plain nested loops with f64 sums: the reference for the kernels.

use rand::{RngExt as _, SeedableRng as _};

use super::simd::BLOCK;

/// Values in -1..1 with a fixed seed.
pub(super) fn noise(length: usize, seed: u64) -> Vec<f32> {
    let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
    (0..length).map(|_| rng.random_range(-1.0..1.0)).collect()
}

/// Relative root mean square of the difference; panics where lengths differ.
pub(super) fn error(found: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len(), "lengths differ");
    let square = |sum: f64, value: f64| sum + value * value;
    let pairs = found.iter().zip(expected);
    let wrong = pairs.map(|(f, e)| f64::from(*f) - e).fold(0.0, square);
    let size = expected.iter().copied().fold(0.0, square);
    if size == 0.0 {
        wrong.sqrt()
    } else {
        (wrong / size).sqrt()
    }
}

/// `[C / 16][N][16]` from `[C][N]`.
pub(super) fn blocked_from_planar(planar: &[f32], channels: usize) -> Vec<f32> {
    let positions = planar.len() / channels;
    let mut blocked = vec![0.0; planar.len()];
    for c in 0..channels {
        for n in 0..positions {
            blocked[(c / BLOCK * positions + n) * BLOCK + c % BLOCK] = planar[c * positions + n];
        }
    }
    blocked
}

/// 3x3 correlation of `[C][H][W]` with `[K][C][3][3]`, zeros outside.
pub(super) fn convolve(
    map: &[f64],
    weight: &[f64],
    (outputs, inputs): (usize, usize),
    (height, width): (usize, usize),
) -> Vec<f64> {
    let mut out = vec![0.0; outputs * height * width];
    for k in 0..outputs {
        for y in 0..height {
            for x in 0..width {
                let mut sum = 0.0;
                for c in 0..inputs {
                    for (dy, dx) in (0..3).flat_map(|dy| (0..3).map(move |dx| (dy, dx))) {
                        let (y, x) = ((y + dy).wrapping_sub(1), (x + dx).wrapping_sub(1));
                        if y < height && x < width {
                            sum += map[(c * height + y) * width + x]
                                * weight[((k * inputs + c) * 3 + dy) * 3 + dx];
                        }
                    }
                }
                out[(k * height + y) * width + x] = sum;
            }
        }
    }
    out
}

/// Weights of the input gradient: flipped in space, swapped in channels.
pub(super) fn flipped(weight: &[f64], outputs: usize, inputs: usize) -> Vec<f64> {
    let mut out = vec![0.0; weight.len()];
    for k in 0..outputs {
        for c in 0..inputs {
            for tap in 0..9 {
                out[(c * outputs + k) * 9 + 8 - tap] = weight[(k * inputs + c) * 9 + tap];
            }
        }
    }
    out
}

/// The same numbers in f64.
pub(super) fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

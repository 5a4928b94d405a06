//! The most that one thread can multiply and add, to compare kernels with.

use std::time::{Duration, Instant};

use super::{
    isa::{Isa, Kernel},
    simd::{BLOCK, Simd},
};

/// Sums that do not wait for each other: two units with a latency of four need eight, and twelve
/// leave room on every instruction set.
const SUMS: usize = 12;

/// Multiplications of each sum between two looks at the clock: some ten milliseconds. In shorter
/// bursts a processor may run faster than it can for the length of a step.
const ROUNDS: usize = 2_000_000;

/// Floating-point operations a second, in units of 10^9, of multiply-adds in registers on this
/// thread: the best of many short measurements within `time`.
pub fn peak_gflops(isa: Isa, time: Duration) -> f64 {
    let mut sums: Vec<f32> = (0..SUMS * BLOCK).map(|i| i as f32).collect();
    let mut lanes = BLOCK;
    let mut best = 0.0_f64;
    let clock = Instant::now();
    while clock.elapsed() < time {
        let start = Instant::now();
        isa.run(Work {
            sums: &mut sums,
            lanes: &mut lanes,
        });
        let flop = (2 * SUMS * lanes * ROUNDS) as f64;
        best = best.max(flop / start.elapsed().as_secs_f64() / 1e9);
    }
    best
}

struct Work<'a> {
    /// `[SUMS][16]`.
    sums: &'a mut [f32],
    /// Lanes of the instruction set, told to the caller.
    lanes: &'a mut usize,
}

impl Kernel for Work<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        assert_eq!(self.sums.len(), SUMS * BLOCK, "one vector a sum");
        *self.lanes = S::LANES;
        let mut sums = [S::splat(0.0); SUMS];
        for i in 0..SUMS {
            // SAFETY: a block holds at least one vector.
            sums[i] = unsafe { S::load(self.sums.as_ptr().add(i * BLOCK)) };
        }
        let (factor, addend) = (S::splat(0.5), S::splat(1.0));
        for _ in 0..ROUNDS {
            for i in 0..SUMS {
                sums[i] = sums[i].mul_add(factor, addend);
            }
        }
        for i in 0..SUMS {
            // SAFETY: as above.
            unsafe { sums[i].store(self.sums.as_mut_ptr().add(i * BLOCK)) }
        }
    }
}

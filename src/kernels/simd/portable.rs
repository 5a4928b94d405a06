//! 128-bit vectors as plain arrays: what every compiler target can do.

use super::Simd;

/// Four values.
#[derive(Clone, Copy)]
#[repr(align(16))]
pub(in crate::kernels) struct Portable([f32; 4]);

/// Lane by lane. A macro, not a function with a closure: see [`crate::kernels::isa::Kernel`].
macro_rules! lanes {
    ($i:ident => $value:expr) => {{
        let mut result = [0.0; 4];
        for $i in 0..4 {
            result[$i] = $value;
        }
        Portable(result)
    }};
}

macro_rules! bits {
    ($i:ident => $condition:expr) => {{
        let mut result = 0;
        for $i in 0..4 {
            result |= u32::from($condition) << $i;
        }
        result
    }};
}

impl Simd for Portable {
    const LANES: usize = 4;
    // 64-bit ARM has 32 registers, SSE2 16; one row takes 4 accumulators.
    const ROWS: usize = if cfg!(target_arch = "aarch64") { 6 } else { 2 };
    const PANELS: usize = 1;

    #[inline(always)]
    unsafe fn load(source: *const f32) -> Self {
        // SAFETY: readable by the caller's promise; read as unaligned.
        Self(unsafe { source.cast::<[f32; 4]>().read_unaligned() })
    }

    #[inline(always)]
    unsafe fn broadcast(source: *const f32) -> Self {
        // SAFETY: readable by the caller's promise.
        Self([unsafe { *source }; 4])
    }

    #[inline(always)]
    unsafe fn store(self, target: *mut f32) {
        // SAFETY: writable by the caller's promise; written as unaligned.
        unsafe { target.cast::<[f32; 4]>().write_unaligned(self.0) }
    }

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self([value; 4])
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        lanes!(i => self.0[i] + other.0[i])
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        lanes!(i => self.0[i] - other.0[i])
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        lanes!(i => self.0[i] * other.0[i])
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        // Where there is no instruction for it, f32::mul_add is a slow library call.
        if cfg!(any(target_arch = "aarch64", target_feature = "fma")) {
            lanes!(i => self.0[i].mul_add(factor.0[i], addend.0[i]))
        } else {
            lanes!(i => self.0[i] * factor.0[i] + addend.0[i])
        }
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        lanes!(i => if self.0[i] > other.0[i] { self.0[i] } else { other.0[i] })
    }

    #[inline(always)]
    fn greater(self, other: Self) -> u32 {
        bits!(i => self.0[i] > other.0[i])
    }

    #[inline(always)]
    fn equal(self, other: Self) -> u32 {
        bits!(i => self.0[i] == other.0[i])
    }

    #[inline(always)]
    fn keep(self, bits: u32) -> Self {
        lanes!(i => if bits >> i & 1 == 1 { self.0[i] } else { 0.0 })
    }

    #[inline(always)]
    fn prefetch(_address: *const f32) {}
}

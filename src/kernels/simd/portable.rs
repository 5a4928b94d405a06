//! 128-bit vectors: what every processor of the target has.
//!
//! SSE2 belongs to x86-64 itself, so its instructions need no check. Elsewhere plain arrays, which
//! the compiler turns into the target's own vectors where it has some (NEON on 64-bit ARM).

use super::Simd;

#[cfg(target_arch = "x86_64")]
mod quad {
    use std::arch::x86_64::{
        __m128, _mm_add_ps, _mm_and_ps, _mm_and_si128, _mm_castsi128_ps, _mm_cmpeq_epi32,
        _mm_cmpeq_ps, _mm_cmpgt_ps, _mm_loadu_ps, _mm_max_ps, _mm_min_ps, _mm_movemask_ps,
        _mm_mul_ps, _mm_set1_epi32, _mm_set1_ps, _mm_setr_epi32, _mm_storeu_ps, _mm_sub_ps,
    };

    pub(super) type Quad = __m128;

    #[inline(always)]
    pub(super) unsafe fn load(source: *const f32) -> Quad {
        // SAFETY: readable by the caller's promise.
        unsafe { _mm_loadu_ps(source) }
    }

    #[inline(always)]
    pub(super) unsafe fn store(value: Quad, target: *mut f32) {
        // SAFETY: writable by the caller's promise.
        unsafe { _mm_storeu_ps(target, value) }
    }

    #[inline(always)]
    pub(super) fn splat(value: f32) -> Quad {
        // SAFETY: SSE2 belongs to x86-64.
        unsafe { _mm_set1_ps(value) }
    }

    #[inline(always)]
    pub(super) fn add(a: Quad, b: Quad) -> Quad {
        // SAFETY: SSE2 belongs to x86-64.
        unsafe { _mm_add_ps(a, b) }
    }

    #[inline(always)]
    pub(super) fn sub(a: Quad, b: Quad) -> Quad {
        // SAFETY: SSE2 belongs to x86-64.
        unsafe { _mm_sub_ps(a, b) }
    }

    #[inline(always)]
    pub(super) fn mul(a: Quad, b: Quad) -> Quad {
        // SAFETY: SSE2 belongs to x86-64.
        unsafe { _mm_mul_ps(a, b) }
    }

    #[inline(always)]
    pub(super) fn mul_add(a: Quad, b: Quad, c: Quad) -> Quad {
        // SAFETY: SSE2 belongs to x86-64.
        unsafe { _mm_add_ps(_mm_mul_ps(a, b), c) }
    }

    #[inline(always)]
    pub(super) fn max(a: Quad, b: Quad) -> Quad {
        // SAFETY: SSE2 belongs to x86-64.
        unsafe { _mm_max_ps(a, b) }
    }

    #[inline(always)]
    pub(super) fn min(a: Quad, b: Quad) -> Quad {
        // SAFETY: SSE2 belongs to x86-64.
        unsafe { _mm_min_ps(a, b) }
    }

    #[inline(always)]
    pub(super) fn greater(a: Quad, b: Quad) -> u32 {
        // SAFETY: SSE2 belongs to x86-64.
        unsafe { _mm_movemask_ps(_mm_cmpgt_ps(a, b)) as u32 }
    }

    #[inline(always)]
    pub(super) fn equal(a: Quad, b: Quad) -> u32 {
        // SAFETY: SSE2 belongs to x86-64.
        unsafe { _mm_movemask_ps(_mm_cmpeq_ps(a, b)) as u32 }
    }

    #[inline(always)]
    pub(super) fn keep(value: Quad, bits: u32) -> Quad {
        // SAFETY: SSE2 belongs to x86-64.
        unsafe {
            let places = _mm_setr_epi32(1, 2, 4, 8);
            let here = _mm_and_si128(_mm_set1_epi32(bits as i32), places);
            _mm_and_ps(value, _mm_castsi128_ps(_mm_cmpeq_epi32(here, places)))
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod quad {
    pub(super) type Quad = [f32; 4];

    #[inline(always)]
    pub(super) unsafe fn load(source: *const f32) -> Quad {
        // SAFETY: readable by the caller's promise; read as unaligned.
        unsafe { source.cast::<Quad>().read_unaligned() }
    }

    #[inline(always)]
    pub(super) unsafe fn store(value: Quad, target: *mut f32) {
        // SAFETY: writable by the caller's promise; written as unaligned.
        unsafe { target.cast::<Quad>().write_unaligned(value) }
    }

    #[inline(always)]
    pub(super) fn splat(value: f32) -> Quad {
        [value; 4]
    }

    /// Lane by lane. A macro, not a function with a closure: see [`crate::kernels::isa::Kernel`].
    macro_rules! lanes {
        ($i:ident => $value:expr) => {{
            let mut result = [0.0; 4];
            for $i in 0..4 {
                result[$i] = $value;
            }
            result
        }};
    }

    #[inline(always)]
    pub(super) fn add(a: Quad, b: Quad) -> Quad {
        lanes!(i => a[i] + b[i])
    }

    #[inline(always)]
    pub(super) fn sub(a: Quad, b: Quad) -> Quad {
        lanes!(i => a[i] - b[i])
    }

    #[inline(always)]
    pub(super) fn mul(a: Quad, b: Quad) -> Quad {
        lanes!(i => a[i] * b[i])
    }

    #[inline(always)]
    pub(super) fn mul_add(a: Quad, b: Quad, c: Quad) -> Quad {
        // Where there is no instruction for it, f32::mul_add is a slow library call.
        if cfg!(target_arch = "aarch64") {
            lanes!(i => a[i].mul_add(b[i], c[i]))
        } else {
            lanes!(i => a[i] * b[i] + c[i])
        }
    }

    #[inline(always)]
    pub(super) fn max(a: Quad, b: Quad) -> Quad {
        lanes!(i => if a[i] > b[i] { a[i] } else { b[i] })
    }

    #[inline(always)]
    pub(super) fn min(a: Quad, b: Quad) -> Quad {
        lanes!(i => if a[i] < b[i] { a[i] } else { b[i] })
    }

    #[inline(always)]
    pub(super) fn greater(a: Quad, b: Quad) -> u32 {
        (0..4).fold(0, |bits, i| bits | u32::from(a[i] > b[i]) << i)
    }

    #[inline(always)]
    pub(super) fn equal(a: Quad, b: Quad) -> u32 {
        (0..4).fold(0, |bits, i| bits | u32::from(a[i] == b[i]) << i)
    }

    #[inline(always)]
    pub(super) fn keep(value: Quad, bits: u32) -> Quad {
        lanes!(i => if bits >> i & 1 == 1 { value[i] } else { 0.0 })
    }
}

/// Four values.
#[derive(Clone, Copy)]
pub(in crate::kernels) struct Portable(quad::Quad);

impl Simd for Portable {
    const LANES: usize = 4;
    // One row takes 4 accumulators. Of the 16 registers of SSE2, 4 hold weights and some products:
    // a third row would be kept in memory. 64-bit ARM has 32.
    const ROWS: usize = if cfg!(target_arch = "x86_64") { 2 } else { 6 };
    const PANELS: usize = 1;

    #[inline(always)]
    unsafe fn load(source: *const f32) -> Self {
        // SAFETY: readable by the caller's promise.
        Self(unsafe { quad::load(source) })
    }

    #[inline(always)]
    unsafe fn broadcast(source: *const f32) -> Self {
        // SAFETY: readable by the caller's promise.
        Self(quad::splat(unsafe { *source }))
    }

    #[inline(always)]
    unsafe fn store(self, target: *mut f32) {
        // SAFETY: writable by the caller's promise.
        unsafe { quad::store(self.0, target) }
    }

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self(quad::splat(value))
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(quad::add(self.0, other.0))
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(quad::sub(self.0, other.0))
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(quad::mul(self.0, other.0))
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(quad::mul_add(self.0, factor.0, addend.0))
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(quad::max(self.0, other.0))
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(quad::min(self.0, other.0))
    }

    #[inline(always)]
    fn greater(self, other: Self) -> u32 {
        quad::greater(self.0, other.0)
    }

    #[inline(always)]
    fn equal(self, other: Self) -> u32 {
        quad::equal(self.0, other.0)
    }

    #[inline(always)]
    fn keep(self, bits: u32) -> Self {
        Self(quad::keep(self.0, bits))
    }

    #[inline(always)]
    fn prefetch(_address: *const f32) {}

    #[inline(always)]
    fn prefetch_far(_address: *const f32) {}
}

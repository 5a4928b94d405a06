//! 512-bit vectors: AVX-512F.

use std::arch::x86_64::{
    __m512, _CMP_EQ_OQ, _CMP_GT_OQ, _MM_HINT_T0, _MM_HINT_T1, _mm_prefetch, _mm512_add_ps,
    _mm512_cmp_ps_mask, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_maskz_mov_ps, _mm512_max_ps,
    _mm512_min_ps, _mm512_mul_ps, _mm512_set1_ps, _mm512_storeu_ps, _mm512_sub_ps,
};

use super::Simd;

/// Sixteen values.
#[derive(Clone, Copy)]
pub(in crate::kernels) struct Avx512(__m512);

impl Simd for Avx512 {
    const LANES: usize = 16;
    // 12 rows of 2 vectors: 24 accumulators of 32 registers, 14 loads for 24 multiplications.
    const ROWS: usize = 12;
    const PANELS: usize = 2;

    #[inline(always)]
    unsafe fn load(source: *const f32) -> Self {
        // SAFETY: readable by the caller's promise; AVX-512 is there (see the trait).
        Self(unsafe { _mm512_loadu_ps(source) })
    }

    #[inline(always)]
    unsafe fn broadcast(source: *const f32) -> Self {
        // SAFETY: readable by the caller's promise; AVX-512 is there (see the trait).
        Self(unsafe { _mm512_set1_ps(*source) })
    }

    #[inline(always)]
    unsafe fn store(self, target: *mut f32) {
        // SAFETY: writable by the caller's promise; AVX-512 is there (see the trait).
        unsafe { _mm512_storeu_ps(target, self.0) }
    }

    #[inline(always)]
    fn splat(value: f32) -> Self {
        // SAFETY: AVX-512 is there (see the trait).
        Self(unsafe { _mm512_set1_ps(value) })
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: AVX-512 is there (see the trait).
        Self(unsafe { _mm512_add_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        // SAFETY: AVX-512 is there (see the trait).
        Self(unsafe { _mm512_sub_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        // SAFETY: AVX-512 is there (see the trait).
        Self(unsafe { _mm512_mul_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        // SAFETY: AVX-512 is there (see the trait).
        Self(unsafe { _mm512_fmadd_ps(self.0, factor.0, addend.0) })
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        // SAFETY: AVX-512 is there (see the trait).
        Self(unsafe { _mm512_max_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        // SAFETY: AVX-512 is there (see the trait).
        Self(unsafe { _mm512_min_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn greater(self, other: Self) -> u32 {
        // SAFETY: AVX-512 is there (see the trait).
        unsafe { u32::from(_mm512_cmp_ps_mask::<_CMP_GT_OQ>(self.0, other.0)) }
    }

    #[inline(always)]
    fn equal(self, other: Self) -> u32 {
        // SAFETY: AVX-512 is there (see the trait).
        unsafe { u32::from(_mm512_cmp_ps_mask::<_CMP_EQ_OQ>(self.0, other.0)) }
    }

    #[inline(always)]
    fn keep(self, bits: u32) -> Self {
        // SAFETY: AVX-512 is there (see the trait).
        Self(unsafe { _mm512_maskz_mov_ps(bits as u16, self.0) })
    }

    #[inline(always)]
    fn prefetch(address: *const f32) {
        // SAFETY: a prefetch reads nothing that a program can see, and never faults.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) }
    }

    #[inline(always)]
    fn prefetch_far(address: *const f32) {
        // SAFETY: a prefetch reads nothing that a program can see, and never faults.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(address.cast()) }
    }
}

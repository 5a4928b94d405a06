//! 256-bit vectors: AVX2 with FMA.

use std::arch::x86_64::{
    __m256, _CMP_EQ_OQ, _CMP_GT_OQ, _MM_HINT_T0, _MM_HINT_T1, _mm_prefetch, _mm256_add_ps,
    _mm256_and_ps, _mm256_and_si256, _mm256_broadcast_ss, _mm256_castsi256_ps, _mm256_cmp_ps,
    _mm256_cmpeq_epi32, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_max_ps, _mm256_min_ps,
    _mm256_movemask_ps, _mm256_mul_ps, _mm256_set1_epi32, _mm256_set1_ps, _mm256_setr_epi32,
    _mm256_storeu_ps, _mm256_sub_ps,
};

use super::Simd;

/// Eight values.
#[derive(Clone, Copy)]
pub(in crate::kernels) struct Avx2(__m256);

impl Simd for Avx2 {
    const LANES: usize = 8;
    // 6 rows of 2 vectors: 12 accumulators, 2 for weights, 1 or 2 for the broadcast row.
    const ROWS: usize = 6;
    const PANELS: usize = 1;

    #[inline(always)]
    unsafe fn load(source: *const f32) -> Self {
        // SAFETY: readable by the caller's promise; AVX2 is there (see the trait).
        Self(unsafe { _mm256_loadu_ps(source) })
    }

    #[inline(always)]
    unsafe fn broadcast(source: *const f32) -> Self {
        // SAFETY: readable by the caller's promise; AVX2 is there (see the trait).
        Self(unsafe { _mm256_broadcast_ss(&*source) })
    }

    #[inline(always)]
    unsafe fn store(self, target: *mut f32) {
        // SAFETY: writable by the caller's promise; AVX2 is there (see the trait).
        unsafe { _mm256_storeu_ps(target, self.0) }
    }

    #[inline(always)]
    fn splat(value: f32) -> Self {
        // SAFETY: AVX2 is there (see the trait).
        Self(unsafe { _mm256_set1_ps(value) })
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: AVX2 is there (see the trait).
        Self(unsafe { _mm256_add_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        // SAFETY: AVX2 is there (see the trait).
        Self(unsafe { _mm256_sub_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        // SAFETY: AVX2 is there (see the trait).
        Self(unsafe { _mm256_mul_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        // SAFETY: FMA is there (see the trait).
        Self(unsafe { _mm256_fmadd_ps(self.0, factor.0, addend.0) })
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        // SAFETY: AVX2 is there (see the trait).
        Self(unsafe { _mm256_max_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        // SAFETY: AVX2 is there (see the trait).
        Self(unsafe { _mm256_min_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn greater(self, other: Self) -> u32 {
        // SAFETY: AVX2 is there (see the trait).
        unsafe { _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_GT_OQ>(self.0, other.0)) as u32 }
    }

    #[inline(always)]
    fn equal(self, other: Self) -> u32 {
        // SAFETY: AVX2 is there (see the trait).
        unsafe { _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_EQ_OQ>(self.0, other.0)) as u32 }
    }

    #[inline(always)]
    fn keep(self, bits: u32) -> Self {
        // SAFETY: AVX2 is there (see the trait).
        Self(unsafe {
            let places = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
            let here = _mm256_and_si256(_mm256_set1_epi32(bits as i32), places);
            let lanes = _mm256_castsi256_ps(_mm256_cmpeq_epi32(here, places));
            _mm256_and_ps(self.0, lanes)
        })
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

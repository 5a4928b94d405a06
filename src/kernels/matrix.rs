//! The inner loop of everything: a few rows times one or two panels of 16 outputs.
//!
//! `out[r][o] (+)= sum_k rows[r][k] · panel[k][o]` with the sums in registers. Convolutions use it
//! for each Winograd frequency (rows are tiles, k input channels), second moments with pixels as
//! k, and their gradient with pixels as rows. Three multiplications are done for each two loads
//! on AVX2, twelve for seven on AVX-512.

use super::simd::{BLOCK, MAX_PANELS, MAX_PARTS, Simd};

/// So many terms before its use a line of a panel is asked for. Panels are read once through for
/// every few rows and seldom stay in the first level cache; from 12 to 24 terms all serve.
const AHEAD: usize = 16;

/// Where the operands of a product lie. Distances are in values.
#[derive(Clone, Copy)]
pub(super) struct Product {
    /// First panel, `[depth][16]`.
    pub(super) panel: *const f32,
    /// From one panel to the next.
    pub(super) panel_stride: usize,
    /// First row's first value.
    pub(super) rows: *const f32,
    /// From one block of 16 along the depth to the next. Inside a block: see `ROW` and `STEP`.
    pub(super) block_stride: usize,
    /// Terms of the sums.
    pub(super) depth: usize,
    /// `[row][16]` for the first panel.
    pub(super) out: *mut f32,
    /// From one panel's results to the next one's.
    pub(super) out_stride: usize,
    /// Rows to compute, any number.
    pub(super) count: usize,
    /// Add to what stands in `out`?
    pub(super) accumulate: bool,
    /// What the caller will read after this product.
    pub(super) next: Next,
}

/// Memory that will be read soon: fetched into the second level cache, line by line, while a product
/// is computed. Panels of large layers come from far away, each once for a few dozen rows;
/// without this a third of the time goes in waiting for them.
#[derive(Clone, Copy)]
pub(super) struct Next {
    start: *const f32,
    lines: usize,
}

impl Next {
    /// Nothing that is worth fetching.
    pub(super) const NOTHING: Self = Self {
        start: std::ptr::null(),
        lines: 0,
    };

    /// `values`.
    pub(super) const fn of(values: &[f32]) -> Self {
        Self {
            start: values.as_ptr(),
            lines: values.len() / BLOCK,
        }
    }

    /// Share `share` of `shares` of it.
    fn share(self, share: usize, shares: usize) -> Self {
        let start = self.lines * share / shares;
        Self {
            start: self.start.wrapping_add(start * BLOCK),
            lines: self.lines * (share + 1) / shares - start,
        }
    }
}

/// Computes a [`Product`] of `S::PANELS` panels. Inside a block of the depth, row r, term k lies
/// at `r · ROW + k · STEP`: (16, 1) for pixels as rows, (1, 16) for channels as rows.
///
/// # Safety
/// All places described by `product` are valid, and `out` overlaps nothing else.
#[inline(always)]
pub(super) unsafe fn multiply<S: Simd, const ROW: usize, const STEP: usize>(product: Product) {
    if product.count == 0 {
        return;
    }
    // Even shares: 13 rows go as 7 + 6, not as 12 + 1.
    let shares = product.count.div_ceil(S::ROWS);
    let mut start = 0;
    for share in 0..shares {
        let end = product.count * (share + 1) / shares;
        // SAFETY: rows start..end are part of the product.
        unsafe {
            let part = Product {
                rows: product.rows.add(start * ROW),
                out: product.out.add(start * BLOCK),
                next: product.next.share(share, shares),
                ..product
            };
            match end - start {
                1 => few::<S, 1, ROW, STEP>(part),
                2 => few::<S, 2, ROW, STEP>(part),
                3 if S::ROWS >= 3 => few::<S, 3, ROW, STEP>(part),
                4 if S::ROWS >= 4 => few::<S, 4, ROW, STEP>(part),
                5 if S::ROWS >= 5 => few::<S, 5, ROW, STEP>(part),
                6 if S::ROWS >= 6 => few::<S, 6, ROW, STEP>(part),
                7 if S::ROWS >= 7 => few::<S, 7, ROW, STEP>(part),
                8 if S::ROWS >= 8 => few::<S, 8, ROW, STEP>(part),
                9 if S::ROWS >= 9 => few::<S, 9, ROW, STEP>(part),
                10 if S::ROWS >= 10 => few::<S, 10, ROW, STEP>(part),
                11 if S::ROWS >= 11 => few::<S, 11, ROW, STEP>(part),
                12 if S::ROWS >= 12 => few::<S, 12, ROW, STEP>(part),
                rows => unreachable!("a share of {rows} rows"),
            }
        }
        start = end;
    }
}

/// The same for `R` rows.
///
/// # Safety
/// As for [`multiply`].
#[inline(always)]
unsafe fn few<S: Simd, const R: usize, const ROW: usize, const STEP: usize>(product: Product) {
    // R is a constant, so that the sums are registers and every loop over them is unrolled. The
    // compiler's code for it is close to what one would write in assembly; that was not needed.
    let mut sums = [[[S::splat(0.0); MAX_PARTS]; MAX_PANELS]; R];
    // SAFETY: every address is one that `product` describes.
    unsafe {
        let mut panel = product.panel;
        let mut rows = product.rows;
        let mut next = product.next.start;
        let mut owed = 0;
        for _ in 0..product.depth / BLOCK {
            // The next block of the rows is fetched ahead: 2 to 4 % faster in a trial on AVX2.
            for line in 0..(R * ROW).div_ceil(BLOCK) {
                S::prefetch(rows.wrapping_add(product.block_stride + line * BLOCK));
            }
            for k in 0..BLOCK {
                for p in 0..S::PANELS {
                    let ahead = (k + AHEAD) * BLOCK + p * product.panel_stride;
                    S::prefetch(panel.wrapping_add(ahead));
                }
                // Spread evenly over the terms: a burst would have to queue.
                owed += product.next.lines;
                while owed >= product.depth {
                    owed -= product.depth;
                    S::prefetch_far(next);
                    next = next.wrapping_add(BLOCK);
                }
                term::<S, R, ROW>(
                    &mut sums,
                    panel.add(k * BLOCK),
                    product.panel_stride,
                    rows.add(k * STEP),
                );
            }
            panel = panel.add(BLOCK * BLOCK);
            rows = rows.wrapping_add(product.block_stride);
        }
        for k in 0..product.depth % BLOCK {
            term::<S, R, ROW>(
                &mut sums,
                panel.add(k * BLOCK),
                product.panel_stride,
                rows.add(k * STEP),
            );
        }
        for r in 0..R {
            for p in 0..S::PANELS {
                for h in 0..S::PARTS {
                    let out = product
                        .out
                        .add(p * product.out_stride + r * BLOCK + h * S::LANES);
                    let mut sum = sums[r][p][h];
                    if product.accumulate {
                        // Only now: many short sums are more exact than one long one.
                        sum = sum.add(S::load(out));
                    }
                    sum.store(out);
                }
            }
        }
    }
}

/// Adds one term of the sums.
///
/// # Safety
/// One line of each panel and one value of each row are readable.
#[inline(always)]
unsafe fn term<S: Simd, const R: usize, const ROW: usize>(
    sums: &mut [[[S; MAX_PARTS]; MAX_PANELS]; R],
    panel: *const f32,
    panel_stride: usize,
    rows: *const f32,
) {
    let mut weights = [[S::splat(0.0); MAX_PARTS]; MAX_PANELS];
    // SAFETY: the caller's promise.
    unsafe {
        for p in 0..S::PANELS {
            for h in 0..S::PARTS {
                weights[p][h] = S::load(panel.add(p * panel_stride + h * S::LANES));
            }
        }
        for r in 0..R {
            let value = S::broadcast(rows.add(r * ROW));
            for p in 0..S::PANELS {
                for h in 0..S::PARTS {
                    sums[r][p][h] = value.mul_add(weights[p][h], sums[r][p][h]);
                }
            }
        }
    }
}

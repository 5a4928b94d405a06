//! Nearest rows by dot product: a matrix product whose results are never written to memory.
//!
//! `best(q) = argmax over c of <q, c>` for all queries against all candidates. Products are made
//! by [`multiply`](super::matrix), a few hundred queries times one or two panels of 16 candidates,
//! and reduced to one running maximum for each query and lane while they are in the first level
//! cache. A distance matrix of a 512 px picture would take a gigabyte.
//!
//! With candidates scaled to unit length the nearest is that of the cosine: the length of a query
//! changes no order.

use rayon::prelude::*;

use super::{
    isa::{Isa, Kernel},
    matrix::{Next, Product, multiply},
    memory::{at, with_scratch},
    simd::{BLOCK, MAX_PANELS, Simd},
};
use crate::error::Result;

/// Queries that stay in the second level cache while all candidates go by: 110 KiB at a depth of
/// 192. Fewer would fetch the candidates from memory more often than they are computed with.
const QUERIES: usize = 144;

/// Rows to be found, packed for the search.
#[derive(Clone, Debug)]
pub struct Candidates {
    /// `[panel][depth][16]`, an even number of panels; lanes beyond the last row are zero.
    panels: Vec<f32>,
    depth: usize,
    count: usize,
}

/// A candidate and its product with the query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Row among the candidates.
    pub index: u32,
    /// `<query, candidate>`.
    pub product: f32,
}

impl Candidates {
    /// Packs `rows` `[M][depth]`, M at least 1.
    ///
    /// # Panics
    /// When `depth` is 0, or the length is no multiple of it, or there is no row.
    pub fn new(rows: &[f32], depth: usize) -> Self {
        assert!(
            depth > 0 && !rows.is_empty() && rows.len().is_multiple_of(depth),
            "{} values are no rows of {depth}",
            rows.len()
        );
        let count = rows.len() / depth;
        let padded = depth.next_multiple_of(BLOCK);
        let pairs = count.div_ceil(MAX_PANELS * BLOCK);
        let mut panels = vec![0.0; pairs * MAX_PANELS * padded * BLOCK];
        panels
            .par_chunks_exact_mut(padded * BLOCK)
            .zip(rows.par_chunks(BLOCK * depth))
            .for_each(|(panel, rows)| {
                for (lane, row) in rows.chunks_exact(depth).enumerate() {
                    for (k, value) in row.iter().enumerate() {
                        panel[k * BLOCK + lane] = *value;
                    }
                }
            });
        Self {
            panels,
            depth: padded,
            count,
        }
    }

    /// Number of candidates.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Writes a candidate's row to `out`, of the length it was packed with.
    ///
    /// # Panics
    /// When there is no such row or `out` is longer than it.
    pub fn read(&self, index: usize, out: &mut [f32]) {
        assert!(index < self.count && out.len() <= self.depth, "row");
        let panel = &self.panels[index / BLOCK * self.depth * BLOCK..][..self.depth * BLOCK];
        let lane = panel.iter().skip(index % BLOCK).step_by(BLOCK);
        out.iter_mut()
            .zip(lane)
            .for_each(|(out, value)| *out = *value);
    }

    /// Never: there is at least one.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The nearest candidate of each of `queries` `[N][depth]`; of several equally near ones any.
    ///
    /// # Errors
    /// When memory runs out.
    ///
    /// # Panics
    /// When lengths do not match.
    pub fn nearest(&self, queries: &[f32], depth: usize, isa: Isa) -> Result<Vec<Match>> {
        assert_eq!(depth.next_multiple_of(BLOCK), self.depth, "depth");
        assert!(queries.len().is_multiple_of(depth), "queries");
        let mut matches = vec![
            Match {
                index: 0,
                product: f32::NEG_INFINITY
            };
            queries.len() / depth
        ];
        matches
            .par_chunks_mut(QUERIES)
            .zip(queries.par_chunks(QUERIES * depth))
            .try_for_each(|(matches, queries)| {
                let length = QUERIES * (self.depth + (MAX_PANELS + 2) * BLOCK);
                with_scratch(length, |scratch| {
                    let (rows, scratch) = scratch.split_at_mut(QUERIES * self.depth);
                    let (products, best) = scratch.split_at_mut(QUERIES * MAX_PANELS * BLOCK);
                    pack(queries, depth, self.depth, rows);
                    isa.run(Search {
                        candidates: self,
                        rows,
                        products,
                        best,
                        matches,
                    });
                })
            })?;
        Ok(matches)
    }
}

/// `[depth / 16][QUERIES][16]` from `[N][depth]`, the depth padded with zeros.
fn pack(queries: &[f32], depth: usize, padded: usize, rows: &mut [f32]) {
    for (query, values) in queries.chunks_exact(depth).enumerate() {
        for block in 0..padded / BLOCK {
            let from = &values[block * BLOCK..depth.min((block + 1) * BLOCK)];
            let to = &mut rows[(block * QUERIES + query) * BLOCK..][..BLOCK];
            to[..from.len()].copy_from_slice(from);
            to[from.len()..].fill(0.0);
        }
    }
}

/// All candidates for at most [`QUERIES`] queries.
struct Search<'a> {
    candidates: &'a Candidates,
    /// `[depth / 16][QUERIES][16]`.
    rows: &'a [f32],
    /// `[2][QUERIES][16]`.
    products: &'a mut [f32],
    /// `[QUERIES][2][16]`: the largest product of a lane, and the panel it came from.
    best: &'a mut [f32],
    matches: &'a mut [Match],
}

impl Kernel for Search<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let count = self.matches.len();
        let Candidates {
            panels,
            depth,
            count: candidates,
        } = self.candidates;
        let panel_length = depth * BLOCK;
        for best in self.best.chunks_exact_mut(2 * BLOCK) {
            best[..BLOCK].fill(f32::NEG_INFINITY);
            best[BLOCK..].fill(0.0);
        }
        let all = panels.len() / panel_length;
        for panel in (0..all).step_by(S::PANELS) {
            // SAFETY: `S::PANELS` whole panels and `count` packed rows; the products are ours.
            unsafe {
                multiply::<S, BLOCK, 1>(Product {
                    panel: at(panels, panel * panel_length, S::PANELS * panel_length),
                    panel_stride: panel_length,
                    rows: at(self.rows, 0, self.rows.len()),
                    block_stride: QUERIES * BLOCK,
                    depth: *depth,
                    out: self.products.as_mut_ptr(),
                    out_stride: QUERIES * BLOCK,
                    count,
                    accumulate: false,
                    next: Next::NOTHING,
                });
            }
            for p in 0..S::PANELS {
                let from = (panel + p) * BLOCK;
                if from >= *candidates {
                    break;
                }
                // A panel's number is exact in f32 as long as there are fewer than 2^28 candidates.
                let number = (panel + p) as f32;
                let lanes = BLOCK.min(candidates - from);
                let products = &self.products[p * QUERIES * BLOCK..];
                let queries = self.best.chunks_exact_mut(2 * BLOCK);
                for (best, products) in queries.zip(products.chunks_exact(BLOCK)).take(count) {
                    let (values, numbers) = best.split_at_mut(BLOCK);
                    for lane in 0..lanes {
                        let better = products[lane] > values[lane];
                        values[lane] = if better { products[lane] } else { values[lane] };
                        numbers[lane] = if better { number } else { numbers[lane] };
                    }
                }
            }
        }
        for (found, best) in self
            .matches
            .iter_mut()
            .zip(self.best.chunks_exact(2 * BLOCK))
        {
            for lane in 0..BLOCK {
                if best[lane] > found.product {
                    found.product = best[lane];
                    found.index = best[BLOCK + lane] as u32 * BLOCK as u32 + lane as u32;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn agrees_with_a_plain_double_loop_on_odd_sizes() {
        for isa in Isa::available() {
            for (n, m, depth) in [(1, 1, 1), (3, 17, 5), (145, 31, 16), (290, 333, 37)] {
                let (queries, rows) = (values(n * depth, 1), values(m * depth, 2));
                let found = Candidates::new(&rows, depth);
                let found = found.nearest(&queries, depth, isa).unwrap();
                assert_eq!(found.len(), n);
                for (query, found) in queries.chunks_exact(depth).zip(&found) {
                    let product = |row: &[f32]| -> f64 {
                        let terms = query.iter().zip(row);
                        terms.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
                    };
                    let best = rows.chunks_exact(depth).map(product);
                    let best = best.fold(f64::NEG_INFINITY, f64::max);
                    let index = found.index as usize;
                    let here = product(&rows[index * depth..][..depth]);
                    assert!((here - best).abs() < 1e-5, "{isa} {n} {m} {depth}");
                    assert!((f64::from(found.product) - best).abs() < 1e-5);
                }
            }
        }
    }

    #[test]
    fn a_row_finds_itself() {
        let rows = values(200 * 48, 3);
        let unit: Vec<f32> = rows
            .chunks_exact(48)
            .flat_map(|row| {
                let norm = row.iter().map(|v| v * v).sum::<f32>().sqrt();
                row.iter().map(move |v| v / norm)
            })
            .collect();
        let candidates = Candidates::new(&unit, 48);
        let found = candidates.nearest(&rows, 48, Isa::detect()).unwrap();
        assert!(found.iter().zip(0..).all(|(found, row)| found.index == row));
    }
}

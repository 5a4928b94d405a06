//! Which style column each point of the picture is compared with: the nearest by *centered*
//! cosine (Kolkin et al. 2022, equation 2: the mean of the queries and the mean of the style's
//! columns are subtracted first, each its own).
//!
//! At fine levels both sides are first projected on the directions in which the style's columns
//! differ most. At 512 px a full comparison takes 1.4 TFLOP, a projected one a fourteenth.

use candle_core::{Device, Tensor};
use rand::SeedableRng as _;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::columns::{Columns, dot};
use crate::{
    error::Result,
    features::Values,
    kernels::{
        Isa,
        nearest::{Candidates, Match},
    },
    loss::draws::{distinct, normal_rows},
};

/// Directions that columns are projected on.
const DIRECTIONS: usize = 192;
/// Style columns that the directions are found from.
const SAMPLE: usize = 2048;
/// Rounds of subspace iteration: each brings directions nearer to those of largest variance, and
/// costs as much as the projection of the sample.
const ROUNDS: usize = 2;
/// Multiply-adds of a full comparison up to which nothing is projected: some tenths of a
/// second on two cores.
const EXACT_UPTO: f64 = 2e10;
/// Columns that are assembled and projected together.
const PIECE: usize = 256;

/// Style columns that are searched at most: a matching of a larger picture grows with its points
/// alone.
const CANDIDATES: usize = 65_536;
/// Points along the style image's borders that are not searched: the network sees zeros beyond
/// the edge there, and scans end in frames and canvas.
const MARGIN: usize = 2;
/// Sides of a style image's grid, in margins, from which on a margin is left out.
const LEAST_MARGINS: usize = 8;

/// Style columns ready to be searched.
#[derive(Debug)]
pub(super) struct Matcher {
    /// `[length, DIRECTIONS]`; none where columns are compared whole.
    basis: Option<Tensor>,
    candidates: Candidates,
    /// The grid point of each candidate.
    points: Vec<u32>,
    depth: usize,
}

impl Matcher {
    /// Prepares the columns of a style image, those that count, to be searched by `queries`
    /// points.
    pub(super) fn new(
        style: &Columns,
        counts: Option<&[bool]>,
        queries: usize,
        seed: u64,
    ) -> Result<Self> {
        let length = style.length();
        let points = searched(style, counts, seed);
        let cost = queries as f64 * points.len() as f64 * length as f64;
        let mean = style.mean();
        let basis = if cost > EXACT_UPTO && length > 2 * DIRECTIONS {
            Some(directions(style, &mean, seed)?)
        } else {
            None
        };
        let rows = project(style, &mean, basis.as_ref(), &points)?;
        let depth = basis.as_ref().map_or(length, |_| DIRECTIONS);
        Ok(Self {
            candidates: Candidates::new(&rows, depth),
            basis,
            points,
            depth,
        })
    }

    /// The nearest style column of every point of `queries`, as a point of the style image's
    /// grid, with the cosine as the product.
    pub(super) fn nearest(&self, queries: &Columns) -> Result<Vec<Match>> {
        let mean = queries.mean();
        let mut found = Vec::with_capacity(queries.grid.count());
        let points: Vec<u32> = (0..queries.grid.count() as u32).collect();
        // In pieces: projected queries of a large picture would take as much as its columns.
        for points in points.chunks(16 * PIECE) {
            let rows = project(queries, &mean, self.basis.as_ref(), points)?;
            found.extend(self.candidates.nearest(&rows, self.depth, Isa::detect())?);
        }
        for found in &mut found {
            found.index = self.points[found.index as usize];
        }
        Ok(found)
    }
}

/// The points of a style image's grid that are searched: those that count, without its borders
/// where it is large enough, [`CANDIDATES`] at most.
fn searched(style: &Columns, counts: Option<&[bool]>, seed: u64) -> Vec<u32> {
    let (height, width) = (style.grid.height, style.grid.width);
    let inner = |at: usize, length: usize| {
        length < LEAST_MARGINS * MARGIN || (at >= MARGIN && at + MARGIN < length)
    };
    let all = 0..style.grid.count();
    let count = |point: &usize| counts.is_none_or(|counts| counts[*point]);
    let inside = |point: &usize| inner(point / width, height) && inner(point % width, width);
    let mut points: Vec<u32> = all
        .clone()
        .filter(|point| count(point) && inside(point))
        .map(|point| point as u32)
        .collect();
    if points.is_empty() {
        points = all
            .clone()
            .filter(count)
            .map(|point| point as u32)
            .collect();
    }
    if points.is_empty() {
        points = all.map(|point| point as u32).collect();
    }
    if points.len() > CANDIDATES {
        let mut rng = Pcg64Mcg::seed_from_u64(seed);
        let chosen = distinct(points.len(), CANDIDATES, &mut rng);
        points = chosen.iter().map(|&index| points[index as usize]).collect();
    }
    points
}

/// Centered columns at some points, divided by their lengths, projected where there is a basis:
/// `[points][depth]`.
fn project(
    columns: &Columns,
    mean: &[f32],
    basis: Option<&Tensor>,
    points: &[u32],
) -> Result<Vec<f32>> {
    let pieces = points.par_chunks(PIECE).map(|points| -> Result<Vec<f32>> {
        let length = mean.len();
        let mut rows = vec![0.0; points.len() * length];
        for (row, &point) in rows.chunks_exact_mut(length).zip(points) {
            columns.column(point as usize, row);
            row.iter_mut()
                .zip(mean)
                .for_each(|(value, mean)| *value -= mean);
            let norm = dot(row, row).sqrt();
            let factor = if norm > 0.0 { 1.0 / norm } else { 0.0 };
            row.iter_mut().for_each(|value| *value *= factor);
        }
        let Some(basis) = basis else { return Ok(rows) };
        let rows = Tensor::from_vec(rows, (points.len(), length), &Device::Cpu)?;
        Ok(Values::of(&rows.matmul(basis)?)?.to_vec())
    });
    let pieces: Vec<_> = pieces.collect::<Result<_>>()?;
    Ok(pieces.concat())
}

/// An orthonormal basis of about the directions of largest variance, `[length, DIRECTIONS]`, by
/// subspace iteration on a sample (Halko, Martinsson and Tropp 2011, algorithm 4.4).
fn directions(style: &Columns, mean: &[f32], seed: u64) -> Result<Tensor> {
    let length = mean.len();
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let points = distinct(style.grid.count(), SAMPLE, &mut rng);
    let rows = project(style, mean, None, &points)?;
    let rows = Tensor::from_vec(rows, (points.len(), length), &Device::Cpu)?;
    let turned = rows.t()?.contiguous()?;
    let random = normal_rows(DIRECTIONS, length, &mut rng);
    let random = Tensor::from_vec(random, (DIRECTIONS, length), &Device::Cpu)?;
    let mut basis = random.t()?.contiguous()?;
    for _ in 0..ROUNDS {
        basis = orthonormal(&turned.matmul(&rows.matmul(&basis)?)?)?;
    }
    Ok(basis)
}

/// The columns of a tall matrix made orthonormal, by Gram and Schmidt, twice each: once leaves an
/// error in f32 that grows with the columns before.
fn orthonormal(matrix: &Tensor) -> Result<Tensor> {
    let (length, count) = matrix.dims2()?;
    let mut rows = Values::of(&matrix.t()?)?.to_vec();
    for current in 0..count {
        let (before, rest) = rows.split_at_mut(current * length);
        let row = &mut rest[..length];
        for _ in 0..2 {
            let along: Vec<f32> = before
                .par_chunks_exact(length)
                .map(|b| dot(b, row))
                .collect();
            for (other, along) in before.chunks_exact(length).zip(along) {
                row.iter_mut()
                    .zip(other)
                    .for_each(|(value, other)| *value -= along * other);
            }
        }
        let norm = dot(row, row).sqrt();
        let factor = if norm > f32::MIN_POSITIVE {
            1.0 / norm
        } else {
            0.0
        };
        row.iter_mut().for_each(|value| *value *= factor);
    }
    let rows = Tensor::from_vec(rows, (count, length), &Device::Cpu)?;
    Ok(rows.t()?.contiguous()?)
}

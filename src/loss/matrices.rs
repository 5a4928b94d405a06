//! Small linear algebra of moments: traces, norms, and what Wasserstein distances need.

use candle_core::Tensor;
use rayon::prelude::*;

use crate::{error::Result, features::Moments};

/// `S - μ μᵀ`.
pub(super) fn covariance(moments: &Moments) -> Result<Tensor> {
    let column = moments.mean.unsqueeze(1)?;
    Ok((&moments.second - column.matmul(&column.t()?)?)?)
}

/// Sum of the diagonal of a square matrix, in f64.
pub(super) fn trace(matrix: &Tensor) -> Result<f64> {
    Ok(diagonal(matrix)?.iter().sum())
}

/// The diagonal of a square matrix, in f64.
pub(super) fn diagonal(matrix: &Tensor) -> Result<Vec<f64>> {
    let n = matrix.dim(0)?;
    let places = Tensor::arange_step(0, (n * n) as u32, n as u32 + 1, matrix.device())?;
    let entries = matrix.flatten_all()?.index_select(&places, 0)?;
    Ok(to_f64(&entries)?)
}

/// A vector on the processor, in f64.
pub(super) fn to_f64(vector: &Tensor) -> candle_core::Result<Vec<f64>> {
    let values = vector.to_vec1::<f32>()?;
    Ok(values.into_iter().map(f64::from).collect())
}

/// Sum of squares, within rows in f32 and over rows in f64.
pub(super) fn sum_of_squares(tensor: &Tensor) -> Result<f64> {
    let rows = match tensor.dims().len() {
        1 => tensor.sqr()?,
        _ => tensor.sqr()?.flatten_from(1)?.sum(1)?,
    };
    Ok(to_f64(&rows)?.iter().sum())
}

/// `M v` for a square matrix and a vector.
pub(super) fn times(matrix: &Tensor, vector: &Tensor) -> Result<Tensor> {
    Ok(matrix.matmul(&vector.unsqueeze(1)?)?.squeeze(1)?)
}

/// The lower triangle L with `L Lᵀ = A`, row by row; zeros above. Where A is not positive
/// definite to rounding, `floor` stands in for the square of a diagonal entry.
pub(super) fn cholesky(a: &[f64], n: usize, floor: f64) -> Vec<f64> {
    let mut lower = vec![0.0; n * n];
    for i in 0..n {
        let (above, current) = lower.split_at_mut(i * n);
        let row = &mut current[..n];
        for j in 0..i {
            let other = &above[j * n..][..n];
            row[j] = (a[i * n + j] - dot(&row[..j], &other[..j])) / other[j];
        }
        row[i] = (a[i * n + i] - dot(&row[..i], &row[..i])).max(floor).sqrt();
    }
    lower
}

/// Sum of products in eight lanes, so that it runs in vector registers.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (a_chunks, a_rest) = a.as_chunks::<8>();
    let (b_chunks, b_rest) = b.as_chunks::<8>();
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for lane in 0..8 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    lanes.iter().sum::<f64>() + rest
}

/// Solves `X L = B` for X in place of B, L a lower triangle; both `[n, n]`, row by row.
pub(super) fn divide_by_lower(b: &mut [f64], lower: &[f64], n: usize) {
    b.par_chunks_exact_mut(n).for_each(|row| {
        for j in (0..n).rev() {
            let (before, rest) = row.split_at_mut(j);
            let triangle = &lower[j * n..][..=j];
            let x = rest[0] / triangle[j];
            rest[0] = x;
            for (value, entry) in before.iter_mut().zip(triangle) {
                *value -= x * entry;
            }
        }
    });
}

/// The orthogonal factor U of the polar decomposition `A = U H`, H positive semidefinite, of a
/// square matrix, by Newton-Schulz steps `X (3 - Xᵀ X) / 2` with scaling (Chen and Chow 2014).
///
/// Only products, so it runs on every device, and values stay below √3, so f32 suffices.
/// Singular values below 1e-5 of the norm may stay below 1 in U: those directions carry
/// next to nothing. For a matrix of zeros U is zeros.
pub(super) fn polar_factor(matrix: &Tensor) -> Result<Tensor> {
    let norm = sum_of_squares(matrix)?.sqrt();
    if norm <= f64::from(f32::MIN_POSITIVE) {
        return Ok(matrix.zeros_like()?);
    }
    let mut x = matrix.affine(1.0 / norm, 0.0)?;
    // Lower bound of the singular values that are to become 1.
    let mut least = 1e-5_f64;
    while least < 1.0 - 1e-6 {
        // The best factor for [least, 1] sends 1 to where it sends `least`. Near 0 that would
        // throw away what f32 knows of the largest: 1.688 sends 1 to 0.13 at the worst.
        let safe = least.max(0.05);
        let factor = (3.0 / (1.0 + safe + safe * safe)).sqrt();
        let products = x.t()?.matmul(&x)?;
        let cubic = x.matmul(&products)?.affine(-0.5 * factor.powi(3), 0.0)?;
        x = (x.affine(1.5 * factor, 0.0)? + cubic)?;
        least = 0.5 * factor * least * (3.0 - (factor * least).powi(2));
    }
    Ok(x)
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;
    use crate::loss::draws::{Draws, directions};

    #[test]
    fn diagonal_and_trace() {
        let matrix = Tensor::new(&[[1.0_f32, 2.0], [3.0, 4.0]], &Device::Cpu).unwrap();
        assert_eq!(diagonal(&matrix).unwrap(), [1.0, 4.0]);
        assert_eq!(trace(&matrix).unwrap(), 5.0);
        assert_eq!(sum_of_squares(&matrix).unwrap(), 30.0);
    }

    /// A positive definite matrix with condition number about 1e8.
    fn definite(n: usize) -> Vec<f64> {
        let row = |i: usize| (0..n).map(move |k| ((i * 7 + k * 13) % 11) as f64 - 5.0);
        let mut matrix = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                matrix[i * n + j] = row(i).zip(row(j)).map(|(a, b)| a * b).sum();
            }
            matrix[i * n + i] += 1e-4;
        }
        matrix
    }

    fn product(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
        let entry = |at: usize| (0..n).map(|k| a[at / n * n + k] * b[k * n + at % n]).sum();
        (0..n * n).map(entry).collect()
    }

    fn assert_near(a: &[f64], b: &[f64], tolerance: f64) {
        let apart = a.iter().zip(b).map(|(a, b)| (a - b).abs());
        let worst = apart.fold(0.0, f64::max);
        assert!(worst < tolerance, "{worst}");
    }

    #[test]
    fn a_triangle_times_its_transpose_is_the_matrix() {
        let n = 13;
        let matrix = definite(n);
        let lower = cholesky(&matrix, n, 0.0);
        let mut upper = lower.clone();
        for i in 0..n {
            for j in 0..n {
                upper[j * n + i] = lower[i * n + j];
            }
        }
        assert_near(&product(&lower, &upper, n), &matrix, 1e-9);
        // (A / L) L = A.
        let mut divided = matrix.clone();
        divide_by_lower(&mut divided, &lower, n);
        assert_near(&product(&divided, &lower, n), &matrix, 1e-9);
    }

    #[test]
    fn a_matrix_that_is_not_definite_gets_the_floor() {
        let lower = cholesky(&[0.0, 0.0, 0.0, -1.0], 2, 0.25);
        assert_eq!(lower, [0.5, 0.0, 0.0, 0.5]);
    }

    #[test]
    fn polar_factor_is_orthogonal_and_leaves_a_symmetric_rest() {
        // Singular values from 1 to 1e-4.
        let n = 8;
        let mut rng = Draws::new(1).generator();
        let turn = |rng: &mut _| directions(n, n, rng, &Device::Cpu).unwrap();
        let (left, right) = (turn(&mut rng), turn(&mut rng));
        let values: Vec<f32> = (0..n).map(|i| 10_f32.powf(-4.0 * i as f32 / 7.0)).collect();
        let values = Tensor::from_vec(values, (n, 1), &Device::Cpu).unwrap();
        let matrix = left
            .t()
            .unwrap()
            .matmul(&right.broadcast_mul(&values).unwrap())
            .unwrap();
        let expected = left.t().unwrap().matmul(&right).unwrap();
        let apart = (polar_factor(&matrix).unwrap() - expected).unwrap();
        let apart = sum_of_squares(&apart).unwrap().sqrt();
        // f32 knows the smallest singular value to 1e-3 of itself.
        assert!(apart < 5e-3, "{apart}");
        let zeros = matrix.zeros_like().unwrap();
        assert_eq!(sum_of_squares(&polar_factor(&zeros).unwrap()).unwrap(), 0.0);
    }
}

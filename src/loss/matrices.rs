//! Small linear algebra of moments: traces, norms, and what Wasserstein distances need.

use candle_core::Tensor;

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

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn diagonal_and_trace() {
        let matrix = Tensor::new(&[[1.0_f32, 2.0], [3.0, 4.0]], &Device::Cpu).unwrap();
        assert_eq!(diagonal(&matrix).unwrap(), [1.0, 4.0]);
        assert_eq!(trace(&matrix).unwrap(), 5.0);
        assert_eq!(sum_of_squares(&matrix).unwrap(), 30.0);
    }
}

//! Mean squared difference of two tensors with its gradient, in one pass over plain slices.
//!
//! Gram and content losses come down to it. Tensor operations would walk over the data five times,
//! one thread at a time; on a device the copy is small against a step.

use candle_core::Tensor;
use rayon::prelude::*;

use crate::{
    error::{Error, Result},
    features::Values,
};

/// Values a thread takes at a time.
const CHUNK: usize = 16 * 1024;

/// `mean((scale · a - b)^2)` and `factor · (scale · a - b)` in the shape and on the device of `a`.
pub(super) fn mean_squared(
    a: &Tensor,
    scale: f32,
    b: &[f32],
    factor: f32,
) -> Result<(f64, Tensor)> {
    let values = Values::of(a)?;
    if values.len() != b.len() {
        return Err(Error::Internal(format!(
            "a tensor of shape {:?} is compared with {} values",
            a.dims(),
            b.len()
        )));
    }
    let mut gradient = vec![0.0; b.len()];
    let chunks = gradient
        .par_chunks_mut(CHUNK)
        .zip(values.par_chunks(CHUNK))
        .zip(b.par_chunks(CHUNK));
    let sums = chunks.map(|((gradient, a), b)| {
        // Short sums in f32 vectorize; their sum in f64 keeps the digits.
        let blocks = gradient.chunks_mut(64).zip(a.chunks(64)).zip(b.chunks(64));
        blocks
            .map(|((gradient, a), b)| {
                let mut sum = 0.0_f32;
                for ((gradient, a), b) in gradient.iter_mut().zip(a).zip(b) {
                    let difference = scale * a - b;
                    sum += difference * difference;
                    *gradient = factor * difference;
                }
                f64::from(sum)
            })
            .sum::<f64>()
    });
    let sum: f64 = sums.collect::<Vec<_>>().into_iter().sum();
    let gradient = Tensor::from_vec(gradient, a.shape(), a.device())?;
    Ok((sum / b.len() as f64, gradient))
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn value_and_gradient_are_those_of_the_formula() {
        for count in [1, 63, 64, 65, CHUNK + 7] {
            let a: Vec<f32> = (0..count).map(|i| (i % 7) as f32).collect();
            let b: Vec<f32> = (0..count).map(|i| (i % 5) as f32).collect();
            let tensor = Tensor::from_slice(&a, count, &Device::Cpu).unwrap();
            let (value, gradient) = mean_squared(&tensor, 2.0, &b, 0.5).unwrap();
            let differences = a.iter().zip(&b).map(|(a, b)| 2.0 * a - b);
            let exact: f64 = differences.clone().map(|d| f64::from(d * d)).sum();
            assert!((value - exact / count as f64).abs() < 1e-9 * exact.max(1.0));
            let exact: Vec<f32> = differences.map(|d| 0.5 * d).collect();
            assert_eq!(gradient.to_vec1::<f32>().unwrap(), exact);
        }
    }

    #[test]
    fn different_lengths_are_an_error() {
        let tensor = Tensor::from_slice(&[1.0_f32, 2.0], 2, &Device::Cpu).unwrap();
        assert!(mean_squared(&tensor, 1.0, &[1.0; 3], 1.0).is_err());
    }
}

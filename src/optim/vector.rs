//! Vector arithmetic on pictures: parallel, sums in f64.

use rayon::prelude::*;

/// Values a thread takes at a time: 64 KiB, large against the cost of handing it over.
pub(super) const CHUNK: usize = 16 * 1024;

/// Sum of products.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f64 {
    sum(a, b, |a, b| a * b)
}

/// Sum of absolute values.
pub(super) fn norm1(a: &[f32]) -> f64 {
    sum(a, a, |a, _| a.abs())
}

fn sum(a: &[f32], b: &[f32], term: impl Fn(f32, f32) -> f32 + Sync) -> f64 {
    debug_assert_eq!(a.len(), b.len(), "vectors of one picture");
    let chunks = a.par_chunks(CHUNK).zip(b.par_chunks(CHUNK));
    // Eight f32 lanes vectorize; sixteen additions a lane lose no digits worth keeping.
    let partial = chunks.map(|(a, b)| {
        let blocks = a.chunks(128).zip(b.chunks(128));
        blocks
            .map(|(a, b)| {
                let mut lanes = [0.0_f32; 8];
                let (a8, a_rest) = a.as_chunks::<8>();
                let (b8, b_rest) = b.as_chunks::<8>();
                for (a, b) in a8.iter().zip(b8) {
                    for lane in 0..8 {
                        lanes[lane] += term(a[lane], b[lane]);
                    }
                }
                let rest = a_rest.iter().zip(b_rest).map(|(&a, &b)| term(a, b));
                f64::from(lanes.iter().sum::<f32>() + rest.sum::<f32>())
            })
            .sum::<f64>()
    });
    // Summed in order, so that the same picture gives the same bits on any number of threads.
    partial.collect::<Vec<_>>().into_iter().sum()
}

/// `y += scale · x`.
pub(super) fn add_scaled(y: &mut [f32], scale: f64, x: &[f32]) {
    let scale = scale as f32;
    let chunks = y.par_chunks_mut(CHUNK).zip(x.par_chunks(CHUNK));
    chunks.for_each(|(y, x)| {
        for (y, x) in y.iter_mut().zip(x) {
            *y += scale * x;
        }
    });
}

/// `x *= scale`.
pub(super) fn scale(x: &mut [f32], scale: f64) {
    let scale = scale as f32;
    x.par_chunks_mut(CHUNK)
        .for_each(|chunk| chunk.iter_mut().for_each(|x| *x *= scale));
}

/// `a - b`.
pub(super) fn difference(a: &[f32], b: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; a.len()];
    let chunks = out
        .par_chunks_mut(CHUNK)
        .zip(a.par_chunks(CHUNK).zip(b.par_chunks(CHUNK)));
    chunks.for_each(|(out, (a, b))| {
        for (out, (a, b)) in out.iter_mut().zip(a.iter().zip(b)) {
            *out = a - b;
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_agree_with_f64_at_every_length() {
        for n in [0, 1, 7, 8, 9, 127, 129, CHUNK - 1, CHUNK + 9, 3 * CHUNK + 5] {
            let a: Vec<f32> = (0..n).map(|i| ((i * 31) % 17) as f32 - 8.0).collect();
            let b: Vec<f32> = (0..n).map(|i| ((i * 13) % 11) as f32 - 5.0).collect();
            let exact: f64 = a.iter().zip(&b).map(|(&a, &b)| f64::from(a * b)).sum();
            assert_eq!(dot(&a, &b), exact, "length {n}");
            let exact: f64 = a.iter().map(|&a| f64::from(a.abs())).sum();
            assert_eq!(norm1(&a), exact, "length {n}");
        }
    }
}

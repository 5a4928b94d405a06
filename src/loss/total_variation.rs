//! Total variation of a planar picture: smoothness. Works on pixels, not on feature maps.

/// Value and gradient of a loss on pixels.
#[derive(Clone, Debug)]
pub struct PixelEvaluation {
    /// The loss, unweighted.
    pub value: f64,
    /// dL/d pixel, `[3, H, W]`.
    pub gradient: Vec<f32>,
}

/// Sum of absolute differences between neighbors:
/// `sum |x[y, x+1] - x[y, x]| + |x[y+1, x] - x[y, x]|` over planes (as neural-style-pt).
/// Its derivative at equal neighbors is 0.
///
/// `data` is `[planes, height, width]`.
pub fn absolute(data: &[f32], height: usize, width: usize) -> PixelEvaluation {
    let sign = |d: f32| if d == 0.0 { 0.0 } else { d.signum() };
    over_neighbors(data, height, width, |d| (d.abs(), sign(d)))
}

/// Mean over all values of the squared differences to the right and lower neighbor:
/// `mean(dx^2 + dy^2)`. Smooth, so that quasi-Newton steps can follow it, and free of the size of
/// the picture.
pub fn squared(data: &[f32], height: usize, width: usize) -> PixelEvaluation {
    let mut evaluation = over_neighbors(data, height, width, |d| (d * d, 2.0 * d));
    let scale = 1.0 / data.len() as f64;
    evaluation.value *= scale;
    for value in &mut evaluation.gradient {
        *value *= scale as f32;
    }
    evaluation
}

fn over_neighbors(
    data: &[f32],
    height: usize,
    width: usize,
    term: impl Fn(f32) -> (f32, f32) + Sync,
) -> PixelEvaluation {
    use rayon::prelude::*;

    assert!(height * width > 0, "a picture has at least one pixel");
    let mut gradient = vec![0.0; data.len()];
    // One row at a time: each value gathers from its four neighbors, so rows are independent.
    let value = gradient
        .par_chunks_mut(width)
        .enumerate()
        .with_min_len(16)
        .map(|(row, out)| {
            let at = |row: usize| &data[row * width..(row + 1) * width];
            let (here, y) = (at(row), row % height);
            let mut sum = 0.0_f64;
            for x in 0..width.saturating_sub(1) {
                let (value, slope) = term(here[x + 1] - here[x]);
                sum += f64::from(value);
                out[x + 1] += slope;
                out[x] -= slope;
            }
            if y + 1 < height {
                for (x, below) in at(row + 1).iter().enumerate() {
                    let (value, slope) = term(below - here[x]);
                    sum += f64::from(value);
                    out[x] -= slope;
                }
            }
            if y > 0 {
                for (x, above) in at(row - 1).iter().enumerate() {
                    out[x] += term(here[x] - above).1;
                }
            }
            sum
        })
        .sum();
    PixelEvaluation { value, gradient }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Variation = fn(&[f32], usize, usize) -> PixelEvaluation;
    const BOTH: [Variation; 2] = [absolute, squared];

    fn ramp(n: usize) -> Vec<f32> {
        (0..n).map(|i| ((i * 37) % 101) as f32 - 50.0).collect()
    }

    #[test]
    fn constant_is_zero_and_single_pixels_are_fine() {
        for variation in BOTH {
            let flat = variation(&[3.5; 3 * 4 * 5], 4, 5);
            assert_eq!(flat.value, 0.0);
            assert!(flat.gradient.iter().all(|&g| g == 0.0));
            assert_eq!(variation(&[1.0, 2.0, 3.0], 1, 1).value, 0.0);
        }
    }

    #[test]
    fn absolute_counts_each_pair_once() {
        // rows 0 1 / 3 7: |1| + |4| across, |3| + |6| down
        assert_eq!(absolute(&[0.0, 1.0, 3.0, 7.0], 2, 2).value, 14.0);
        // planes do not touch: three equal planes count three times
        let planes = [0.0, 1.0, 3.0, 7.0].repeat(3);
        assert_eq!(absolute(&planes, 2, 2).value, 42.0);
    }

    #[test]
    fn gradients_agree_with_central_differences() {
        let (h, w) = (4, 5);
        for variation in BOTH {
            let x = ramp(3 * h * w);
            let evaluation = variation(&x, h, w);
            for i in 0..x.len() {
                let at = |delta: f32| {
                    let mut moved = x.clone();
                    moved[i] += delta;
                    variation(&moved, h, w).value
                };
                let measured = (at(0.25) - at(-0.25)) / 0.5;
                assert!(
                    (measured - f64::from(evaluation.gradient[i])).abs() < 1e-3,
                    "pixel {i}: measured {measured}, formula {}",
                    evaluation.gradient[i]
                );
            }
        }
    }
}

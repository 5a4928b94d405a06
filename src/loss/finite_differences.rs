//! Central differences: the check of every gradient formula in this module.

use candle_core::{Device, Tensor};
use rand::{RngExt as _, SeedableRng as _};

use super::Measure;
use crate::features::TensorFeatures;

/// A map of positive and negative values with a fixed seed.
pub(super) fn noise_map(c: usize, h: usize, w: usize, seed: u64) -> Tensor {
    let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
    let values: Vec<f32> = (0..c * h * w)
        .map(|_| rng.random_range(-1.0..2.0))
        .collect();
    Tensor::from_vec(values, (c, h, w), &Device::Cpu).unwrap()
}

/// Compares the gradient of `measure` at `map` with central differences along 24 random
/// directions; panics when one differs by more than 1 % of the gradient's norm.
pub(super) fn check_measure(measure: &mut dyn Measure, map: &Tensor) {
    check_measure_with_step(measure, map, 1e-2);
}

/// The same with another length of the step than 1e-2: a shorter one for functions with kinks,
/// such as those of ranks, where two values may change places within a step.
pub(super) fn check_measure_with_step(measure: &mut dyn Measure, map: &Tensor, length: f64) {
    let (c, h, w) = map.dims3().unwrap();
    let at = |t: &Tensor| TensorFeatures::new(t.clone()).unwrap();
    let gradient = measure
        .evaluate(&at(map))
        .unwrap()
        .gradient
        .dense(map)
        .unwrap();
    let norm = |t: &Tensor| {
        f64::from(
            t.sqr()
                .unwrap()
                .sum_all()
                .unwrap()
                .to_scalar::<f32>()
                .unwrap(),
        )
        .sqrt()
    };
    assert!(
        norm(&gradient) > 0.0,
        "the gradient vanishes: nothing is tested"
    );
    for seed in 100..124 {
        let mut direction = noise_map(c, h, w, seed).affine(1.0, -0.5).unwrap();
        if seed % 2 == 0 {
            // Along the gradient itself the difference is largest and best conditioned.
            direction = (direction.affine(0.3, 0.0).unwrap()
                + gradient
                    .affine(norm(&direction) / norm(&gradient), 0.0)
                    .unwrap())
            .unwrap();
        }
        let step = length / norm(&direction);
        let shifted = |sign: f64| (map + direction.affine(sign * step, 0.0).unwrap()).unwrap();
        let plus = measure.evaluate(&at(&shifted(1.0))).unwrap().value;
        let minus = measure.evaluate(&at(&shifted(-1.0))).unwrap().value;
        let measured = (plus - minus) / (2.0 * step);
        let dot = (&gradient * &direction).unwrap().sum_all().unwrap();
        let predicted = f64::from(dot.to_scalar::<f32>().unwrap());
        let scale = norm(&gradient) * norm(&direction);
        assert!(
            (measured - predicted).abs() < 0.01 * scale,
            "direction {seed}: measured {measured}, formula {predicted}"
        );
    }
}

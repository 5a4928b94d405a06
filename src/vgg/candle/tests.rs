//! Strips against the whole picture. The engine's results as such are checked by the fast engine's
//! tests, by finite differences and by reference figures.

use candle_core::Device;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::{features::MomentGradient, vgg::weights::Weights};

/// Whole numbers, as the network's input.
fn picture(height: usize, width: usize) -> Vec<f32> {
    let mut rng = Pcg64Mcg::seed_from_u64(7);
    let count = 3 * height * width;
    (0..count)
        .map(|_| rng.random_range(-8..8_i32) as f32)
        .collect()
}

fn values(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

/// Weights of 1 and -1, two in each filter: with them everything between a picture and its
/// gradient is a short binary fraction, so that f32 is exact and the order of sums, which a matrix
/// product may choose by the size of its operands, plays no part.
fn exact_weights() -> Arc<Weights> {
    let mut weights = Weights::random(Network::Vgg16, 1).as_ref().clone();
    let mut rng = Pcg64Mcg::seed_from_u64(3);
    for convolution in &mut weights.convolutions {
        let taps = convolution.inputs * 9;
        for filter in convolution.weight.chunks_exact_mut(taps) {
            filter.fill(0.0);
            for value in [1.0, if rng.random_bool(0.5) { 1.0 } else { -1.0 }] {
                filter[rng.random_range(0..taps)] = value;
            }
        }
        for bias in &mut convolution.bias {
            *bias = rng.random_range(0..2_i32) as f32;
        }
    }
    Arc::new(weights)
}

/// Maps and the picture's gradient with strips of so many bytes.
fn run(
    weights: &Arc<Weights>,
    bytes: usize,
    sides: (usize, usize),
    taps: &[Layer],
    topology: Topology,
    gradient: impl Fn(&dyn Features) -> FeatureGradient,
) -> Vec<Vec<f32>> {
    let engine = CandleEngine::new(weights, &Device::Cpu).unwrap();
    let mut engine = engine.with_strip_bytes(bytes);
    let (height, width) = sides;
    let image = VggImage {
        data: &picture(height, width),
        height,
        width,
    };
    engine.forward(image, taps, topology).unwrap();
    let mut found = Vec::new();
    let mut gradients = Vec::new();
    for &layer in taps {
        let features = engine.tap(layer).unwrap();
        found.push(values(&features.map().unwrap()));
        gradients.push((layer, gradient(features.as_ref())));
    }
    found.push(engine.reverse(&gradients).unwrap());
    found
}

/// Calls `check` with what the whole picture and strips of several heights give, for even and odd
/// sides, both poolings and both edges.
fn compare(
    weights: &Arc<Weights>,
    gradient: impl Fn(&dyn Features) -> FeatureGradient,
    check: impl Fn(&[f32], &[f32], &str),
) {
    let layers =
        |names: &[&str]| -> Vec<Layer> { names.iter().map(|name| name.parse().unwrap()).collect() };
    let usual = layers(&[
        "relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu4_2", "relu5_1",
    ]);
    // Tapped and pooled at once; nothing tapped in the first block.
    let pooled = layers(&["relu2_2", "relu3_3", "relu4_3"]);
    for (sides, taps) in [((48, 64), &usual), ((37, 51), &usual), ((34, 47), &pooled)] {
        for pooling in [Pooling::Max, Pooling::Average] {
            for edge_padding in [EdgePadding::Zero, EdgePadding::Replicate] {
                let topology = Topology {
                    pooling,
                    edge_padding,
                };
                let whole = run(weights, usize::MAX, sides, taps, topology, &gradient);
                // A row at a time, and a few.
                for bytes in [1, 600_000] {
                    let strips = run(weights, bytes, sides, taps, topology, &gradient);
                    for (index, (a, b)) in strips.iter().zip(&whole).enumerate() {
                        let name = format!("{index} of {sides:?} {topology:?} at {bytes}");
                        check(a, b, &name);
                    }
                }
            }
        }
    }
}

#[test]
fn strips_of_any_height_agree_with_the_whole_picture_exactly() {
    let gradient = |features: &dyn Features| {
        let (c, h, w) = features.shape();
        let places = (0..c * h * w).map(|place| (place * place % 5) as f32 - 2.0);
        let map = Tensor::from_iter(places, &Device::Cpu).unwrap();
        FeatureGradient {
            map: Some(map.reshape((c, h, w)).unwrap()),
            moments: None,
            ..FeatureGradient::default()
        }
    };
    compare(&exact_weights(), gradient, |strips, whole, name| {
        let largest = whole
            .iter()
            .fold(0.0_f32, |largest, v| largest.max(v.abs()));
        // Within what f32 holds with the eight binary places that four poolings make.
        assert!((1.0..65_536.0).contains(&largest), "{largest}: {name}");
        assert!(strips == whole, "{name}");
    });
}

#[test]
fn strips_of_a_trained_network_differ_by_rounding_only() {
    let gradient = |features: &dyn Features| {
        let moments = features.moments().unwrap();
        FeatureGradient {
            map: Some(features.map().unwrap().affine(1e-3, 0.1).unwrap()),
            moments: Some(MomentGradient {
                mean: Some(moments.mean),
                second: Some(moments.second.affine(1e-3, 0.0).unwrap()),
                ..MomentGradient::default()
            }),
            ..FeatureGradient::default()
        }
    };
    let weights = Weights::embedded().unwrap();
    compare(&weights, gradient, |strips, whole, name| {
        let norm = |values: &mut dyn Iterator<Item = f32>| {
            values.map(|v| f64::from(v).powi(2)).sum::<f64>().sqrt()
        };
        let apart = norm(&mut strips.iter().zip(whole).map(|(a, b)| a - b));
        let error = apart / norm(&mut whole.iter().copied());
        assert!(error < 2e-6, "{error}: {name}");
    });
}

#[test]
fn strips_keep_to_their_budget_and_cover_every_row() {
    let device = Device::Cpu;
    let convolution = Convolution::new(&vec![0.0; 64 * 32 * 9], (64, 32), None, &device).unwrap();
    let row = 4 * 9 * 32 * 100;
    for (bytes, even, heights) in [
        (0, false, vec![1; 7]),
        (0, true, vec![2, 2, 2, 1]),
        (3 * row, false, vec![3, 3, 1]),
        (3 * row, true, vec![2, 2, 2, 1]),
        (usize::MAX, true, vec![7]),
    ] {
        let strips: Vec<_> = convolution.strips(7, 100, bytes, even).collect();
        let found: Vec<_> = strips.iter().map(ExactSizeIterator::len).collect();
        assert_eq!(found, heights, "{bytes} {even}");
        assert!(strips.windows(2).all(|pair| pair[0].end == pair[1].start));
    }
    // Two rows of 512 channels of a picture of 16384 pixels stay far below what a device counts.
    assert!(9 * 512 * 16_384_u64 * 2 < u64::from(u32::MAX));
}

#[test]
fn gradients_of_another_shape_are_refused() {
    let weights = Weights::embedded().unwrap();
    let mut engine = CandleEngine::new(&weights, &Device::Cpu).unwrap();
    let layer = Layer::new(1, 1);
    let image = VggImage {
        data: &picture(6, 5),
        height: 6,
        width: 5,
    };
    let zeros = |shape: &[usize]| Tensor::zeros(shape, candle_core::DType::F32, &Device::Cpu);
    let moments = |second: &[usize], mean: &[usize]| FeatureGradient {
        map: None,
        moments: Some(MomentGradient {
            mean: Some(zeros(mean).unwrap()),
            second: Some(zeros(second).unwrap()),
            ..MomentGradient::default()
        }),
        ..FeatureGradient::default()
    };
    let map = FeatureGradient {
        map: Some(zeros(&[64, 5, 6]).unwrap()),
        moments: None,
        ..FeatureGradient::default()
    };
    for wrong in [map, moments(&[64, 63], &[64]), moments(&[64, 64], &[1])] {
        engine
            .forward(image, &[layer], Topology::default())
            .unwrap();
        assert!(engine.reverse(&[(layer, wrong)]).is_err());
    }
    engine
        .forward(image, &[layer], Topology::default())
        .unwrap();
    let fits = moments(&[64, 64], &[64]);
    assert!(engine.reverse(&[(Layer::new(1, 2), fits.clone())]).is_err());
    assert_eq!(engine.reverse(&[(layer, fits)]).unwrap().len(), 90);
    assert!(engine.tap(layer).is_err(), "the pass is used up");
}

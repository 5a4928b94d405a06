//! The fast engine against the one on tensors.

use super::*;
use crate::{
    features::MomentGradient,
    network::{EdgePadding, Pooling},
    vgg::candle::CandleEngine,
};
use candle_core::Tensor;
use rand::{RngExt as _, SeedableRng as _};

fn picture(height: usize, width: usize, seed: u64) -> Vec<f32> {
    let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
    (0..3 * height * width)
        .map(|_| rng.random_range(-120.0..140.0))
        .collect()
}

fn error(found: &[f32], expected: &[f32]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let sum = |values: &mut dyn Iterator<Item = f32>| -> f64 {
        values.map(|value| f64::from(value).powi(2)).sum()
    };
    let wrong = sum(&mut found.iter().zip(expected).map(|(a, b)| a - b));
    (wrong / sum(&mut expected.iter().copied())).sqrt()
}

fn values(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

/// A gradient of every kind, from the features of `engine`, for some of the taps.
fn gradients(engine: &dyn Engine, taps: &[Layer]) -> Vec<(Layer, FeatureGradient)> {
    let chosen = taps.iter().enumerate().filter(|(i, _)| i % 4 != 3);
    chosen
        .map(|(i, &layer)| {
            let features = engine.tap(layer).unwrap();
            let moments = features.moments().unwrap();
            let (c, h, w) = features.shape();
            // Each kind alone, then all of them, in sizes that are comparable.
            let n = (h * w) as f64;
            let size = values(&moments.second).iter().sum::<f32>() / (c * c) as f32;
            let gradient = FeatureGradient {
                map: (i % 3 != 0)
                    .then(|| features.map().unwrap().affine(1.0 / n, 0.1 / n).unwrap()),
                moments: (i % 3 != 1).then(|| MomentGradient {
                    mean: Some(moments.mean.affine(0.5, 0.0).unwrap()),
                    second: Some(
                        moments
                            .second
                            .affine(1.0 / (f64::from(size) * c as f64), 0.0)
                            .unwrap(),
                    ),
                    ..MomentGradient::default()
                }),
                ..FeatureGradient::default()
            };
            (layer, gradient)
        })
        .collect()
}

/// Runs both engines and compares features, moments and the picture's gradient.
fn compare(
    fast: &mut FastEngine,
    reference: &mut CandleEngine,
    sides: (usize, usize),
    taps: &[Layer],
    topology: Topology,
) {
    let (height, width) = sides;
    let data = picture(height, width, 7);
    let image = VggImage {
        data: &data,
        height,
        width,
    };
    fast.forward(image, taps, topology).unwrap();
    reference.forward(image, taps, topology).unwrap();
    let name = format!("{} {sides:?} {taps:?} {topology:?}", fast.isa());
    for &layer in taps {
        let (found, expected) = (fast.tap(layer).unwrap(), reference.tap(layer).unwrap());
        assert_eq!(found.shape(), expected.shape());
        let [a, b] = [&found, &expected].map(|features| values(&features.map().unwrap()));
        assert!(error(&a, &b) < 1e-4, "{layer} of {name}: {}", error(&a, &b));
        let [a, b] = [&found, &expected].map(|features| features.moments().unwrap());
        assert_eq!(a.positions, b.positions);
        assert!(error(&values(&a.mean), &values(&b.mean)) < 1e-4);
        assert!(error(&values(&a.second), &values(&b.second)) < 1e-4);
    }
    let wanted = gradients(reference, taps);
    let found = fast.reverse(&wanted).unwrap();
    let expected = reference.reverse(&wanted).unwrap();
    let wrong = error(&found, &expected);
    // A value within rounding of 0, or of its neighbor in a window, may fall on either side of
    // the ReLU or the maximum: in a tiny picture one such event is seen in the whole gradient.
    let tolerance = if height.min(width) > 16 { 1e-3 } else { 5e-3 };
    assert!(wrong < tolerance, "{wrong}: {name}");
}

fn layers(names: &[&str]) -> Vec<Layer> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

#[test]
fn agrees_with_the_tensor_engine() {
    let weights = Weights::embedded().unwrap();
    let mut reference = CandleEngine::new(&weights, &Device::Cpu).unwrap();
    for isa in Isa::available() {
        let mut fast = FastEngine::new(&weights, Some(2)).unwrap().with_isa(isa);
        let usual = [
            "relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu4_2", "relu5_1",
        ];
        for (sides, taps, pooling, edge_padding) in [
            ((48, 64), &usual[..], Pooling::Max, EdgePadding::Zero),
            ((53, 75), &usual, Pooling::Average, EdgePadding::Replicate),
            ((16, 16), &usual, Pooling::Max, EdgePadding::Replicate),
            // Tapped and pooled, with and without a gradient of its own; untapped start.
            (
                (39, 21),
                &["relu1_2", "relu2_2", "relu3_3", "relu4_3"],
                Pooling::Max,
                EdgePadding::Zero,
            ),
            (
                (38, 23),
                &["relu2_2", "relu3_3", "relu3_1", "relu1_2"],
                Pooling::Average,
                EdgePadding::Zero,
            ),
            ((1, 1), &["relu1_1"], Pooling::Max, EdgePadding::Zero),
            ((1, 9), &["relu1_2"], Pooling::Max, EdgePadding::Replicate),
            ((5, 7), &["relu2_1"], Pooling::Average, EdgePadding::Zero),
            (
                (9, 8),
                &["relu3_2", "relu1_1"],
                Pooling::Max,
                EdgePadding::Zero,
            ),
        ] {
            let topology = Topology {
                pooling,
                edge_padding,
            };
            compare(&mut fast, &mut reference, sides, &layers(taps), topology);
        }
    }
}

#[test]
fn every_layer_of_the_larger_network_agrees() {
    let weights = Weights::random(Network::Vgg19, 3);
    let taps: Vec<Layer> = Network::Vgg19.layers().collect();
    compare(
        &mut FastEngine::new(&weights, Some(2)).unwrap(),
        &mut CandleEngine::new(&weights, &Device::Cpu).unwrap(),
        (35, 41),
        &taps,
        Topology::default(),
    );
}

#[test]
fn results_do_not_depend_on_threads_or_on_what_ran_before() {
    let weights = Weights::random(Network::Vgg16, 1);
    let taps = layers(&["relu1_1", "relu3_1", "relu4_2"]);
    let data = picture(70, 90, 1);
    let image = VggImage {
        data: &data,
        height: 70,
        width: 90,
    };
    let run = |engine: &mut FastEngine| {
        engine.forward(image, &taps, Topology::default()).unwrap();
        let gradients = gradients(engine, &taps);
        engine.reverse(&gradients).unwrap()
    };
    let mut one = FastEngine::new(&weights, Some(2)).unwrap();
    let mut other = FastEngine::new(&weights, Some(2)).unwrap();
    let small = picture(17, 33, 2);
    let smaller = VggImage {
        data: &small,
        height: 17,
        width: 33,
    };
    other
        .forward(smaller, &layers(&["relu5_1"]), Topology::default())
        .unwrap();
    let (first, second) = (run(&mut one), run(&mut other));
    assert!(first == second, "what ran before matters");
    assert!(run(&mut one) == first, "a second run differs");
    let single = run(&mut FastEngine::new(&weights, Some(1)).unwrap());
    assert!(error(&single, &first) < 1e-5);
}

#[test]
fn mistakes_are_errors() {
    let weights = Weights::random(Network::Vgg16, 1);
    let mut engine = FastEngine::new(&weights, Some(1)).unwrap();
    let data = picture(8, 8, 1);
    let image = VggImage {
        data: &data,
        height: 8,
        width: 8,
    };
    let mut forward = |taps: &[&str]| engine.forward(image, &layers(taps), Topology::default());
    assert!(forward(&["relu3_4"]).is_err());
    assert!(forward(&["relu5_1"]).is_err());
    forward(&["relu2_1"]).unwrap();
    assert!(engine.tap(Layer::new(1, 1)).is_err());
    assert!(engine.reverse(&[]).is_err());
    let wrong = Tensor::zeros((128, 3, 3), candle_core::DType::F32, &Device::Cpu).unwrap();
    let gradient = |map| FeatureGradient {
        map: Some(map),
        moments: None,
        ..FeatureGradient::default()
    };
    engine
        .forward(image, &layers(&["relu2_1"]), Topology::default())
        .unwrap();
    assert!(
        engine
            .reverse(&[(Layer::new(2, 1), gradient(wrong))])
            .is_err()
    );
    engine
        .forward(image, &layers(&["relu2_1"]), Topology::default())
        .unwrap();
    let right = engine.tap(Layer::new(2, 1)).unwrap().map().unwrap();
    assert!(
        engine
            .reverse(&[(Layer::new(1, 1), gradient(right.clone()))])
            .is_err()
    );
    assert!(
        engine
            .reverse(&[(Layer::new(2, 1), gradient(right))])
            .is_ok()
    );
    assert!(engine.tap(Layer::new(2, 1)).is_err());
}

#[test]
fn pictures_of_no_numbers_do_not_crash() {
    let weights = Weights::random(Network::Vgg16, 1);
    let mut engine = FastEngine::new(&weights, Some(2)).unwrap();
    let taps = layers(&["relu1_1", "relu4_2"]);
    for value in [f32::NAN, f32::INFINITY, f32::MAX] {
        for pooling in [Pooling::Max, Pooling::Average] {
            let topology = Topology {
                pooling,
                ..Topology::default()
            };
            let image = VggImage {
                data: &[value; 3 * 20 * 20],
                height: 20,
                width: 20,
            };
            engine.forward(image, &taps, topology).unwrap();
            let gradients = gradients(&engine, &taps);
            engine.reverse(&gradients).unwrap();
        }
    }
}

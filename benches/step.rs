//! A whole step without its losses, forward and reverse through VGG-19, at one and at all threads.
//!
//! `impasto bench` measures the same with losses, layer by layer; `torch_step.py` in PyTorch.

use std::time::Duration;

use candle_core::Tensor;
use criterion::{Criterion, criterion_group, criterion_main};
use impasto::{
    features::FeatureGradient,
    network::{Layer, Network},
    vgg::{Engine as _, Topology, VggImage, fast::FastEngine, weights::Weights},
};

fn step(criterion: &mut Criterion) {
    let weights = Weights::random(Network::Vgg19, 1);
    let taps = [
        Layer::new(1, 1),
        Layer::new(2, 1),
        Layer::new(3, 1),
        Layer::new(4, 1),
        Layer::new(5, 1),
    ];
    let mut group = criterion.benchmark_group("step");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(5));
    for (name, threads) in [("one thread", Some(1)), ("all threads", None)] {
        let mut engine = FastEngine::new(&weights, threads).expect("threads start");
        for size in [256, 512] {
            let spread = |i: usize| ((i as f64 * 0.618_033_988_7).fract() * 250.0 - 110.0) as f32;
            let data: Vec<f32> = (0..3 * size * size).map(spread).collect();
            let image = VggImage {
                data: &data,
                height: size,
                width: size,
            };
            group.bench_function(format!("{name}/{size} px"), |bencher| {
                bencher.iter(|| {
                    engine
                        .forward(image, &taps, Topology::default())
                        .expect("the picture is large enough");
                    let gradients = taps.map(|layer| {
                        let features = engine.tap(layer).expect("it was tapped");
                        let second: Tensor = features.moments().expect("there is memory").second;
                        (layer, FeatureGradient::of_moments(None, Some(second)))
                    });
                    engine.reverse(&gradients).expect("gradients fit")
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, step);
criterion_main!(benches);

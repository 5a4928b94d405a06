//! The estimated peak of memory against the real one: a process of its own, because the system
//! counts by process.

#![cfg(target_os = "linux")]

use impasto::{
    features::FeatureGradient,
    network::{Layer, Network},
    vgg::{
        Engine as _, Topology, VggImage,
        fast::{FastEngine, peak_memory_bytes},
        weights::Weights,
    },
};

#[test]
fn peak_memory_is_estimated_within_15_percent() {
    let (size, threads) = (320, 2);
    let taps = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"]
        .map(|name| name.parse::<Layer>().unwrap());
    let weights = Weights::embedded().unwrap();
    let mut engine = FastEngine::new(&weights, Some(threads)).unwrap();
    let data = vec![1.0; 3 * size * size];
    let image = VggImage {
        data: &data,
        height: size,
        width: size,
    };
    engine.forward(image, &taps, Topology::default()).unwrap();
    let gradients = taps.map(|layer| {
        let second = engine.tap(layer).unwrap().moments().unwrap().second;
        (layer, FeatureGradient::of_moments(None, Some(second)))
    });
    engine.reverse(&gradients).unwrap();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib: f64 = line
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let measured = kib * 1024.0;
    let estimated = peak_memory_bytes(Network::Vgg16, &taps, size, size, threads) as f64;
    assert!(
        (estimated / measured - 1.0).abs() < 0.15,
        "estimated {:.0} MB, measured {:.0} MB",
        estimated / 1e6,
        measured / 1e6
    );
}

//! Network, losses and gradients against float64 PyTorch (`tests/reference/generate.py`).

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::{collections::BTreeMap, path::Path};

use candle_core::{Device, safetensors};
use impasto::{
    features::FeatureGradient,
    loss::{Measure, content::ContentLoss, gram::GramLoss, total_variation},
    network::{Family, Layer, Network, Pooling},
    pixels::{Picture, vgg_from_srgb},
    vgg::{Engine, Topology, VggImage, candle::CandleEngine, fast::FastEngine, weights::Weights},
};

#[derive(serde::Deserialize)]
struct Figures {
    content: BTreeMap<Layer, f64>,
    gram: BTreeMap<Layer, f64>,
    tv: f64,
}

struct Image {
    data: Vec<f32>,
    height: usize,
    width: usize,
}

impl Image {
    fn open(path: &Path) -> Self {
        let planes = Picture::open(path).unwrap().planes;
        Self {
            data: vgg_from_srgb(&planes, Family::Oxford.mean()),
            height: planes.height,
            width: planes.width,
        }
    }

    fn vgg(&self) -> VggImage<'_> {
        VggImage {
            data: &self.data,
            height: self.height,
            width: self.width,
        }
    }
}

const POOLINGS: [(Pooling, &str); 2] = [(Pooling::Max, "max"), (Pooling::Average, "avg")];

fn engines() -> [(&'static str, Box<dyn Engine>); 2] {
    let weights = Weights::embedded().unwrap();
    let candle = CandleEngine::new(&weights, &Device::Cpu).unwrap();
    let fast = FastEngine::new(&weights, None).unwrap();
    [("candle", Box::new(candle)), ("fast", Box::new(fast))]
}

fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    let error = (found - expected).abs() / expected.abs();
    assert!(
        error < tolerance,
        "{what}: {found} instead of {expected} (off by {error:.1e})"
    );
}

/// Relative Euclidean distance.
fn distance(found: &[f32], expected: &[f32]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let square = |values: &mut dyn Iterator<Item = f32>| -> f64 {
        values.map(|value| f64::from(value).powi(2)).sum()
    };
    let difference = square(&mut found.iter().zip(expected).map(|(a, b)| a - b));
    (difference / square(&mut expected.iter().copied())).sqrt()
}

/// Checks losses at all layers, and the gradients there are, of the pictures
/// `{content,style,generated}` against the figures `{stem}.json`, `{stem}.safetensors`.
fn check(engine: &mut dyn Engine, pictures: [&Path; 3], stem: &Path, pooling: Pooling, name: &str) {
    let text = std::fs::read_to_string(stem.with_extension("json")).unwrap();
    let figures: Figures = serde_json::from_str(&text).unwrap();
    let gradients = safetensors::load(stem.with_extension("safetensors"), &Device::Cpu).unwrap();
    let [content, style, generated] = pictures.map(Image::open);
    let taps: Vec<Layer> = Network::Vgg16.layers().collect();
    let topology = Topology {
        pooling,
        ..Topology::default()
    };
    let mut measures: Vec<(Layer, &str, f64, Box<dyn Measure>)> = Vec::new();
    engine.forward(content.vgg(), &taps, topology).unwrap();
    for &layer in &taps {
        let loss = ContentLoss::new(&engine.tap(layer).unwrap().map().unwrap()).unwrap();
        measures.push((layer, "content", figures.content[&layer], Box::new(loss)));
    }
    engine.forward(style.vgg(), &taps, topology).unwrap();
    for &layer in &taps {
        let loss = GramLoss::new(&engine.tap(layer).unwrap().moments().unwrap().second).unwrap();
        measures.push((layer, "gram", figures.gram[&layer], Box::new(loss)));
    }
    let mut checked = 0;
    for (layer, kind, expected, mut measure) in measures {
        engine.forward(generated.vgg(), &taps, topology).unwrap();
        let evaluation = measure
            .evaluate(engine.tap(layer).unwrap().as_ref())
            .unwrap();
        close(
            evaluation.value,
            expected,
            1e-3,
            &format!("{name} {kind} {layer}"),
        );
        let keys = [
            format!("{kind}/{layer}"),
            format!("gradients/{kind}/{layer}"),
        ];
        if let Some(expected) = keys.iter().find_map(|key| gradients.get(key)) {
            let expected: Vec<f32> = expected.flatten_all().unwrap().to_vec1().unwrap();
            let gradient: Vec<(Layer, FeatureGradient)> = vec![(layer, evaluation.gradient)];
            let found = engine.reverse(&gradient).unwrap();
            let off = distance(&found, &expected);
            assert!(
                off < 1e-3,
                "{name} gradient of {kind} at {layer} is off by {off:.1e}"
            );
            checked += 1;
        }
    }
    assert!(
        checked >= 6,
        "only {checked} gradients were there to compare"
    );
    let variation = total_variation::absolute(&generated.data, generated.height, generated.width);
    close(variation.value, figures.tv, 1e-5, "total variation");
}

#[test]
fn losses_and_gradients_agree_with_pytorch() {
    let folder = Path::new("tests/reference");
    let pictures = ["content.png", "style.png", "generated.png"].map(|name| folder.join(name));
    for (engine_name, mut engine) in engines() {
        for (pooling, name) in POOLINGS {
            let stem = folder.join(format!("vgg16-{name}"));
            let name = format!("{engine_name} {name}");
            let pictures = pictures.each_ref().map(AsRef::as_ref);
            check(engine.as_mut(), pictures, &stem, pooling, &name);
        }
    }
}

/// The same on larger reference data that does not belong to this repository.
#[test]
fn losses_and_gradients_agree_with_the_larger_reference() {
    let folder = Path::new("../shared/data/reference");
    if !folder.exists() {
        println!("skipped: {} is not here", folder.display());
        return;
    }
    for (engine_name, mut engine) in engines() {
        for size in ["64x48", "75x53"] {
            let pictures = ["content", "style", "generated"];
            let pictures = pictures.map(|name| folder.join(format!("{name}_{size}.png")));
            for (pooling, name) in POOLINGS {
                let stem = folder.join(format!("vgg16_{name}_{size}"));
                let name = format!("{engine_name} {name} {size}");
                let pictures = pictures.each_ref().map(AsRef::as_ref);
                check(engine.as_mut(), pictures, &stem, pooling, &name);
            }
        }
    }
}

//! The feed-forward networks against ONNX Runtime's results for the same weights. `README.md` here
//! says where the figures come from.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod brushes;
mod gradients;

use std::path::{Path, PathBuf};

use impasto::{
    feedforward::{Architecture, Norms, SMALLEST_PX, Transformer, style_vector},
    pixels::{Picture, Planes},
};
use safetensors::SafeTensors;

/// Largest difference from the expected values, which are 0..1 (vectors -2..2).
const TOLERANCE: f32 = 1e-4;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/feedforward")
        .join(name)
}

fn planes(name: &str) -> Planes {
    Picture::open(&file(name)).unwrap().planes
}

fn expected(name: &str) -> Vec<f32> {
    let bytes = std::fs::read(file("expected.safetensors")).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let data = tensors.tensor(name).unwrap().data().to_vec();
    data.chunks_exact(4)
        .map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()))
        .collect()
}

fn close(found: &[f32], name: &str) {
    let expected = expected(name);
    assert_eq!(found.len(), expected.len(), "{name}");
    let pairs = found.iter().zip(&expected);
    let difference = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(difference < TOLERANCE, "{name}: {difference} apart");
}

#[test]
fn style_vectors_agree() {
    let vector = style_vector(&planes("style_starry_night_256.png")).unwrap();
    close(&vector, "style_vector.starry_night");
}

#[test]
fn pictures_of_any_style_agree_at_even_and_odd_sizes() {
    let norms = Norms::of_picture(&planes("style_starry_night_256.png")).unwrap();
    let network = Transformer::embedded(Architecture::Ghiasi2017).unwrap();
    for size in ["96x64", "75x53"] {
        let content = planes(&format!("content_{size}.png"));
        let painted = network.paint(&content, &norms).unwrap();
        assert_eq!(
            (painted.width, painted.height),
            (content.width, content.height)
        );
        close(&painted.data, &format!("ghiasi.{size}.starry_night"));
    }
}

#[test]
fn pictures_of_fixed_styles_agree_at_even_and_odd_sizes() {
    let network = Transformer::embedded(Architecture::Dumoulin2017).unwrap();
    for size in ["96x64", "75x53"] {
        let content = planes(&format!("content_{size}.png"));
        for style in [8, 19] {
            let painted = network
                .paint(&content, &Norms::fixed(style).unwrap())
                .unwrap();
            close(&painted.data, &format!("multistyle26.{size}.style{style}"));
        }
    }
}

#[test]
fn every_size_from_five_pixels_on_comes_back_at_its_own_size() {
    for architecture in [Architecture::Ghiasi2017, Architecture::Dumoulin2017] {
        let network = Transformer::embedded(architecture).unwrap();
        let norms = match architecture {
            Architecture::Ghiasi2017 => Norms::of_picture(&planes("content_96x64.png")).unwrap(),
            Architecture::Dumoulin2017 => Norms::fixed(4).unwrap(),
        };
        for (width, height) in [(5, 5), (6, 7), (8, 5), (9, 301), (130, 11)] {
            let picture = planes("content_96x64.png").resize(width, height);
            let painted = network.paint(&picture, &norms).unwrap();
            assert_eq!((painted.width, painted.height), (width, height));
            assert_eq!(painted.data.len(), 3 * width * height);
            assert!(painted.data.iter().all(|value| (0.0..=1.0).contains(value)));
        }
        let small = Planes::filled(SMALLEST_PX - 1, 40, [0.5; 3]);
        let words = network.paint(&small, &norms).unwrap_err().to_string();
        assert!(
            words.contains("4x40") && words.contains("at least 5"),
            "{words}"
        );
    }
}

#[test]
fn a_style_of_another_network_or_length_is_refused() {
    let picture = planes("content_96x64.png");
    let network = Transformer::embedded(Architecture::Ghiasi2017).unwrap();
    let other = Norms::fixed(0).unwrap();
    assert!(network.paint(&picture, &other).is_err());
    assert!(Norms::fixed(26).is_err());
    assert!(Norms::new(Architecture::Ghiasi2017, vec![1.0; 693]).is_err());
    assert!(Norms::new(Architecture::Ghiasi2017, vec![f32::NAN; 694]).is_err());
    let own = Norms::of_picture(&picture).unwrap();
    assert!(Norms::mixed(&[(&own, 0.5), (&other, 0.5)]).is_err());
    assert!(Norms::mixed(&[]).is_err());
}

#[test]
fn mixing_styles_is_mixing_their_vectors() {
    let (one, two) = (
        planes("style_starry_night_256.png"),
        planes("content_96x64.png"),
    );
    let (a, b) = (style_vector(&one).unwrap(), style_vector(&two).unwrap());
    let mean: Vec<f32> = a.iter().zip(&b).map(|(a, b)| 0.25 * a + 0.75 * b).collect();
    let by_vector = Norms::of_vector(&mean).unwrap();
    let parts = [one, two].map(|picture| Norms::of_picture(&picture).unwrap());
    let by_norms = Norms::mixed(&[(&parts[0], 0.25), (&parts[1], 0.75)]).unwrap();
    for (a, b) in by_vector.values().iter().zip(by_norms.values()) {
        assert!((a - b).abs() < 1e-4);
    }
}

//! The reverse pass against finite differences.

use impasto::feedforward::{Architecture, Norms, Transformer};
use impasto::pixels::Planes;

use super::planes;

/// Of the norm of the gradient: between two differences some values cross the kink of a `ReLU`.
const TOLERANCE: f64 = 5e-3;

/// Values that look random and are the same each time, -1..1.
fn made(length: usize, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..length).map(|_| next()).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    let products = a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b));
    products.sum()
}

fn moved(values: &[f32], direction: &[f32], by: f32) -> Vec<f32> {
    let pairs = values.iter().zip(direction);
    pairs.map(|(value, step)| value + by * step).collect()
}

#[test]
fn gradients_agree_with_finite_differences() {
    for (architecture, size) in [
        (Architecture::Ghiasi2017, (32, 24)),
        (Architecture::Ghiasi2017, (29, 18)),
        (Architecture::Dumoulin2017, (27, 22)),
    ] {
        let network = Transformer::embedded(architecture).unwrap();
        let norms = match architecture {
            Architecture::Ghiasi2017 => {
                Norms::of_picture(&planes("style_starry_night_256.png")).unwrap()
            }
            Architecture::Dumoulin2017 => Norms::fixed(19).unwrap(),
        };
        let picture = planes("content_96x64.png").resize(size.0, size.1);
        // The loss is a weighted sum of the painted pixels.
        let weights = made(picture.data.len(), 9);
        let (painted, tape) = network.paint_taped(&picture, &norms).unwrap();
        let plain = network.paint(&picture, &norms).unwrap();
        // Rounding aside: here a map is normalized before it is read, there while it is.
        let mut pairs = painted.data.iter().zip(&plain.data);
        assert!(pairs.all(|(a, b)| (a - b).abs() < 1e-5));
        let gradients = network.reverse(&tape, &norms, &weights, true).unwrap();
        let without = network.reverse(&tape, &norms, &weights, false).unwrap();
        assert_eq!(gradients.norms, without.norms);
        assert!(without.picture.is_none());

        let loss = |picture: &Planes, values: Vec<f32>| {
            let norms = Norms::new(architecture, values).unwrap();
            dot(&network.paint(picture, &norms).unwrap().data, &weights)
        };
        // Directions of random sign in all numbers, in some of them, and in single ones.
        let length = norms.values().len();
        for seed in 0..12 {
            let mut direction = made(length, seed);
            if seed == 0 {
                // The steepest: nothing is hidden by a small product.
                direction.clone_from(&gradients.norms);
                let size = dot(&direction, &direction).sqrt() as f32;
                direction.iter_mut().for_each(|value| *value *= 10.0 / size);
            }
            if seed % 3 > 0 {
                let kept = if seed % 3 == 1 { 7 } else { 97 };
                for (n, value) in direction.iter_mut().enumerate() {
                    if n % kept != seed as usize % kept {
                        *value = 0.0;
                    }
                }
            }
            let step = 3e-4;
            let [ahead, behind] =
                [step, -step].map(|by| loss(&picture, moved(norms.values(), &direction, by)));
            let found = (ahead - behind) / f64::from(2.0 * step);
            let told = dot(&gradients.norms, &direction);
            let scale =
                dot(&gradients.norms, &gradients.norms).sqrt() * dot(&direction, &direction).sqrt();
            let error = (found - told).abs() / scale;
            assert!(
                error < TOLERANCE,
                "{architecture} {size:?} norms: {found} {told} of {scale}"
            );
        }
        let picture_gradient = gradients.picture.unwrap();
        for seed in 0..6 {
            let mut direction = made(picture.data.len(), 40 + seed);
            if seed == 0 {
                direction.clone_from(&picture_gradient);
                let size = dot(&direction, &direction).sqrt() as f32;
                direction.iter_mut().for_each(|value| *value *= 10.0 / size);
            }
            let step = 3e-4;
            let [ahead, behind] = [step, -step].map(|by| {
                let data = moved(&picture.data, &direction, by);
                loss(&Planes { data, ..picture }, norms.values().to_vec())
            });
            let found = (ahead - behind) / f64::from(2.0 * step);
            let told = dot(&picture_gradient, &direction);
            let scale = dot(&picture_gradient, &picture_gradient).sqrt()
                * dot(&direction, &direction).sqrt();
            let error = (found - told).abs() / scale;
            assert!(
                error < TOLERANCE,
                "{architecture} {size:?} picture: {found} {told} of {scale}"
            );
        }
    }
}

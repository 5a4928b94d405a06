//! The reverse pass against finite differences.

use impasto::feedforward::{Architecture, Norms, Transformer};
use impasto::pixels::Planes;

use super::planes;

/// Of the derivative along a direction: between two differences some values cross the kink of a
/// `ReLU`.
const TOLERANCE: f64 = 0.02;

/// Lengths of steps; a kink that one of them crosses is seldom crossed by the other too.
const STEPS: [f32; 2] = [5e-4, 2e-4];

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
        for (every, first) in [(1, 0), (3, 0), (3, 1), (3, 2), (7, 3), (7, 5)] {
            let direction = steepest(&gradients.norms, every, first);
            let derivative = |step: f32| {
                let [ahead, behind] =
                    [step, -step].map(|by| loss(&picture, moved(norms.values(), &direction, by)));
                (ahead - behind) / f64::from(2.0 * step)
            };
            let told = dot(&gradients.norms, &direction);
            agree(
                told,
                derivative,
                &format!("{architecture} {size:?} norms {every}"),
            );
        }
        let gradient = gradients.picture.unwrap();
        for (every, first) in [(1, 0), (2, 0), (2, 1), (5, 3)] {
            let direction = steepest(&gradient, every, first);
            let derivative = |step: f32| {
                let [ahead, behind] = [step, -step].map(|by| {
                    let data = moved(&picture.data, &direction, by);
                    loss(&Planes { data, ..picture }, norms.values().to_vec())
                });
                (ahead - behind) / f64::from(2.0 * step)
            };
            let told = dot(&gradient, &direction);
            agree(
                told,
                derivative,
                &format!("{architecture} {size:?} picture {every}"),
            );
        }
    }
}

/// The direction of unit length in which the loss rises fastest when only every so many numbers
/// change.
fn steepest(gradient: &[f32], every: usize, first: usize) -> Vec<f32> {
    let taken = |(n, value): (usize, &f32)| if n % every == first { *value } else { 0.0 };
    let mut direction: Vec<f32> = gradient.iter().enumerate().map(taken).collect();
    let length = dot(&direction, &direction).sqrt() as f32;
    direction.iter_mut().for_each(|value| *value /= length);
    direction
}

fn agree(told: f64, derivative: impl Fn(f32) -> f64, what: &str) {
    let found = STEPS.map(derivative);
    let errors = found.map(|found| (found - told).abs() / told);
    let error = errors[0].min(errors[1]);
    assert!(error < TOLERANCE, "{what}: {found:?}, told {told}");
}

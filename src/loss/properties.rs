//! What must hold for every measure of style.

use candle_core::{Device, Tensor};

use super::{Measure, StyleMeasure, Styles, finite_differences::noise_map};
use crate::{
    choice::Choice as _,
    features::{Features, TensorFeatures},
};

fn wrap(map: &Tensor) -> TensorFeatures {
    TensorFeatures::new(map.clone()).unwrap()
}

/// As after a rectifier: about a third of the values is 0.
fn relu_map(c: usize, h: usize, w: usize, seed: u64) -> Tensor {
    noise_map(c, h, w, seed).relu().unwrap()
}

fn target(measure: StyleMeasure, styles: &Styles<'_>) -> Box<dyn Measure> {
    (measure.description().target)(styles, 3).unwrap()
}

/// Value of the measure with this target at `map`, with the first draws of a fixed seed.
fn value(measure: StyleMeasure, style: &Tensor, map: &Tensor) -> f64 {
    let mut loss = target(measure, &[(&wrap(style), 1.0)]);
    loss.evaluate(&wrap(map)).unwrap().value
}

fn reversed(map: &Tensor) -> Tensor {
    let (c, h, w) = map.dims3().unwrap();
    let order: Vec<u32> = (0..(h * w) as u32).rev().collect();
    let order = Tensor::new(order, map.device()).unwrap();
    let flat = map.reshape((c, h * w)).unwrap();
    let flat = flat.index_select(&order, 1).unwrap();
    flat.reshape((c, h, w)).unwrap()
}

#[test]
fn titles_are_distinct_and_everything_is_said() {
    for (index, measure) in StyleMeasure::ALL.iter().enumerate() {
        let described = measure.description();
        let titles = StyleMeasure::ALL[..index].iter();
        assert!(
            titles
                .map(|m| m.description().title)
                .all(|t| t != described.title)
        );
        assert!(!described.effect.is_empty() && !described.source.is_empty());
    }
}

#[test]
fn a_measure_of_moments_never_asks_for_the_map() {
    /// A map that only tells its moments.
    struct Moments(TensorFeatures);
    impl Features for Moments {
        fn shape(&self) -> (usize, usize, usize) {
            self.0.shape()
        }
        fn map(&self) -> crate::error::Result<Tensor> {
            Err(crate::error::Error::Internal(
                "asked for the map".to_owned(),
            ))
        }
        fn moments(&self) -> crate::error::Result<crate::features::Moments> {
            self.0.moments()
        }
    }
    let (style, other) = (relu_map(6, 7, 8, 1), relu_map(6, 9, 9, 2));
    for measure in StyleMeasure::ALL {
        let style = Moments(wrap(&style));
        let made = (measure.description().target)(&[(&style, 1.0)], 3);
        let works = made.is_ok_and(|mut made| made.evaluate(&Moments(wrap(&other))).is_ok());
        assert_eq!(works, measure.description().moments_only, "{measure:?}");
    }
}

#[test]
fn zero_on_itself_and_more_elsewhere() {
    let style = relu_map(6, 7, 8, 1);
    let other = relu_map(6, 7, 8, 2).affine(1.3, 0.2).unwrap();
    for measure in StyleMeasure::ALL {
        let (itself, apart) = (
            value(measure, &style, &style),
            value(measure, &style, &other),
        );
        assert!(apart > 0.0, "{}: {apart}", measure.name());
        assert!(
            itself >= 0.0 && itself < 1e-5 * apart,
            "{}: {itself} of {apart}",
            measure.name()
        );
    }
}

#[test]
fn the_order_of_positions_does_not_matter() {
    let style = relu_map(6, 7, 8, 1);
    let other = relu_map(6, 5, 9, 2).affine(1.3, 0.2).unwrap();
    let whole = |measure: &StyleMeasure| *measure != StyleMeasure::Patches;
    for measure in StyleMeasure::ALL.into_iter().filter(whole) {
        let plain = value(measure, &style, &other);
        let of_style = value(measure, &reversed(&style), &other);
        let of_map = value(measure, &style, &reversed(&other));
        for turned in [of_style, of_map] {
            assert!(
                (turned - plain).abs() < 1e-4 * plain,
                "{}: {turned} {plain}",
                measure.name()
            );
        }
    }
}

#[test]
fn scale_is_about_the_value_at_zeros() {
    let style = relu_map(6, 9, 8, 1);
    let zeros = style.zeros_like().unwrap();
    for measure in StyleMeasure::ALL {
        let loss = target(measure, &[(&wrap(&style), 1.0)]);
        let at_zeros = value(measure, &style, &zeros);
        let ratio = loss.scale() / at_zeros;
        assert!(
            (0.8..2.5).contains(&ratio),
            "{}: {} {at_zeros}",
            measure.name(),
            loss.scale()
        );
    }
}

#[test]
fn twice_the_same_style_is_the_same_style() {
    let (style, other) = (relu_map(6, 7, 8, 1), relu_map(6, 9, 9, 2));
    for measure in StyleMeasure::ALL {
        let style = wrap(&style);
        let both: [(&dyn Features, f64); 2] = [(&style, 0.4), (&style, 0.4)];
        let mut doubled = target(measure, &both);
        let doubled = doubled.evaluate(&wrap(&other)).unwrap().value;
        let single = value(measure, &style.map().unwrap(), &other);
        assert!(
            (doubled - single).abs() < 0.05 * single,
            "{}: {doubled} {single}",
            measure.name()
        );
    }
}

#[test]
fn a_blend_lies_between_its_styles() {
    let a = relu_map(6, 7, 8, 1);
    let b = relu_map(6, 7, 8, 2).affine(2.0, 1.0).unwrap();
    for measure in StyleMeasure::ALL {
        let (first, second) = (wrap(&a), wrap(&b));
        let mostly_a: [(&dyn Features, f64); 2] = [(&first, 9.0), (&second, 1.0)];
        let mostly_b: [(&dyn Features, f64); 2] = [(&first, 1.0), (&second, 9.0)];
        let at_a = |styles: &[(&dyn Features, f64)]| {
            let mut loss = target(measure, styles);
            loss.evaluate(&first).unwrap().value
        };
        let (near, far) = (at_a(&mostly_a), at_a(&mostly_b));
        assert!(near < far, "{}: {near} {far}", measure.name());
    }
}

#[test]
fn a_small_step_against_the_gradient_lowers_the_value() {
    let style = relu_map(8, 12, 9, 1).affine(2.0, 0.0).unwrap();
    let start = relu_map(8, 10, 10, 2);
    for measure in StyleMeasure::ALL {
        let mut loss = target(measure, &[(&wrap(&style), 1.0)]);
        loss.hold(true);
        let before = loss.evaluate(&wrap(&start)).unwrap();
        let gradient = before.gradient.dense(&start).unwrap();
        let square = gradient.sqr().unwrap().sum_all().unwrap();
        let square = f64::from(square.to_scalar::<f32>().unwrap());
        // A step that would lower a linear function by a tenth.
        let moved = (&start - gradient.affine(0.1 * before.value / square, 0.0).unwrap()).unwrap();
        let after = loss.evaluate(&wrap(&moved)).unwrap().value;
        let lowered = before.value - after;
        assert!(
            lowered > 0.03 * before.value,
            "{}: {} to {after}",
            measure.name(),
            before.value
        );
    }
}

#[test]
fn strange_maps_stay_finite() {
    let device = &Device::Cpu;
    let full = |value: f32, h, w| Tensor::full(value, (5, h, w), device).unwrap();
    let maps = [
        relu_map(5, 6, 7, 1),
        relu_map(5, 2, 9, 2),
        relu_map(5, 1, 1, 3),
        relu_map(5, 20, 1, 4).affine(1e3, 0.0).unwrap(),
        full(0.0, 4, 4),
        full(0.0, 1, 1),
        full(7.0, 3, 5),
        full(1e4, 2, 2),
    ];
    for measure in StyleMeasure::ALL {
        for style in &maps {
            let mut loss = target(measure, &[(&wrap(style), 1.0)]);
            assert!(loss.scale().is_finite() && loss.scale() >= 0.0);
            for map in &maps {
                let evaluation = loss.evaluate(&wrap(map)).unwrap();
                let gradient = evaluation.gradient.dense(map).unwrap();
                assert_eq!(gradient.dims(), map.dims());
                let values = gradient.flatten_all().unwrap().to_vec1::<f32>().unwrap();
                assert!(
                    evaluation.value.is_finite() && values.iter().all(|v| v.is_finite()),
                    "{}: style {:?}, map {:?}",
                    measure.name(),
                    style.dims(),
                    map.dims()
                );
            }
        }
    }
}

#[test]
fn no_style_is_an_error_in_plain_words() {
    for measure in StyleMeasure::ALL {
        let Err(error) = (measure.description().target)(&[], 1) else {
            panic!("{} accepts no style image", measure.name());
        };
        assert!(error.to_string().contains("style strength"), "{error}");
    }
}

use candle_core::Tensor;

use super::*;
use crate::{
    features::TensorFeatures,
    loss::{
        Measure as _,
        finite_differences::{check_measure, noise_map},
    },
};

/// Maps of a picture of 22 x 18 pixels: finer than the grid, as fine, and coarser.
const SHAPES: [(usize, usize, usize); 3] = [(3, 22, 18), (4, 5, 4), (5, 2, 2)];
const GRID: (usize, usize) = (22, 18);

fn maps(seed: u64) -> Vec<Tensor> {
    let shapes = SHAPES.iter().zip(0..);
    shapes
        .map(|(&(c, h, w), index)| noise_map(c, h, w, seed * 10 + index))
        .collect()
}

fn features(maps: &[Tensor]) -> Vec<TensorFeatures> {
    maps.iter()
        .map(|map| TensorFeatures::new(map.clone()).unwrap())
        .collect()
}

fn references(features: &[TensorFeatures]) -> Vec<&dyn Features> {
    features.iter().map(|f| f as &dyn Features).collect()
}

fn everywhere(strength: f64) -> Inside {
    Inside {
        strength,
        weights: None,
    }
}

/// A loss with style images of these seeds, aimed from a content image.
fn aimed(styles: &[u64], content: u64, inside: &[Inside]) -> NeighborLoss {
    let grid = Grid::over(GRID.0, GRID.1);
    let mut loss = NeighborLoss::new(&[1.0, 0.5, 2.0]);
    for &seed in styles {
        let style = features(&maps(seed));
        let columns = StyleColumns {
            layers: references(&style),
            grid,
            counts: None,
        };
        loss.add_style(&columns, grid.count(), 1).unwrap();
    }
    let content = features(&maps(content));
    loss.aim(&references(&content), grid, inside).unwrap();
    loss
}

fn evaluate(loss: &NeighborLoss, picture: &[Tensor]) -> JointEvaluation {
    let picture = features(picture);
    let grid = Grid::over(GRID.0, GRID.1);
    loss.evaluate(&references(&picture), grid).unwrap()
}

#[test]
fn a_picture_that_is_its_own_target_costs_nothing() {
    let loss = aimed(&[1], 1, &[everywhere(1.0)]);
    let evaluation = evaluate(&loss, &maps(1));
    assert!(evaluation.value.abs() < 1e-5, "{}", evaluation.value);
    assert!(evaluate(&loss, &maps(2)).value > 0.1);
}

#[test]
fn targets_are_those_of_a_plain_double_loop() {
    let grid = Grid::over(GRID.0, GRID.1);
    let loss = aimed(&[1], 2, &[everywhere(1.0)]);
    let weights = [1.0, 0.5, 2.0];
    let centered = |seed| {
        let maps = features(&maps(seed));
        let columns = Columns::read(&references(&maps), &weights, grid).unwrap();
        let mut rows = vec![vec![0.0; columns.length()]; grid.count()];
        for (point, row) in rows.iter_mut().enumerate() {
            columns.column(point, row);
        }
        for channel in 0..columns.length() {
            let mean = rows.iter().map(|row| row[channel]).sum::<f32>() / rows.len() as f32;
            rows.iter_mut().for_each(|row| row[channel] -= mean);
        }
        rows
    };
    let (style, queries) = (centered(1), centered(2));
    let cosine = |a: &[f32], b: &[f32]| dot(a, b) / (dot(a, a) * dot(b, b)).sqrt();
    for (query, target) in queries.iter().zip(&loss.targets) {
        let best = style.iter().map(|row| cosine(query, row));
        let best = best.fold(f32::NEG_INFINITY, f32::max);
        let found = cosine(query, &style[target.unwrap().point as usize]);
        assert!((best - found).abs() < 1e-5, "{best} {found}");
    }
}

#[test]
fn gradients_agree_with_finite_differences() {
    let loss = aimed(&[1, 3], 2, &[everywhere(1.0), everywhere(1.0)]);
    let picture = maps(4);
    let evaluation = evaluate(&loss, &picture);
    for (layer, gradient) in evaluation.gradients.iter().enumerate() {
        let dense = gradient.dense(&picture[layer]).unwrap();
        for seed in 50..53 {
            let (c, h, w) = SHAPES[layer];
            let by = noise_map(c, h, w, seed);
            let at = |step: f64| {
                let mut moved = picture.clone();
                moved[layer] = (&moved[layer] + by.affine(step, 0.0).unwrap()).unwrap();
                evaluate(&loss, &moved).value
            };
            let measured = (at(2e-3) - at(-2e-3)) / 4e-3;
            let sum = |a: Tensor| f64::from(a.sum_all().unwrap().to_scalar::<f32>().unwrap());
            let expected = sum((&dense * &by).unwrap());
            let size = (sum(dense.sqr().unwrap()) * sum(by.sqr().unwrap())).sqrt();
            assert!(
                (measured - expected).abs() < 0.01 * size,
                "layer {layer}: {measured} {expected}"
            );
        }
    }
}

#[test]
fn points_where_no_style_applies_pull_nowhere() {
    let grid = Grid::over(GRID.0, GRID.1);
    let inside = Inside {
        strength: 1.0,
        weights: Some(vec![0.0; grid.count()]),
    };
    let evaluation = evaluate(&aimed(&[1], 2, &[inside]), &maps(4));
    assert_eq!(evaluation.value, 0.0);
    let rows = evaluation
        .gradients
        .iter()
        .flat_map(|gradient| &gradient.rows);
    assert!(rows.flat_map(|rows| rows.values.iter()).all(|v| *v == 0.0));
}

#[test]
fn fresh_neighbors_agree_with_finite_differences() {
    let style = TensorFeatures::new(noise_map(4, 5, 7, 1)).unwrap();
    let mut layer = fresh::FreshLayer::target(&[(&style, 1.0)], 1).unwrap();
    layer.hold(true);
    check_measure(&mut layer, &noise_map(4, 6, 5, 2));
}

#[test]
fn fresh_neighbors_search_the_style_that_a_place_was_given() {
    let grid = Grid::over(8, 8);
    let mut fresh = FreshNeighbors::new(&[1.0], 1);
    for seed in [1, 2] {
        let style = TensorFeatures::new(noise_map(4, 8, 8, seed)).unwrap();
        fresh.add_style(&[&style], grid, None).unwrap();
    }
    let picture = TensorFeatures::new(noise_map(4, 8, 8, 2)).unwrap();
    let mut value = |style: u32| {
        let target = Target { style, point: 0 };
        fresh.give(&vec![Some(target); grid.count()], grid);
        fresh.evaluate(&[&picture]).unwrap().value
    };
    assert!(value(1).abs() < 1e-5);
    assert!(value(0) > 0.05);
}

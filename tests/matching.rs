//! What a projection costs the matching of nearest neighbors, on the sample pictures through the
//! built-in network.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use impasto::{
    features::Features,
    loss::neighbors::{Grid, Inside, NeighborLoss, StyleColumns},
    network::{Family, Layer, Pooling},
    pixels::{self, Picture, SAMPLE_CONTENT, SAMPLE_STYLE, Sample},
    settings::TransferSettings,
    vgg::{Engine, Topology, VggImage, fast::FastEngine, weights::Weights},
};

/// Longest side of both pictures.
const SIDE: usize = 192;

/// A sample picture as the network takes it: pixels, height, width.
fn sample(sample: &Sample) -> (Vec<f32>, usize, usize) {
    let picture = Picture::from_bytes(sample.bytes, sample.name).unwrap();
    let planes = &picture.planes;
    let scale = SIDE as f64 / planes.longest_px() as f64;
    let side = |px: usize| (px as f64 * scale).round() as usize;
    let planes = planes.resize(side(planes.width), side(planes.height));
    let pixels = pixels::vgg_from_srgb(&planes, Family::default().mean());
    (pixels, planes.height, planes.width)
}

#[test]
fn a_projection_loses_little_of_the_exact_matching() {
    let weights = Weights::embedded().unwrap();
    let mut engine = FastEngine::new(&weights, None).unwrap();
    let layers = TransferSettings::default().style_layers;
    let (layers, layer_weights): (Vec<Layer>, Vec<f64>) = layers.active().unzip();
    let topology = Topology {
        pooling: Pooling::Average,
        ..Topology::default()
    };
    let (content, height, width) = sample(&SAMPLE_CONTENT);
    let (style, style_height, style_width) = sample(&SAMPLE_STYLE);
    let (grid, style_grid) = (
        Grid::over(height, width),
        Grid::over(style_height, style_width),
    );

    // The number of queries that are announced decides about the projection.
    let announced = [1, 1_000_000];
    let mut losses = announced.map(|_| NeighborLoss::new(&layer_weights));
    let image = VggImage {
        data: &style,
        height: style_height,
        width: style_width,
    };
    engine.forward(image, &layers, topology).unwrap();
    let maps: Vec<_> = layers.iter().map(|&l| engine.tap(l).unwrap()).collect();
    let columns = StyleColumns {
        layers: maps.iter().map(AsRef::as_ref).collect(),
        grid: style_grid,
        counts: None,
    };
    for (loss, announced) in losses.iter_mut().zip(announced) {
        loss.add_style(&columns, announced, 1).unwrap();
    }
    drop(columns);
    drop(maps);

    let image = VggImage {
        data: &content,
        height,
        width,
    };
    engine.forward(image, &layers, topology).unwrap();
    let maps: Vec<_> = layers.iter().map(|&l| engine.tap(l).unwrap()).collect();
    let queries: Vec<&dyn Features> = maps.iter().map(AsRef::as_ref).collect();
    let everywhere = Inside {
        strength: 1.0,
        weights: None,
    };
    for loss in &mut losses {
        loss.aim(&queries, grid, std::slice::from_ref(&everywhere))
            .unwrap();
    }
    let values = losses
        .each_ref()
        .map(|loss| loss.evaluate(&queries, grid).unwrap().value);
    let [exact, projected] = losses.each_ref().map(NeighborLoss::targets);
    let same = exact.iter().zip(projected).filter(|(a, b)| a == b).count();
    let share = same as f64 / grid.count() as f64;
    println!(
        "{:.1} % of {} points have the exact match; loss {:.4} instead of {:.4}",
        100.0 * share,
        grid.count(),
        values[1],
        values[0]
    );
    assert!(same < grid.count(), "nothing was projected");
    assert!(share > 0.85, "{share}");
    assert!((values[1] / values[0] - 1.0).abs() < 0.01, "{values:?}");
}

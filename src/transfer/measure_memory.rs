//! What measures of style take besides the engine.
//!
//! A measure that reads maps has those of all style images at hand while targets are made, and in a
//! step a gradient at every layer, with copies of the map at hand. `cargo bench --bench memory` sets the
//! estimate beside the truth.

use super::{Job, images::style_sides, levels::Level, term::TermKind, term_weights::suited};
use crate::{
    network::Layer,
    settings::{StyleMeasure, TransferSettings},
};

/// Copies of a map that a measure makes at a layer: as a tensor, and as what it computes with.
const COPIES: u64 = 2;

/// Bytes that the active measures take, apart from nearest neighbors.
pub(super) fn measures_bytes(job: &Job, settings: &TransferSettings, last: &Level) -> u64 {
    let active = settings.style_measures.iter();
    let active = active.filter(|&(measure, &weight)| {
        weight > 0.0 && *measure != StyleMeasure::Neighbors && !measure.description().moments_only
    });
    let measures: Vec<StyleMeasure> = active.map(|(&measure, _)| measure).collect();
    let styles: Vec<(usize, usize)> = job
        .styles
        .iter()
        .map(|style| style_sides(&style.picture.planes, last.longest_px(), settings))
        .collect();
    let (mut kept, mut step, mut targets) = (0, 0, 0);
    for measure in measures {
        let layers = suited(&settings.style_layers, TermKind::Style(measure));
        let layers: Vec<Layer> = layers.into_iter().map(|(layer, _)| layer).collect();
        let of_picture = layers
            .iter()
            .map(|&layer| map_bytes(layer, (last.width, last.height)));
        let maps = of_picture.clone().sum::<u64>();
        step = step.max(maps + COPIES * of_picture.max().unwrap_or(0));
        let of_styles = layers
            .iter()
            .flat_map(|&layer| styles.iter().map(move |&sides| map_bytes(layer, sides)));
        kept = kept.max(of_styles.sum());
        for &layer in &layers {
            let positions = styles.iter().map(|&sides| positions(layer, sides)).sum();
            targets += (measure.description().keeps)(layer.channels(), positions) as u64;
        }
    }
    kept.max(step) + targets
}

/// Positions of a layer's map.
pub(super) fn positions(layer: Layer, (width, height): (usize, usize)) -> usize {
    (width / layer.stride()) * (height / layer.stride())
}

fn map_bytes(layer: Layer, sides: (usize, usize)) -> u64 {
    (4 * layer.channels() * positions(layer, sides)) as u64
}

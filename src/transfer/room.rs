//! Layers that a narrow picture has no room for: the map of a layer of stride s is empty in a picture
//! with a side below s. A run goes without them, and says so.

use std::borrow::Cow;

use super::{job::Job, levels::Level, setup};
use crate::{
    network::Layer,
    settings::{LayerWeights, TransferSettings},
};

/// Settings whose layers all have room where the network sees a picture with `shorter` pixels on its
/// shorter side. Where no layer of a kind is left, the weight of the deepest goes to the same place in
/// the deepest block that has room: a content image that nothing holds would dissolve.
pub(super) fn with_room(settings: &TransferSettings, shorter: usize) -> Cow<'_, TransferSettings> {
    let fits = |layers: &LayerWeights| layers.active().all(|(layer, _)| has_room(layer, shorter));
    if fits(&settings.content_layers) && fits(&settings.style_layers) {
        return Cow::Borrowed(settings);
    }
    Cow::Owned(TransferSettings {
        content_layers: roomy(&settings.content_layers, shorter),
        style_layers: roomy(&settings.style_layers, shorter),
        ..settings.clone()
    })
}

fn has_room(layer: Layer, shorter: usize) -> bool {
    layer.stride() <= shorter
}

fn roomy(layers: &LayerWeights, shorter: usize) -> LayerWeights {
    let kept: LayerWeights = layers
        .active()
        .filter(|&(layer, _)| has_room(layer, shorter))
        .collect();
    if kept.active().next().is_some() {
        return kept;
    }
    let first = layers.active().next();
    let moved = first.and_then(|(layer, weight)| {
        let blocks = (1..layer.block()).rev();
        // Every block has a second layer, and not every one more.
        let mut there = blocks.map(|block| Layer::new(block, layer.index().min(2)));
        Some((there.find(|&layer| has_room(layer, shorter))?, weight))
    });
    moved.into_iter().collect()
}

/// What a run on a narrow picture goes without, in a sentence; `None` where all layers have room.
/// Earlier levels are not narrower where that can be helped, so the last one tells.
pub(super) fn remark(job: &Job, last: Level) -> Option<String> {
    let settings = &job.settings;
    let shorter = setup::frame(settings).widen(last.width.min(last.height));
    let all = |settings: &TransferSettings| -> Vec<Layer> {
        let content = settings.content_layers.active();
        let both = content.chain(settings.style_layers.active());
        let mut layers: Vec<Layer> = both.map(|(layer, _)| layer).collect();
        layers.sort_unstable();
        layers.dedup();
        layers
    };
    let kept = all(&with_room(settings, shorter));
    let names = |layers: &mut dyn Iterator<Item = &Layer>| -> String {
        layers
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let wanted = all(settings);
    let without = names(&mut wanted.iter().filter(|layer| !kept.contains(layer)));
    if without.is_empty() {
        return None;
    }
    let instead = names(&mut kept.iter().filter(|layer| !wanted.contains(layer)));
    let instead = if instead.is_empty() {
        String::new()
    } else {
        format!(" ({instead} instead)")
    };
    Some(format!(
        "a picture of {}x{} pixels is too narrow for {without}: painted without{instead}",
        last.width, last.height
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(list: &[(u8, u8)]) -> LayerWeights {
        let list: Vec<_> = list.iter().map(|&(b, i)| Layer::new(b, i)).collect();
        LayerWeights::equal(&list)
    }

    #[test]
    fn layers_without_room_are_left_out_and_the_last_one_moves_up() {
        let settings = TransferSettings {
            content_layers: layers(&[(4, 2)]),
            style_layers: layers(&[(1, 1), (3, 1), (5, 1)]),
            ..TransferSettings::default()
        };
        assert!(matches!(with_room(&settings, 16), Cow::Borrowed(_)));
        let narrow = with_room(&settings, 9);
        assert_eq!(narrow.content_layers, layers(&[(4, 2)]));
        assert_eq!(narrow.style_layers, layers(&[(1, 1), (3, 1)]));
        let narrower = with_room(&settings, 3);
        assert_eq!(narrower.content_layers, layers(&[(2, 2)]));
        assert_eq!(narrower.style_layers, layers(&[(1, 1)]));
        assert_eq!(with_room(&settings, 1).content_layers, layers(&[(1, 2)]));
    }
}

//! What somebody should know of a run's pictures before it begins: files that could be read although
//! something was amiss, and masks that select nothing.

use std::fmt::Write as _;

use super::{Job, images::style_sides, levels, regions::Region};
use crate::{
    loss::{guide::is_empty, neighbors::Grid},
    network::Layer,
    pixels::Picture,
    settings::{StyleMeasure, TransferSettings},
};

/// Sentences for people, without a dot.
pub fn remarks(job: &Job) -> Vec<String> {
    let settings = &job.settings;
    let masks = job.styles.iter().flat_map(|style| {
        let masks = [&style.region, &style.style_region];
        masks.into_iter().flatten().map(AsRef::as_ref)
    });
    let styles = job.styles.iter().map(|style| style.picture.as_ref());
    let pictures = std::iter::once(job.content.as_ref())
        .chain(job.initial.as_deref())
        .chain(styles)
        .chain(masks);
    let mut remarks: Vec<String> = pictures
        .flat_map(|picture| {
            let notes = picture.notes.iter();
            notes.map(|note| format!("{}: {note}", picture.name))
        })
        .collect();
    let planes = &job.content.planes;
    let level = levels::last(settings, planes.width, planes.height);
    for style in &job.styles {
        let name = &style.picture.name;
        if let Some(mask) = &style.region {
            let region = Region::new(mask, level.width, level.height);
            let empty = Empty::of(&region, settings, area_of_region);
            remarks.extend(empty.in_words(mask, "", name));
        }
        if let Some(mask) = &style.style_region {
            let (width, height) = style_sides(&style.picture.planes, level.longest_px(), settings);
            let region = Region::new(mask, width, height);
            let empty = Empty::of(&region, settings, part_of_style);
            remarks.extend(empty.in_words(mask, &format!(" in {name}"), name));
        }
    }
    remarks.dedup();
    remarks
}

/// Whether weights over the places of nearest neighbors select nothing of the picture.
fn area_of_region(weights: &[f32]) -> bool {
    is_empty(weights)
}

/// Whether they select nothing of a style image, of which places count or do not.
fn part_of_style(weights: &[f32]) -> bool {
    weights.iter().all(|&weight| weight < 0.5)
}

/// Where a mask selects nothing.
enum Empty {
    Nowhere,
    At(Vec<Layer>),
    Everywhere,
}

impl Empty {
    fn of(region: &Region, settings: &TransferSettings, no_neighbors: fn(&[f32]) -> bool) -> Self {
        let measures = settings.style_measures.iter();
        let active = measures.filter(|&(_, &weight)| weight > 0.0);
        let (by_place, by_layer): (Vec<_>, Vec<_>) =
            active.partition(|&(&measure, _)| measure == StyleMeasure::Neighbors);
        let has_places = !by_place.is_empty() && {
            let (width, height) = region.sides();
            let grid = Grid::over(height, width);
            !no_neighbors(&region.resampled(grid.width, grid.height))
        };
        if by_layer.is_empty() {
            return if has_places {
                Self::Nowhere
            } else {
                Self::Everywhere
            };
        }
        let layers: Vec<Layer> = settings
            .style_layers
            .active()
            .map(|(layer, _)| layer)
            .collect();
        let is_empty_at = |layer: &Layer| {
            region
                .weights_at(*layer)
                .is_none_or(|(weights, ..)| is_empty(&weights))
        };
        let empty: Vec<Layer> = layers.iter().copied().filter(is_empty_at).collect();
        if empty.is_empty() {
            Self::Nowhere
        } else if empty.len() == layers.len() && !has_places {
            Self::Everywhere
        } else {
            Self::At(empty)
        }
    }

    fn in_words(&self, mask: &Picture, place: &str, style: &str) -> Option<String> {
        let mask = &mask.name;
        match self {
            Self::Nowhere => None,
            Self::Everywhere => Some(format!(
                "the mask {mask} selects nothing{place}, so the style {style} is not applied \
                 (white is inside, black and transparent outside)"
            )),
            Self::At(layers) => {
                let mut names = String::new();
                for (index, layer) in layers.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    // Writing to a string cannot fail.
                    drop(write!(names, "{comma}{layer}"));
                }
                Some(format!(
                    "what the mask {mask} selects{place} is too small for {names}, so the style \
                     {style} is not applied there"
                ))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::transfer::StyleImage;

    fn picture(name: &str, white: impl Fn(usize, usize) -> bool) -> Arc<Picture> {
        let rgba: Vec<u8> = (0..64 * 64)
            .flat_map(|at| [[0, 0, 0, 255], [255; 4]][usize::from(white(at % 64, at / 64))])
            .collect();
        Arc::new(Picture::from_rgba8(64, 64, &rgba, name).unwrap())
    }

    fn job(measure: StyleMeasure) -> Job {
        let content = picture("content.png", |x, y| (x + y) % 5 == 0);
        let style = StyleImage::new(picture("style.png", |x, _| x % 2 == 0), 1.0);
        let settings = TransferSettings {
            style_measures: [(measure, 1.0)].into(),
            ..TransferSettings::default()
        };
        Job::new(content, vec![style], settings)
    }

    #[test]
    fn masks_that_select_nothing_are_told() {
        let nothing = picture("black.png", |_, _| false);
        for measure in [StyleMeasure::Neighbors, StyleMeasure::Gram] {
            let mut job = job(measure);
            assert_eq!(remarks(&job), Vec::<String>::new());
            job.styles[0].region = Some(Arc::clone(&nothing));
            let told = remarks(&job);
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].contains("black.png selects nothing, so the style style.png"));
            job.styles[0].region = Some(picture("half.png", |x, _| x < 32));
            assert_eq!(remarks(&job), Vec::<String>::new());
            job.styles[0].style_region = Some(Arc::clone(&nothing));
            let told = remarks(&job);
            assert!(told[0].contains("selects nothing in style.png"), "{told:?}");
        }
    }

    #[test]
    fn layers_at_which_a_mask_vanishes_are_told() {
        let mut job = job(StyleMeasure::Gram);
        job.styles[0].region = Some(picture("dot.png", |x, y| x < 4 && y < 4));
        job.settings.style_layers =
            crate::settings::LayerWeights::equal(&[Layer::new(1, 1), Layer::new(5, 1)]);
        let told = remarks(&job);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("too small for relu5_1,"), "{told:?}");
    }

    #[test]
    fn what_was_amiss_with_a_file_is_told_with_its_name() {
        let mut job = job(StyleMeasure::Neighbors);
        let mut content = Picture::clone(&job.content);
        content.notes.push("its end is missing".to_owned());
        job.content = Arc::new(content);
        assert_eq!(remarks(&job), ["content.png: its end is missing"]);
    }
}

//! What changes along a run by itself: learning rate, hold on the content, the kind of neighbors.

use super::Level;
use crate::settings::{StyleMeasure, TransferSettings};

/// Longest side of a level, in pixels, at which the content weight counts as it is. Not that of a
/// run's own first level, which is larger for a large picture.
const UNIT_PX: f64 = 64.0;
/// Longest side of a result from which on freedom and content weight count as they are. In a
/// smaller one the network sees a larger part of the picture at once and sets whole motifs of the
/// style image into it, where the same settings at 512 px paint with its strokes; from there to
/// 768 px no difference of that kind was seen. Below half of it nothing changes any more.
const WHOLE_PX: f64 = 512.0;

/// The present values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stage {
    /// The step size.
    pub(super) learning_rate: f64,
    /// How far neighbors' matches follow the picture.
    pub(super) freedom: f64,
    /// What the content weight is multiplied with.
    pub(super) content_hold: f64,
    /// Whether neighbors are found anew at each step.
    pub(super) finishing: bool,
}

impl Stage {
    /// The stage of a run after `done` steps at level `index`.
    pub(super) fn at(
        settings: &TransferSettings,
        levels: &[Level],
        index: usize,
        done: u32,
    ) -> Self {
        let level = levels[index];
        let part = f64::from(done.min(level.steps)) / f64::from(level.steps.max(1));
        let growth = level.longest_px() as f64 / UNIT_PX;
        let last_px = levels[levels.len() - 1].longest_px() as f64;
        let smallness = (WHOLE_PX / last_px).clamp(1.0, 2.0);
        // Neighbors' matches hold the forms where the content loss lets go; moments would put the
        // style image's layout in their place.
        let neighbors = settings.style_measures.get(&StyleMeasure::Neighbors);
        let falloff = match neighbors {
            Some(&weight) if weight > 0.0 => settings.content_falloff,
            _ => 0.0,
        };
        let finish = (f64::from(level.steps) * settings.finishing).round() as u32;
        Self {
            learning_rate: settings.learning_rate
                * (1.0 - part * (1.0 - settings.learning_rate_end)),
            // Of full freedom nothing is taken away.
            freedom: settings.freedom / (smallness - (smallness - 1.0) * settings.freedom),
            content_hold: (growth / smallness).powf(-falloff).min(1.0),
            finishing: index + 1 == levels.len() && done + finish >= level.steps && finish > 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels() -> [Level; 2] {
        [(32, 10), (256, 20)].map(|(width, steps)| Level {
            width,
            height: 20,
            steps,
        })
    }

    #[test]
    fn rates_fall_within_a_level_and_the_hold_from_level_to_level() {
        let settings = TransferSettings {
            learning_rate: 4.0,
            learning_rate_end: 0.5,
            content_falloff: 1.0,
            finishing: 0.25,
            freedom: 0.4,
            ..TransferSettings::default()
        };
        let at = |level, done| Stage::at(&settings, &levels(), level, done);
        assert_eq!(at(0, 0).learning_rate, 4.0);
        assert_eq!(at(0, 0).freedom, 0.25, "a small picture");
        assert_eq!(at(0, 10).learning_rate, 2.0);
        assert_eq!(at(1, 10).learning_rate, 3.0);
        assert_eq!((at(0, 9).content_hold, at(1, 0).content_hold), (1.0, 0.5));
        let finishing: Vec<_> = (0..25).filter(|&done| at(1, done).finishing).collect();
        assert_eq!(finishing[0], 15);
        // Past the end it goes on as it was.
        assert!(at(1, 24).finishing && at(1, 24).learning_rate == 2.0);
        assert!(!at(0, 10).finishing);
    }

    #[test]
    fn without_neighbors_the_hold_stays() {
        let mut settings = TransferSettings::default();
        let hold = |settings: &_, level| Stage::at(settings, &levels(), level, 0).content_hold;
        assert_eq!(hold(&settings, 1), 0.5);
        settings.set_style_measures([(StyleMeasure::Gram, 1.0)].into());
        assert_eq!((hold(&settings, 0), hold(&settings, 1)), (1.0, 1.0));
    }

    #[test]
    fn without_any_of_it_nothing_changes() {
        let settings = TransferSettings {
            learning_rate_end: 1.0,
            content_falloff: 0.0,
            finishing: 0.0,
            ..TransferSettings::default()
        };
        let first = Stage::at(&settings, &levels(), 0, 0);
        assert_eq!(Stage::at(&settings, &levels(), 1, 20), first);
    }
}

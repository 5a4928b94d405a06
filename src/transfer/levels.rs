//! Which sizes a run goes through, and how many steps it takes at each.
//!
//! A step at half the size costs a quarter, and large forms are found at small sizes: so most
//! steps are taken there (Gatys et al. 2017, section 6, with two sizes; style-transfer-pytorch
//! with factors of √2).

use crate::settings::{Schedule, TransferSettings};

/// One size of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// W in pixels.
    pub width: usize,
    /// H in pixels.
    pub height: usize,
    /// Steps at this size.
    pub steps: u32,
}

impl Level {
    /// The longer side.
    pub fn longest_px(&self) -> usize {
        self.width.max(self.height)
    }
}

/// Each level takes this share of the steps of the one before it: a step costs twice as much, so
/// the time a level takes still grows by 1.4 from one to the next.
const STEPS_RATIO: f64 = 0.7;

/// The same where each level has twice the sides of the one before.
const OCTAVE_STEPS_RATIO: f64 = 0.75;

/// The deepest layers see nothing in a smaller picture.
const LEAST_FIRST_PX: usize = 64;
/// Neighbors need only as much as makes a few positions of their deepest layer.
const LEAST_OCTAVE_PX: usize = 48;
/// Shorter side of a first level, where the picture has so much: the deepest layers have room there.
const LEAST_SHORTER_PX: usize = 24;
/// A first level above this would keep people waiting for the first strokes.
const MOST_FIRST_PX: usize = 256;

/// The levels of a run on a content image of these sides, coarse to fine, the last one at the
/// size asked for. The steps add up to [`TransferSettings::steps`]; a run with fewer steps than
/// levels leaves out the coarsest.
pub fn plan(settings: &TransferSettings, width: usize, height: usize) -> Vec<Level> {
    let own = width.max(height);
    let shorter = width.min(height).max(1);
    // Levels of a panorama follow from its short side.
    let narrow = (LEAST_SHORTER_PX * own).div_ceil(shorter);
    let last = settings.size_px.map_or(own, |px| px as usize);
    let part = |proportion: usize, least: usize| (last / proportion).clamp(least, MOST_FIRST_PX);
    let (first, per_octave, ratio) = match settings.schedule {
        Schedule::Octaves => (part(8, LEAST_OCTAVE_PX), 1.0, OCTAVE_STEPS_RATIO),
        Schedule::Proportional => (part(4, LEAST_FIRST_PX), 2.0, STEPS_RATIO),
        Schedule::CoarseToFine => (settings.coarsest_px as usize, 2.0, STEPS_RATIO),
        Schedule::SingleLevel => (last, 1.0, STEPS_RATIO),
    };
    let first = first.max(narrow).min(last);
    let wanted = if last > first {
        1 + (per_octave * (last as f64 / first as f64).log2()).round() as usize
    } else {
        1
    };
    let count = wanted.min(settings.steps as usize).max(1);
    let growth = if wanted > 1 {
        (last as f64 / first as f64).powf(1.0 / (wanted - 1) as f64)
    } else {
        1.0
    };
    let steps = share_out(settings.steps, count, ratio);
    (0..count)
        .map(|index| {
            let longest = last as f64 / growth.powi((count - 1 - index) as i32);
            let side =
                |length: usize| ((length as f64 * longest / own as f64).round() as usize).max(1);
            Level {
                width: side(width),
                height: side(height),
                steps: steps[index],
            }
        })
        .collect()
}

/// The last of them: the size of the finished picture.
pub(super) fn last(settings: &TransferSettings, width: usize, height: usize) -> Level {
    let whole = TransferSettings {
        schedule: Schedule::SingleLevel,
        ..settings.clone()
    };
    plan(&whole, width, height)[0]
}

/// Splits `total` steps over `count` levels, each `ratio` of the one before, at least one each.
fn share_out(total: u32, count: usize, ratio: f64) -> Vec<u32> {
    let weights: Vec<f64> = (0..count).map(|i| ratio.powi(i as i32)).collect();
    let sum: f64 = weights.iter().sum();
    let mut given = 0;
    let mut seen = 0.0;
    let mut steps = Vec::with_capacity(count);
    for (index, weight) in weights.iter().enumerate() {
        seen += weight;
        let later = (count - 1 - index) as u32;
        let upto = (f64::from(total) * seen / sum).round() as u32;
        let share = upto.saturating_sub(given).max(1).min(total - given - later);
        given += share;
        steps.push(share);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(size: u32, steps: u32) -> TransferSettings {
        TransferSettings {
            size_px: Some(size),
            steps,
            schedule: Schedule::Proportional,
            ..Default::default()
        }
    }

    #[test]
    fn grows_by_about_root_two_to_the_size_asked_for() {
        let levels = plan(&settings(512, 300), 1200, 800);
        let longest: Vec<_> = levels.iter().map(|level| level.width).collect();
        assert_eq!(longest, [128, 181, 256, 362, 512]);
        assert_eq!(levels[4].height, 341);
    }

    #[test]
    fn pictures_of_any_size_go_through_the_same_proportions() {
        for size in [256, 512, 768, 1024] {
            let levels = plan(&settings(size, 300), 640, 427);
            assert_eq!(levels.len(), 5);
            assert_eq!(levels[0].width, size as usize / 4);
        }
        assert_eq!(plan(&settings(4096, 300), 640, 427)[0].width, 256);
        let fixed = TransferSettings {
            schedule: Schedule::CoarseToFine,
            ..settings(1024, 300)
        };
        assert_eq!(plan(&fixed, 640, 427)[0].width, 128);
    }

    #[test]
    fn octaves_double_from_an_eighth_of_the_size() {
        let widths = |size| -> Vec<usize> {
            let settings = TransferSettings {
                schedule: Schedule::Octaves,
                ..settings(size, 160)
            };
            let levels = plan(&settings, 640, 427);
            levels.iter().map(|level| level.width).collect()
        };
        assert_eq!(widths(512), [64, 128, 256, 512]);
        assert_eq!(widths(768), [96, 192, 384, 768]);
        assert_eq!(widths(256), [48, 111, 256]);
        assert_eq!(widths(4096)[..2], [256, 512]);
    }

    #[test]
    fn steps_add_up_and_fall_from_level_to_level() {
        for (size, steps) in [
            (512, 300),
            (1024, 7),
            (4096, 1000),
            (300, 1),
            (129, 2),
            (2048, 9),
        ] {
            let levels = plan(&settings(size, steps), 640, 427);
            assert_eq!(levels.iter().map(|level| level.steps).sum::<u32>(), steps);
            assert!(levels.iter().all(|level| level.steps > 0));
            assert!(
                levels.is_sorted_by(|a, b| a.steps + 1 >= b.steps),
                "{levels:?}"
            );
            assert_eq!(levels.last().unwrap().width, size as usize);
        }
    }

    #[test]
    fn small_pictures_and_single_level_runs_have_one_level() {
        assert_eq!(plan(&settings(64, 50), 640, 427).len(), 1);
        let single = TransferSettings {
            schedule: Schedule::SingleLevel,
            ..settings(512, 50)
        };
        assert_eq!(
            plan(&single, 512, 256),
            [Level {
                width: 512,
                height: 256,
                steps: 50
            }]
        );
    }

    #[test]
    fn levels_of_a_panorama_begin_where_its_short_side_has_room() {
        for schedule in [Schedule::Octaves, Schedule::Proportional] {
            let settings = TransferSettings {
                schedule,
                ..settings(1024, 300)
            };
            let levels = plan(&settings, 4000, 300);
            assert!(levels.len() > 1, "{levels:?}");
            assert!(levels.iter().all(|level| level.height >= 23), "{levels:?}");
            let narrow = plan(&settings, 4000, 30);
            assert_eq!(narrow.len(), 1, "{narrow:?}");
            assert_eq!((narrow[0].width, narrow[0].height), (1024, 8));
        }
    }

    #[test]
    fn without_a_size_the_content_keeps_its_own() {
        let levels = plan(&TransferSettings::default(), 75, 53);
        let last = levels.last().unwrap();
        assert_eq!((last.width, last.height), (75, 53));
    }
}

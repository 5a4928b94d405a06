//! Frames for a film of a given length.

use std::sync::Arc;

use super::Frame;

/// Fewest and most frames a second: slower looks stuck, and screens draw no faster.
const FRAMES_PER_SEC: (f64, f64) = (1.0, 50.0);

/// The frames that a film of `secs` seconds shows: some more than once where there are fewer than one
/// a second, and evenly chosen ones where there are more than fifty. The first and the last are
/// always among them.
pub fn paced(frames: &[Arc<Frame>], secs: f64) -> Vec<Arc<Frame>> {
    let places = places(frames.len(), secs);
    let frames = places.into_iter().map(|place| Arc::clone(&frames[place]));
    frames.collect()
}

fn places(frames: usize, secs: f64) -> Vec<usize> {
    if frames == 0 {
        return Vec::new();
    }
    let fewest = (secs * FRAMES_PER_SEC.0).ceil() as usize;
    let most = ((secs * FRAMES_PER_SEC.1).floor() as usize).max(2);
    let shown = frames.clamp(fewest.min(most), most);
    if shown == frames {
        return (0..frames).collect();
    }
    let last = (frames - 1) as f64;
    let step = last / (shown.max(2) - 1) as f64;
    (0..shown)
        .map(|at| (at as f64 * step).round() as usize)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_film_lasts_as_long_as_it_was_asked_to() {
        assert_eq!(places(80, 8.0), (0..80).collect::<Vec<_>>());
        let few = places(5, 12.0);
        assert_eq!((few.len(), few[0], few[11]), (12, 0, 4));
        assert!(few.is_sorted());
        let many = places(600, 0.5);
        assert_eq!((many.len(), many[0], many[24]), (25, 0, 599));
        assert!(many.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(places(1, 3.0), [0, 0, 0]);
        assert!(places(0, 3.0).is_empty());
    }
}

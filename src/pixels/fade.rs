//! One picture faded to another.
//!
//! Called by `transfer`. The mixture is one of sRGB values, not of linear light: equal steps look
//! equal, and dark strokes are not the first to vanish.

use rayon::prelude::*;

use super::Planes;

/// `from` mixed with `to`, where `share` (0..1, anything outside is brought back) is that of `to`:
/// with 0 `from` and with 1 `to`, to the bit. One that is not a number counts as 0.
///
/// # Panics
/// When the sizes differ.
#[must_use]
pub fn faded(from: Planes, to: &Planes, share: f64) -> Planes {
    assert_eq!(
        (from.width, from.height),
        (to.width, to.height),
        "pictures of one size are mixed"
    );
    if share.is_nan() || share <= 0.0 {
        return from;
    }
    if share >= 1.0 {
        return to.clone();
    }
    let share = share as f32;
    let mut out = from;
    let rows = out.data.par_chunks_mut(out.width);
    rows.zip(to.data.par_chunks(to.width))
        .for_each(|(row, to)| {
            for (value, to) in row.iter_mut().zip(to) {
                *value += share * (to - *value);
            }
        });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_the_pictures_themselves_and_between_lies_the_mixture() {
        let (from, to) = (
            Planes::filled(3, 2, [0.1, 0.7, 0.3]),
            Planes::filled(3, 2, [0.9, 0.3, 0.3]),
        );
        for (share, expected) in [(0.0, &from), (-1.0, &from), (f64::NAN, &from), (1.0, &to)] {
            assert_eq!(faded(from.clone(), &to, share), *expected);
        }
        let middle = faded(from.clone(), &to, 0.25);
        for (value, exact) in middle.data.iter().step_by(6).zip([0.3, 0.6, 0.3]) {
            assert!((value - exact).abs() < 1e-6, "{value} {exact}");
        }
    }
}

//! The range that pixels must stay in (projected quasi-Newton: Bertsekas 1982, "Projected Newton
//! methods for optimization problems with simple constraints").

use rayon::prelude::*;

use crate::optim::ClampRange;

/// Takes the pixels out of `direction` that are at a bound and would leave it.
pub(super) fn block(direction: &mut [f32], x: &[f32], bounds: ClampRange) {
    let plane = direction.len() / bounds.len();
    let planes = direction.par_chunks_mut(plane).zip(x.par_chunks(plane));
    planes
        .zip(bounds)
        .for_each(|((direction, x), (low, high))| {
            for (d, &x) in direction.iter_mut().zip(x) {
                if (x <= low && *d < 0.0) || (x >= high && *d > 0.0) {
                    *d = 0.0;
                }
            }
        });
}

/// Brings every pixel between its plane's bounds; whether any was beyond them.
pub(super) fn clamp(x: &mut [f32], bounds: ClampRange) -> bool {
    let plane = x.len() / bounds.len();
    let planes = x.par_chunks_mut(plane).zip(bounds);
    let moved = planes.map(|(x, (low, high))| {
        let mut moved = false;
        for x in x {
            let inside = x.clamp(low, high);
            moved |= *x != inside;
            *x = inside;
        }
        moved
    });
    moved.reduce(|| false, |a, b| a | b)
}

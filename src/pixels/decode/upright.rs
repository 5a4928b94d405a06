//! A picture turned as its file asks for.

use image::metadata::Orientation;
use rayon::prelude::*;

use crate::pixels::Planes;

/// Turns and mirrors planes and alpha.
pub(super) fn upright(
    planes: Planes,
    alpha: Option<Vec<f32>>,
    orientation: Orientation,
) -> (Planes, Option<Vec<f32>>) {
    if orientation == Orientation::NoTransforms {
        return (planes, alpha);
    }
    let (width, height) = (planes.width, planes.height);
    let (new_width, new_height) = match orientation {
        Orientation::NoTransforms
        | Orientation::Rotate180
        | Orientation::FlipHorizontal
        | Orientation::FlipVertical => (width, height),
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (height, width),
    };
    // Where in the file the pixel at (x, y) is.
    let source = |x: usize, y: usize| {
        let (column, row) = match orientation {
            Orientation::NoTransforms => (x, y),
            Orientation::FlipHorizontal => (width - 1 - x, y),
            Orientation::FlipVertical => (x, height - 1 - y),
            Orientation::Rotate180 => (width - 1 - x, height - 1 - y),
            Orientation::Rotate90 => (y, height - 1 - x),
            Orientation::Rotate270 => (width - 1 - y, x),
            Orientation::Rotate90FlipH => (y, x),
            Orientation::Rotate270FlipH => (width - 1 - y, height - 1 - x),
        };
        row * width + column
    };
    let turned = |plane: &[f32], out: &mut [f32]| {
        out.par_chunks_exact_mut(new_width)
            .enumerate()
            .for_each(|(y, row)| {
                for (x, value) in row.iter_mut().enumerate() {
                    *value = plane[source(x, y)];
                }
            });
    };
    let mut data = vec![0.0; planes.data.len()];
    let pixels = width * height;
    for (plane, out) in planes
        .data
        .chunks_exact(pixels)
        .zip(data.chunks_exact_mut(pixels))
    {
        turned(plane, out);
    }
    let alpha = alpha.map(|alpha| {
        let mut out = vec![0.0; pixels];
        turned(&alpha, &mut out);
        out
    });
    let planes = Planes {
        width: new_width,
        height: new_height,
        data,
    };
    (planes, alpha)
}

//! Planes to bytes for the screen.
//!
//! Called by `worker` up to fifteen times a second, so it runs on all cores and averages areas
//! instead of filtering. It never enlarges: the graphics card does that better.

use rayon::prelude::*;

use super::{
    Planes,
    resample::{Axis, Filter},
    resize::side_lengths,
};

/// A picture for the screen: R, G, B, A bytes, row by row, sRGB, alpha not multiplied in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rgba8 {
    /// Pixels a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `4 · width · height` bytes.
    pub data: Vec<u8>,
}

/// `value` in 0..1 as a byte, rounded to the nearest; not-a-number is 0.
pub(super) fn byte_of(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
}

/// `planes` as bytes, each side at most `max_px`, reduced by averaging areas.
///
/// `alpha` is opacity 0..1, `[H, W]`; without it the picture is opaque.
///
/// # Panics
/// When `alpha` is not `[H, W]`.
pub fn preview_rgba8(planes: &Planes, alpha: Option<&[f32]>, max_px: usize) -> Rgba8 {
    let pixels = planes.pixels();
    if let Some(alpha) = alpha {
        assert_eq!(alpha.len(), pixels, "alpha is [H, W]");
    }
    let longest = planes.longest_px();
    let (width, height) = side_lengths(planes.width, planes.height, longest.min(max_px));
    let columns = Axis::new(planes.width, width, Filter::Area);
    let rows = Axis::new(planes.height, height, Filter::Area);
    // A color counts in a mean as much as can be seen of it.
    let weighted = alpha
        .filter(|_| (width, height) != (planes.width, planes.height))
        .map(|alpha| planes.times(alpha));
    let colors = weighted.as_ref().unwrap_or(planes);
    let mut data = vec![255; 4 * width * height];
    data.par_chunks_mut(4 * width).enumerate().for_each_init(
        || (vec![0.0; planes.width], vec![0.0; width], vec![1.0; width]),
        |(tall, row, opacity), (y, out)| {
            if let Some(alpha) = alpha {
                rows.mix_rows(alpha, planes.width, y, tall);
                columns.apply(tall, opacity);
            }
            for channel in 0..3 {
                rows.mix_rows(colors.plane(channel), planes.width, y, tall);
                columns.apply(tall, row);
                for ((pixel, value), opacity) in
                    out.chunks_exact_mut(4).zip(row.iter()).zip(opacity.iter())
                {
                    let divides = weighted.is_some() && *opacity > 0.0;
                    pixel[channel] = byte_of(if divides { value / opacity } else { *value });
                }
            }
            for (pixel, opacity) in out.chunks_exact_mut(4).zip(opacity.iter()) {
                pixel[3] = byte_of(*opacity);
            }
        },
    );
    Rgba8 {
        width,
        height,
        data,
    }
}

/// A part of a picture (left, top, width and height in pixels) as bytes, `scale` pixels for each of
/// its own, at most 1.
///
/// # Panics
/// When `alpha` is not `[H, W]`, or the part is empty or reaches beyond the picture.
pub fn part_rgba8(
    planes: &Planes,
    alpha: Option<&[f32]>,
    [left, top, width, height]: [usize; 4],
    scale: f32,
) -> Rgba8 {
    let cut = |plane: &[f32]| -> Vec<f32> {
        let rows = plane.chunks_exact(planes.width).skip(top).take(height);
        rows.flat_map(|row| &row[left..left + width])
            .copied()
            .collect()
    };
    let part = Planes {
        width,
        height,
        data: [0, 1, 2].map(|c| cut(planes.plane(c))).concat(),
    };
    let longest = (part.longest_px() as f32 * scale).ceil().max(1.0);
    preview_rgba8(&part, alpha.map(cut).as_deref(), longest as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_what_the_whole_has_there() {
        let mut planes = Planes::filled(8, 6, [0.0; 3]);
        for (at, value) in planes.data.iter_mut().enumerate() {
            *value = (at % 256) as f32 / 255.0;
        }
        let alpha: Vec<f32> = (0..48).map(|at| at as f32 / 47.0).collect();
        let whole = preview_rgba8(&planes, Some(&alpha), 8);
        let part = part_rgba8(&planes, Some(&alpha), [2, 1, 5, 4], 1.0);
        assert_eq!((part.width, part.height), (5, 4));
        for (y, row) in part.data.chunks_exact(20).enumerate() {
            let at = 4 * ((y + 1) * 8 + 2);
            assert_eq!(row, &whole.data[at..at + 20]);
        }
        let half = part_rgba8(&planes, None, [0, 0, 8, 6], 0.5);
        assert_eq!((half.width, half.height), (4, 3));
    }

    #[test]
    fn same_size_is_each_pixel_rounded() {
        let data = [0.0, 0.5, 1.0, 1.2, -0.1, f32::NAN];
        let planes = Planes {
            width: 2,
            height: 1,
            data: data.to_vec(),
        };
        let preview = preview_rgba8(&planes, None, 100);
        assert_eq!(preview.data, [0, 255, 0, 255, 128, 255, 0, 255]);
        let preview = preview_rgba8(&planes, Some(&[0.0, 0.5]), 100);
        assert_eq!(preview.data, [0, 255, 0, 0, 128, 255, 0, 128]);
    }

    #[test]
    fn every_byte_comes_back_as_itself() {
        for byte in 0..=255u8 {
            assert_eq!(byte_of(f32::from(byte) / 255.0), byte);
        }
    }

    #[test]
    fn halving_averages_and_keeps_the_aspect() {
        let mut planes = Planes::filled(400, 200, [0.2, 0.4, 0.6]);
        planes.data[0] = 0.6;
        planes.data[401] = 0.6;
        let preview = preview_rgba8(&planes, None, 200);
        assert_eq!((preview.width, preview.height), (200, 100));
        assert_eq!(preview.data[..4], [102, 102, 153, 255]);
        assert_eq!(preview.data[4..8], [51, 102, 153, 255]);
    }

    #[test]
    fn a_color_counts_as_much_as_can_be_seen_of_it() {
        let planes = Planes {
            width: 2,
            height: 1,
            data: [0.4, 1.0, 0.4, 0.0, 0.4, 0.0].to_vec(),
        };
        let preview = preview_rgba8(&planes, Some(&[1.0, 0.0]), 1);
        assert_eq!(preview.data, [102, 102, 102, 128]);
        let preview = preview_rgba8(&planes, Some(&[0.0, 0.0]), 1);
        assert_eq!(preview.data[3], 0);
    }

    #[test]
    fn odd_reductions_keep_the_mean() {
        let planes = Planes {
            width: 7,
            height: 5,
            data: (0..105u16).map(|i| f32::from(i % 35) / 34.0).collect(),
        };
        let preview = preview_rgba8(&planes, None, 1);
        assert_eq!((preview.width, preview.height), (1, 1));
        assert_eq!(preview.data[..3], [128, 128, 128]);
    }
}

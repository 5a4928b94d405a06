//! Colors where a picture is transparent.
//!
//! Programs leave any color under full transparency: white, black, what was there before it was
//! erased. None of it was meant to be seen, so it must neither be painted nor be an example of a style,
//! nor run into the colors beside it when the picture is resized. Hidden pixels get the colors of the
//! visible ones, mirrored at the border between them, so that a texture goes on. The nearest visible
//! pixel of each is found exactly (Felzenszwalb and Huttenlocher 2012, distance transforms).

use rayon::prelude::*;

use super::Planes;

/// Opacity below which nothing of a pixel can be seen.
const HIDDEN: f32 = 1.0 / 64.0;

/// No row of a column has a visible pixel.
const NONE: u32 = u32::MAX;

/// Colors the hidden pixels of `planes` by the visible ones. `false` when there are none of these.
pub(super) fn color_hidden(planes: &mut Planes, alpha: &[f32]) -> bool {
    let (width, height) = (planes.width, planes.height);
    let visible = |at: usize| alpha[at] >= HIDDEN;
    if alpha.par_iter().all(|&value| value >= HIDDEN) {
        return true;
    }
    if alpha.par_iter().all(|&value| value < HIDDEN) {
        return false;
    }
    let rows = nearest_rows(width, height, visible);
    let sources: Vec<(usize, usize)> = (0..height)
        .into_par_iter()
        .flat_map_iter(|y| {
            let row = y * width;
            let any_hidden = (row..row + width).any(|at| !visible(at));
            let nearest = if any_hidden {
                nearest_in_row(&rows[row..row + width], y)
            } else {
                Vec::new()
            };
            nearest
                .into_iter()
                .enumerate()
                .filter(move |&(x, _)| !visible(row + x))
                .map(move |(x, (nearest_x, nearest_y))| {
                    // Beyond the border as far as this side of it.
                    let mirrored = (2 * nearest_x).checked_sub(x).filter(|&x| x < width);
                    let mirrored = mirrored.zip((2 * nearest_y).checked_sub(y));
                    let source = mirrored
                        .filter(|&(_, y)| y < height)
                        .map(|(x, y)| y * width + x)
                        .filter(|&at| visible(at));
                    (row + x, source.unwrap_or(nearest_y * width + nearest_x))
                })
        })
        .collect();
    for plane in planes.data.chunks_exact_mut(width * height) {
        let colors: Vec<f32> = sources.par_iter().map(|&(_, from)| plane[from]).collect();
        for (&(to, _), color) in sources.iter().zip(colors) {
            plane[to] = color;
        }
    }
    true
}

/// For each pixel the row of the nearest visible one in its column.
fn nearest_rows(width: usize, height: usize, visible: impl Fn(usize) -> bool) -> Vec<u32> {
    let mut rows = vec![NONE; width * height];
    for y in 0..height {
        for x in 0..width {
            let at = y * width + x;
            if visible(at) {
                rows[at] = y as u32;
            } else if y > 0 {
                rows[at] = rows[at - width];
            }
        }
    }
    for y in (0..height.saturating_sub(1)).rev() {
        for x in 0..width {
            let at = y * width + x;
            let (above, below) = (rows[at], rows[at + width]);
            let is_nearer = below != NONE
                && (above == NONE || (below as usize).abs_diff(y) < (above as usize).abs_diff(y));
            if is_nearer {
                rows[at] = below;
            }
        }
    }
    rows
}

/// For each pixel of row `y` the nearest visible one, as column and row: the lowest of the parabolas
/// that stand over the columns.
fn nearest_in_row(rows: &[u32], y: usize) -> Vec<(usize, usize)> {
    let height_at = |x: usize| {
        let distance = (rows[x] as usize).abs_diff(y) as f64;
        distance * distance
    };
    // Columns whose parabolas are lowest somewhere, and from where on.
    let mut lowest: Vec<(usize, f64)> = Vec::new();
    for x in (0..rows.len()).filter(|&x| rows[x] != NONE) {
        let mut from = f64::NEG_INFINITY;
        while let Some(&(other, start)) = lowest.last() {
            let (a, b) = (x as f64, other as f64);
            let crossing = (height_at(x) + a * a - height_at(other) - b * b) / (2.0 * (a - b));
            if crossing > start {
                from = crossing;
                break;
            }
            lowest.pop();
        }
        lowest.push((x, from));
    }
    let mut current = 0;
    (0..rows.len())
        .map(|x| {
            while lowest
                .get(current + 1)
                .is_some_and(|&(_, from)| from < x as f64)
            {
                current += 1;
            }
            let column = lowest[current].0;
            (column, rows[column] as usize)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(width: usize, height: usize) -> Planes {
        let pixels = width * height;
        Planes {
            width,
            height,
            data: (0..3 * pixels).map(|at| at as f32).collect(),
        }
    }

    #[test]
    fn hidden_pixels_mirror_the_visible_ones() {
        let mut planes = ramp(6, 1);
        assert!(color_hidden(&mut planes, &[1.0, 1.0, 0.5, 0.0, 0.0, 0.0]));
        assert_eq!(planes.plane(0), [0.0, 1.0, 2.0, 1.0, 0.0, 2.0]);
        let mut planes = ramp(1, 4);
        assert!(color_hidden(&mut planes, &[0.0, 0.0, 1.0, 1.0]));
        assert_eq!(planes.plane(2), [10.0, 11.0, 10.0, 11.0]);
    }

    #[test]
    fn the_nearest_visible_pixel_is_found() {
        let (width, height) = (23, 17);
        let seeds = [(3, 2), (20, 1), (11, 9), (4, 15), (22, 16)];
        let visible = |at: usize| seeds.contains(&(at % width, at / width));
        let rows = nearest_rows(width, height, visible);
        for y in 0..height {
            let nearest = nearest_in_row(&rows[y * width..][..width], y);
            for (x, found) in nearest.into_iter().enumerate() {
                let distance = |(a, b): (usize, usize)| a.abs_diff(x).pow(2) + b.abs_diff(y).pow(2);
                let least = seeds.iter().map(|&seed| distance(seed)).min();
                assert_eq!(Some(distance(found)), least, "{x}, {y}");
            }
        }
    }

    #[test]
    fn what_can_be_seen_stays_and_nothing_at_all_is_told() {
        let mut planes = ramp(2, 2);
        assert!(color_hidden(&mut planes, &[0.1, 1.0, 0.5, 0.02]));
        assert_eq!(planes, ramp(2, 2));
        assert!(!color_hidden(&mut planes, &[0.0, 0.0, 0.01, 0.0]));
        assert_eq!(planes, ramp(2, 2));
    }
}

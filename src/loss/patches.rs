//! Patches of a Markov random field (Li and Wand 2016, "Combining Markov random fields and
//! convolutional neural networks for image synthesis", equations 2 and 3).
//!
//! `L = mean over patches and their 9 C values of (ψ_i - ψ_nn(i))²`, ψ the 3x3 patches of the
//! picture's map and nn the style patch of the largest normalized cross-correlation
//! `<ψ_i, ψ_j> / |ψ_j|`, held constant in the gradient. Patches overlap; their gradients add.
//!
//! The search is a product of G x 9 C by 9 C x 2048 values and would cost more than the network;
//! so after a first full search each evaluation searches anew for a tenth of the patches, in turn.
//! Large maps are covered by every second or third patch instead of every one.
//!
//! Differs from Li and Wand: style patches are a random 2048, neither rotated nor scaled; all
//! nearest neighbors are not renewed at once; gradients are not divided by the number of patches
//! over a position, so that they are those of L.

mod matches;

use candle_core::Tensor;
use rayon::prelude::*;

use self::matches::Matches;
use super::{
    Evaluation, Measure, StyleDescription,
    draws::Draws,
    positions::{PatchMap, SIDE, channel_major},
    styles::{Styles, shares, spread},
};
use crate::{error::Result, features::Features, state::State};

/// Its entry among the measures of style.
pub(super) const STYLE: StyleDescription = StyleDescription {
    title: "Nearest patches",
    effect: "Rebuilds the picture from pieces of the style: eyes from eyes, leaves from \
             leaves; best when both show the same kind of thing.",
    source: "Li and Wand 2016",
    draws: true,
    moments_only: false,
    shallowest_block: SHALLOWEST_BLOCK,
    // Distances to the nearest of a finite number of others stay away from 0.
    usually_left: 0.3,
    dial_middle: 1.5,
    target: |styles, seed| Ok(Box::new(PatchLoss::target(styles, seed)?)),
};

/// Block of the shallowest layer that a run compares patches at, if it has any so deep: at
/// shallower ones the mean of overlapping patches is a haze (Li and Wand use `relu3_1` and
/// `relu4_1`).
const SHALLOWEST_BLOCK: u8 = 3;
/// Style patches, at most.
const STYLE_PATCHES: usize = 2048;
/// Patches of the picture beyond which a map is covered by fewer than all.
const PICTURE_PATCHES: usize = 16_384;
/// Evaluations in which every nearest neighbor is renewed once.
const RENEWAL: usize = 10;
/// Patches in one product of the search: bounds its memory.
const PIECE: usize = 1024;

/// Distance of patches to their nearest style patches.
#[derive(Clone, Debug)]
pub struct PatchLoss {
    /// `[P, 9 C]`, a patch row by row with channels innermost.
    patches: Tensor,
    /// The same on the processor.
    rows: Vec<f32>,
    /// 1 / |ψ|, 0 for a patch of zeros.
    inverse_norms: Vec<f32>,
    matches: Option<Matches>,
    held: bool,
    scale: f64,
}

impl PatchLoss {
    /// A loss with patches of the style images, in proportion to their strengths, as its target.
    ///
    /// # Errors
    /// When there is no style image with a strength above 0, or the device fails.
    pub fn target(styles: &Styles<'_>, seed: u64) -> Result<Self> {
        let parts = shares(styles.iter().map(|s| s.1))?;
        let mut rng = Draws::new(seed).for_target();
        let patches_in = |features: &dyn Features| {
            let (_, h, w) = features.shape();
            (h.max(SIDE) - SIDE + 1, w.max(SIDE) - SIDE + 1)
        };
        let all = styles.iter().map(|(features, _)| {
            let (rows, columns) = patches_in(*features);
            rows * columns
        });
        let total = all.sum::<usize>().min(STYLE_PATCHES);
        let channels = styles.first().map_or(0, |(features, _)| features.shape().0);
        let length = SIDE * SIDE * channels;
        let mut rows = Vec::with_capacity(total * length);
        for ((features, _), part) in styles.iter().zip(parts) {
            let (height, width) = patches_in(*features);
            let map = PatchMap::new(*features)?;
            let amount = (part * total as f64).round() as usize;
            for position in spread(height * width, amount, &mut rng) {
                let position = position as usize;
                map.read(position / width, position % width, &mut rows);
            }
        }
        let squares = rows.par_chunks_exact(length);
        let squares: Vec<f64> = squares
            .map(|patch| patch.iter().map(|&v| f64::from(v) * f64::from(v)).sum())
            .collect();
        let inverse = |square: &f64| {
            if *square > 0.0 {
                1.0 / square.sqrt() as f32
            } else {
                0.0
            }
        };
        let device = match styles.first() {
            Some((features, _)) => features.map()?.device().clone(),
            None => candle_core::Device::Cpu,
        };
        Ok(Self {
            patches: Tensor::from_slice(&rows, (squares.len(), length), &device)?,
            scale: squares.iter().sum::<f64>() / rows.len() as f64,
            inverse_norms: squares.iter().map(inverse).collect(),
            rows,
            matches: None,
            held: false,
        })
    }

    /// The nearest style patch of each of these patches of a map.
    fn search(&self, map: &PatchMap, places: &[(usize, usize)]) -> Result<Vec<usize>> {
        let length = SIDE * SIDE * map.channels;
        let style = self.patches.t()?;
        let mut nearest = Vec::with_capacity(places.len());
        for piece in places.chunks(PIECE) {
            let mut patches = Vec::with_capacity(piece.len() * length);
            for &(top, left) in piece {
                map.read(top, left, &mut patches);
            }
            let patches = Tensor::from_vec(patches, (piece.len(), length), style.device())?;
            let products: Vec<f32> = patches.matmul(&style)?.flatten_all()?.to_vec1()?;
            let best = products
                .par_chunks_exact(self.inverse_norms.len())
                .map(|row| {
                    let correlations = row.iter().zip(&self.inverse_norms).enumerate();
                    let start = (0, f32::NEG_INFINITY);
                    let best = correlations.fold(start, |best, (index, (product, inverse))| {
                        let correlation = product * inverse;
                        if correlation > best.1 {
                            (index, correlation)
                        } else {
                            best
                        }
                    });
                    best.0
                });
            nearest.par_extend(best);
        }
        Ok(nearest)
    }

    /// Searches for a tenth of the patches; for all when the map has other sides than before.
    fn renew(&mut self, map: &PatchMap) -> Result<Matches> {
        let (tops, lefts) = grid(map.height, map.width);
        let known = self.matches.take();
        let known = known.filter(|known| known.tops == tops && known.lefts == lefts);
        let place = |patch: usize| (tops[patch / lefts.len()], lefts[patch % lefts.len()]);
        match known {
            Some(mut known) if !self.held => {
                let patches: Vec<usize> =
                    (known.turn..known.nearest.len()).step_by(RENEWAL).collect();
                let places: Vec<_> = patches.iter().map(|&patch| place(patch)).collect();
                for (patch, nearest) in patches.into_iter().zip(self.search(map, &places)?) {
                    known.nearest[patch] = nearest;
                }
                known.turn = (known.turn + 1) % RENEWAL;
                Ok(known)
            }
            Some(known) => Ok(known),
            None => {
                let places: Vec<_> = (0..tops.len() * lefts.len()).map(place).collect();
                Ok(Matches {
                    nearest: self.search(map, &places)?,
                    tops,
                    lefts,
                    turn: 0,
                })
            }
        }
    }
}

/// First rows and first columns of the patches that cover a map: every one, or on large maps
/// every second or third, and always the last.
fn grid(height: usize, width: usize) -> (Vec<usize>, Vec<usize>) {
    let starts = |length: usize, stride: usize| {
        let last = length - SIDE;
        let mut starts: Vec<usize> = (0..last).step_by(stride).collect();
        starts.push(last);
        starts
    };
    let mut stride = 1;
    while stride < SIDE && (height / stride) * (width / stride) > PICTURE_PATCHES {
        stride += 1;
    }
    (starts(height, stride), starts(width, stride))
}

impl Matches {
    /// The sum of squared differences to the nearest patches, and `slope` times the differences
    /// added up at their positions, channels innermost.
    fn compare(&self, map: &PatchMap, style: &[f32], slope: f32) -> (f64, Vec<f32>) {
        let line = SIDE * map.channels;
        let mut gradient = vec![0.0; map.values.len()];
        // One row of positions at a time: it gathers from the patches above it and around it.
        let rows = gradient.par_chunks_exact_mut(map.width * map.channels);
        let sum = rows.enumerate().map(|(y, out)| {
            let here = &map.values[y * map.width * map.channels..];
            let mut sum = 0.0;
            for (row, &top) in self.tops.iter().enumerate() {
                if !(top..top + SIDE).contains(&y) {
                    continue;
                }
                for (column, &left) in self.lefts.iter().enumerate() {
                    let nearest = self.nearest[row * self.lefts.len() + column];
                    let target = &style[(nearest * SIDE + y - top) * line..][..line];
                    let start = left * map.channels;
                    let values = &here[start..start + line];
                    let slopes = &mut out[start..start + line];
                    let mut square = 0.0;
                    for ((slope_sum, value), target) in slopes.iter_mut().zip(values).zip(target) {
                        let difference = value - target;
                        square += difference * difference;
                        *slope_sum += slope * difference;
                    }
                    sum += f64::from(square);
                }
            }
            sum
        });
        let sum = sum.sum();
        (sum, gradient)
    }
}

impl Measure for PatchLoss {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let (c, h, w) = generated.shape();
        let map = PatchMap::new(generated)?;
        let matches = self.renew(&map)?;
        let count = (matches.nearest.len() * SIDE * SIDE * c) as f64;
        let (sum, gradient) = matches.compare(&map, &self.rows, (2.0 / count) as f32);
        self.matches = Some(matches);
        let gradient = channel_major(&gradient, c);
        let shape = (c, map.height, map.width);
        let mut gradient = Tensor::from_vec(gradient, shape, self.patches.device())?;
        // What was repeated at the end belongs to the last row or column.
        for (axis, length) in [(1, h), (2, w)] {
            if gradient.dim(axis)? > length {
                let beyond = gradient.narrow(axis, length, gradient.dim(axis)? - length)?;
                let beyond = beyond
                    .sum_keepdim(axis)?
                    .pad_with_zeros(axis, length - 1, 0)?;
                gradient = (gradient.narrow(axis, 0, length)? + beyond)?;
            }
        }
        Ok(Evaluation::of_map(sum / count, gradient))
    }

    fn scale(&self) -> f64 {
        self.scale
    }

    fn hold(&mut self, held: bool) {
        self.held = held;
    }

    fn keep(&self, state: &mut State) {
        if let Some(matches) = &self.matches {
            matches.keep(state);
        }
    }

    fn restore(&mut self, state: &mut State) -> Result<()> {
        self.matches = Matches::restored(state, self.inverse_norms.len())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        features::TensorFeatures,
        loss::finite_differences::{check_measure, noise_map},
    };

    fn loss(map: &Tensor) -> PatchLoss {
        let features = TensorFeatures::new(map.clone()).unwrap();
        PatchLoss::target(&[(&features, 1.0)], 1).unwrap()
    }

    fn value(loss: &mut PatchLoss, map: &Tensor) -> f64 {
        let features = TensorFeatures::new(map.clone()).unwrap();
        loss.evaluate(&features).unwrap().value
    }

    #[test]
    fn a_piece_of_the_style_is_free_but_scrambled_positions_are_not() {
        let style = noise_map(4, 9, 8, 1);
        let mut loss = loss(&style);
        let piece = style.narrow(1, 3, 5).unwrap().narrow(2, 1, 4).unwrap();
        assert!(value(&mut loss, &piece) < 1e-9);
        let order = Tensor::new(&[7_u32, 2, 5, 0, 6, 3, 1, 4], style.device()).unwrap();
        assert!(value(&mut loss, &style.index_select(&order, 2).unwrap()) > 0.1);
    }

    #[test]
    fn the_nearest_patch_is_that_of_the_plain_definition() {
        let (style, other) = (noise_map(2, 4, 5, 1), noise_map(2, 3, 4, 2));
        let patches = |map: &Tensor| {
            let (_, h, w) = map.dims3().unwrap();
            let places = (0..h - 2).flat_map(|y| (0..w - 2).map(move |x| (y, x)));
            let patch = |(y, x)| {
                let patch = map.narrow(1, y, 3).unwrap().narrow(2, x, 3).unwrap();
                patch.flatten_all().unwrap().to_vec1::<f32>().unwrap()
            };
            places.map(patch).collect::<Vec<_>>()
        };
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        let style_patches = patches(&style);
        let mut expected = 0.0;
        for patch in patches(&other) {
            let correlation = |s: &Vec<f32>| dot(&patch, s) / dot(s, s).sqrt();
            let nearest = style_patches
                .iter()
                .max_by(|a, b| correlation(a).total_cmp(&correlation(b)))
                .unwrap();
            let apart: Vec<f32> = patch.iter().zip(nearest).map(|(a, b)| a - b).collect();
            expected += dot(&apart, &apart) / 18.0 / 2.0;
        }
        let found = value(&mut loss(&style), &other);
        assert!(
            (found - f64::from(expected)).abs() < 1e-5,
            "{found} {expected}"
        );
    }

    #[test]
    fn all_neighbors_are_renewed_in_ten_evaluations_and_none_while_held() {
        let style = noise_map(3, 9, 9, 1);
        let (first, second) = (noise_map(3, 7, 6, 2), noise_map(3, 7, 6, 3));
        let mut measure = loss(&style);
        value(&mut measure, &first);
        measure.hold(true);
        let held: Vec<f64> = (0..12).map(|_| value(&mut measure, &second)).collect();
        assert!(held.iter().all(|v| *v == held[0]));
        measure.hold(false);
        for _ in 0..RENEWAL {
            value(&mut measure, &second);
        }
        let fresh = value(&mut loss(&style), &second);
        assert!(fresh < held[0]);
        assert_eq!(value(&mut measure, &second), fresh);
    }

    #[test]
    fn the_grid_covers_every_position() {
        for (height, width) in [(3, 3), (4, 7), (200, 150), (512, 400), (1000, 3)] {
            let (tops, lefts) = grid(height, width);
            for (starts, length) in [(tops, height), (lefts, width)] {
                let covered = |at| starts.iter().any(|&start| (start..start + 3).contains(&at));
                assert!((0..length).all(covered), "{height} {width} {starts:?}");
                assert!(starts.iter().all(|&start| start + 3 <= length));
            }
        }
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        for (h, w) in [(6, 5), (2, 7), (1, 1)] {
            let mut loss = loss(&noise_map(4, 5, 7, 1));
            loss.hold(true);
            check_measure(&mut loss, &noise_map(4, h, w, 2));
        }
    }
}

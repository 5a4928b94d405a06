//! Hypercolumns: the features of several layers at one point of the picture, as one vector
//! (as in Kolkin et al. 2019, "Style transfer by relaxed optimal transport and self-similarity",
//! section 2.1).
//!
//! Points are positions of the first layer; deeper layers are read between their positions,
//! linearly. Each layer is scaled to an equal share of the vector's square.
//!
//! Differs from Kolkin et al., who join layers as they are: there the layer with the largest
//! activations decides every cosine.

use candle_core::{Device, Tensor};
use rand::Rng;
use rayon::prelude::*;

use super::styles::spread;
use crate::{error::Result, features::Features};

/// Norm of a vector under which it counts as having no direction, where 1 is usual.
const LEAST_NORM: f32 = 1e-2;

/// Points in the unit square: `(y, x)`, each in 0..1.
pub(super) struct Points(Vec<(f32, f32)>);

impl Points {
    /// `amount` of the positions of a map, spread evenly; every position once if that many.
    pub(super) fn of_positions(
        height: usize,
        width: usize,
        amount: usize,
        rng: &mut impl Rng,
    ) -> Self {
        let chosen = spread(height * width, amount, rng);
        let center = |index: usize, length: usize| (index as f32 + 0.5) / length as f32;
        let points = chosen.into_iter().map(|position| {
            let position = position as usize;
            (
                center(position / width, height),
                center(position % width, width),
            )
        });
        Self(points.collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The four neighbors of each point in a map of these sides: their positions and weights.
    /// Neighbors that weigh nothing at any point are left out.
    fn neighbors(&self, height: usize, width: usize) -> Vec<(Vec<u32>, Vec<f32>)> {
        let along = |at: f32, length: usize| {
            let place = (at * length as f32 - 0.5).clamp(0.0, (length - 1) as f32);
            // Points of this very map come out whole but for rounding.
            let whole = place.round();
            let place = if (place - whole).abs() < 1e-3 {
                whole
            } else {
                place
            };
            let below = place as usize;
            [
                (below, 1.0 - place.fract()),
                ((below + 1).min(length - 1), place.fract()),
            ]
        };
        let mut neighbors = Vec::new();
        for corner in 0..4 {
            let taps = self.0.iter().map(|&(y, x)| {
                let (row, by_row) = along(y, height)[corner / 2];
                let (column, by_column) = along(x, width)[corner % 2];
                ((row * width + column) as u32, by_row * by_column)
            });
            let (positions, weights): (Vec<u32>, Vec<f32>) = taps.unzip();
            if weights.iter().any(|&weight| weight > 0.0) {
                neighbors.push((positions, weights));
            }
        }
        neighbors
    }
}

/// Features at points as unit vectors, one a row, and how long they were.
pub(super) struct Columns {
    /// `[points, C]`.
    pub(super) unit: Tensor,
    norms: Vec<f32>,
}

/// Reads the layers at the points, layer l times `scales[l]`, and brings each vector to length 1
/// (shorter ones than [`LEAST_NORM`] stay short).
pub(super) fn columns(
    layers: &[&dyn Features],
    scales: &[f64],
    points: &Points,
) -> Result<Columns> {
    let count = points.len();
    let mut parts = Vec::with_capacity(layers.len());
    for (layer, &scale) in layers.iter().zip(scales) {
        let (c, h, w) = layer.shape();
        let flat = layer.map()?.reshape((c, h * w))?;
        let mut part: Option<Tensor> = None;
        for (positions, weights) in points.neighbors(h, w) {
            let (positions, weights) = on_device(positions, weights, flat.device())?;
            let read = flat.index_select(&positions, 1)?.broadcast_mul(&weights)?;
            part = Some(match part {
                Some(sum) => (sum + read)?,
                None => read,
            });
        }
        parts.extend(part.map(|part| part.affine(scale, 0.0)).transpose()?);
    }
    let joined = Tensor::cat(&parts, 0)?.t()?.contiguous()?;
    let channels = joined.dim(1)?;
    let mut rows: Vec<f32> = joined.flatten_all()?.to_vec1()?;
    let norms = rows.par_chunks_exact_mut(channels).map(|row| {
        let norm = row.iter().map(|v| v * v).sum::<f32>().sqrt();
        for value in row {
            *value /= norm.max(LEAST_NORM);
        }
        norm
    });
    let norms = norms.collect();
    let unit = Tensor::from_vec(rows, (count, channels), joined.device())?;
    Ok(Columns { unit, norms })
}

fn on_device(positions: Vec<u32>, weights: Vec<f32>, device: &Device) -> Result<(Tensor, Tensor)> {
    let count = positions.len();
    Ok((
        Tensor::from_vec(positions, count, device)?,
        Tensor::from_vec(weights, (1, count), device)?,
    ))
}

/// Takes a gradient with respect to unit vectors, `[points, C]`, back to one dense map a layer.
pub(super) fn back_to_layers(
    by_unit: &Tensor,
    columns: &Columns,
    layers: &[&dyn Features],
    scales: &[f64],
    points: &Points,
) -> Result<Vec<Tensor>> {
    let (count, channels) = by_unit.dims2()?;
    let unit: Vec<f32> = columns.unit.flatten_all()?.to_vec1()?;
    let mut slopes: Vec<f32> = by_unit.flatten_all()?.to_vec1()?;
    slopes
        .par_chunks_exact_mut(channels)
        .zip(unit.par_chunks_exact(channels))
        .zip(&columns.norms)
        .for_each(|((slope, unit), &norm)| {
            // The part along the vector only changes its length, which is divided out.
            let along: f32 = if norm > LEAST_NORM {
                slope.iter().zip(unit).map(|(a, b)| a * b).sum()
            } else {
                0.0
            };
            for (slope, unit) in slope.iter_mut().zip(unit) {
                *slope = (*slope - along * unit) / norm.max(LEAST_NORM);
            }
        });
    let device = by_unit.device();
    let slopes = Tensor::from_vec(slopes, (count, channels), device)?
        .t()?
        .contiguous()?;
    let mut first = 0;
    let mut maps = Vec::with_capacity(layers.len());
    for (layer, &scale) in layers.iter().zip(scales) {
        let (c, h, w) = layer.shape();
        let part = slopes.narrow(0, first, c)?.affine(scale, 0.0)?;
        first += c;
        let mut map = Tensor::zeros((c, h * w), part.dtype(), device)?;
        for (positions, weights) in points.neighbors(h, w) {
            let (positions, weights) = on_device(positions, weights, device)?;
            map = map.index_add(&positions, &part.broadcast_mul(&weights)?, 1)?;
        }
        maps.push(map.reshape((c, h, w))?);
    }
    Ok(maps)
}

/// What gives each of `layers` layers, with this mean energy of a channel and number of channels,
/// an equal share of a vector whose mean square is 1. A layer of zeros gets no share.
pub(super) fn equal_share(energy: f64, channels: usize, layers: usize) -> f64 {
    if energy > 0.0 {
        1.0 / (energy * (channels * layers) as f64).sqrt()
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand_pcg::Pcg64Mcg;

    use super::*;
    use crate::{features::TensorFeatures, loss::finite_differences::noise_map};

    fn features(c: usize, h: usize, w: usize, seed: u64) -> TensorFeatures {
        TensorFeatures::new(noise_map(c, h, w, seed)).unwrap()
    }

    #[test]
    fn points_of_a_map_read_its_positions_exactly() {
        let map = features(3, 37, 23, 1);
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let points = Points::of_positions(37, 23, 37 * 23, &mut rng);
        assert_eq!(points.neighbors(37, 23).len(), 1);
        let columns = columns(&[&map], &[1.0], &points).unwrap();
        let plain = map.map().unwrap().flatten_from(1).unwrap().t().unwrap();
        let plain = plain.to_vec2::<f32>().unwrap();
        let unit = columns.unit.to_vec2::<f32>().unwrap();
        for (row, expected) in unit.iter().zip(plain) {
            let norm = expected.iter().map(|v| v * v).sum::<f32>().sqrt();
            for (a, b) in row.iter().zip(expected) {
                assert!((a * norm - b).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn a_ramp_is_read_linearly_between_positions() {
        let ramp: Vec<f32> = (0..4).map(|x| x as f32 + 10.0).collect();
        let ramp = Tensor::from_vec(ramp, (1, 1, 4), &Device::Cpu).unwrap();
        let ramp = TensorFeatures::new(ramp).unwrap();
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let points = Points::of_positions(1, 8, 8, &mut rng);
        let columns = columns(&[&ramp], &[1.0], &points).unwrap();
        let expected = [10.0, 10.25, 10.75, 11.25, 11.75, 12.25, 12.75, 13.0];
        for (norm, expected) in columns.norms.iter().zip(expected) {
            assert!((norm - expected).abs() < 1e-4, "{:?}", columns.norms);
        }
    }

    #[test]
    fn gradients_go_back_to_every_layer() {
        // f = sum of u ∘ unit vectors, whose gradient with respect to the unit vectors is u.
        let (fine, coarse) = (noise_map(2, 6, 5, 1), noise_map(3, 3, 2, 2));
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let points = Points::of_positions(6, 5, 9, &mut rng);
        let scales = [0.7, 1.3];
        let weights = noise_map(1, 9, 5, 3).squeeze(0).unwrap();
        let value = |fine: &Tensor, coarse: &Tensor| {
            let fine = TensorFeatures::new(fine.clone()).unwrap();
            let coarse = TensorFeatures::new(coarse.clone()).unwrap();
            let columns = columns(&[&fine, &coarse], &scales, &points).unwrap();
            let sum = (&columns.unit * &weights).unwrap().sum_all().unwrap();
            f64::from(sum.to_scalar::<f32>().unwrap())
        };
        let layers = [
            TensorFeatures::new(fine.clone()).unwrap(),
            TensorFeatures::new(coarse.clone()).unwrap(),
        ];
        let layers: [&dyn Features; 2] = [&layers[0], &layers[1]];
        let here = columns(&layers, &scales, &points).unwrap();
        let gradients = back_to_layers(&weights, &here, &layers, &scales, &points).unwrap();
        for seed in 10..14 {
            let (a, b) = (noise_map(2, 6, 5, seed), noise_map(3, 3, 2, seed));
            let step = 1e-3;
            let at = |sign: f64| {
                let move_by = |map: &Tensor, by: &Tensor| {
                    (map + by.affine(sign * step, 0.0).unwrap()).unwrap()
                };
                value(&move_by(&fine, &a), &move_by(&coarse, &b))
            };
            let measured = (at(1.0) - at(-1.0)) / (2.0 * step);
            let dot = |a: &Tensor, b: &Tensor| {
                let sum = (a * b).unwrap().sum_all().unwrap();
                f64::from(sum.to_scalar::<f32>().unwrap())
            };
            let predicted = dot(&gradients[0], &a) + dot(&gradients[1], &b);
            let size = (dot(&gradients[0], &gradients[0]) * dot(&a, &a)).sqrt();
            assert!(
                (measured - predicted).abs() < 0.01 * size,
                "{measured} {predicted}"
            );
        }
    }
}

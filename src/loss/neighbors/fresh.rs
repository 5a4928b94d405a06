//! Neighbors found anew, layer by layer (Kolkin et al. 2022, section 3.5): the last steps of a
//! run, which bring crisp strokes.
//!
//! `L = mean over drawn positions p of 1 - cos(x_p - x̄, s_nn(p) - s̄)` at each layer in its own
//! resolution, positions drawn at each evaluation, nn the nearest of the style's positions by the
//! same cosine, held constant in the gradient.

use rayon::prelude::*;

use super::{Grid, Target, columns::dot};
use crate::{
    error::{Error, Result},
    features::{FeatureGradient, Features, Places, RowGradient},
    kernels::{Isa, nearest::Candidates},
    loss::{
        Evaluation, JointEvaluation, Measure,
        draws::{Draws, distinct},
        styles::{Styles, shares},
    },
    state::State,
};

/// Positions of the picture that are drawn at each evaluation and layer. The search costs as much
/// as these times [`POOL`]; on one pair twice as many of both made no better picture.
const POSITIONS: usize = 2048;
/// Positions of a style image that are searched at a layer.
const POOL: usize = 2048;

/// Several layers at once, with the style images in the places that they were given.
#[derive(Debug, Default)]
pub struct FreshNeighbors {
    layers: Vec<FreshLayer>,
    weights: Vec<f64>,
}

impl FreshNeighbors {
    /// A measure without style images, for layers of these weights relative to each other.
    pub fn new(weights: &[f64], seed: u64) -> Self {
        let sum: f64 = weights.iter().sum();
        let layers = (0..weights.len() as u64).map(|index| FreshLayer {
            pools: Vec::new(),
            draws: Draws::new(seed.wrapping_add(index)),
            given: None,
        });
        Self {
            layers: layers.collect(),
            weights: weights.iter().map(|weight| weight / sum).collect(),
        }
    }

    /// Adds a style image, the finest layer first. `counts` says which points of `grid` over it
    /// count; all of them without.
    ///
    /// # Errors
    /// When the device fails.
    pub fn add_style(
        &mut self,
        layers: &[&dyn Features],
        grid: Grid,
        counts: Option<&[bool]>,
    ) -> Result<()> {
        for (fresh, features) in self.layers.iter_mut().zip(layers) {
            let (_, h, w) = features.shape();
            let counts = |position: &u32| {
                counts.is_none_or(|counts| counts[grid.point_of(*position as usize, h, w)])
            };
            let mut positions: Vec<u32> = (0..(h * w) as u32).filter(counts).collect();
            if positions.is_empty() {
                positions = (0..(h * w) as u32).collect();
            }
            let mut rng = fresh.draws.for_target();
            let chosen = distinct(positions.len(), POOL, &mut rng);
            let chosen: Vec<u32> = chosen.iter().map(|&at| positions[at as usize]).collect();
            fresh
                .pools
                .push(Pool::new(features.rows_at(&chosen)?, features.shape().0));
        }
        Ok(())
    }

    /// Each point of the picture's grid searches the style image of its target.
    pub fn give(&mut self, targets: &[Option<Target>], grid: Grid) {
        let styles: Vec<_> = targets.iter().map(|t| t.map(|t| t.style)).collect();
        for layer in &mut self.layers {
            layer.given = Some((styles.clone(), grid));
        }
    }

    /// Loss and gradients at the picture's maps, in the order of the target's layers.
    ///
    /// # Errors
    /// When the device fails.
    pub fn evaluate(&mut self, picture: &[&dyn Features]) -> Result<JointEvaluation> {
        let mut value = 0.0;
        let mut gradients = Vec::new();
        for ((layer, features), &weight) in self.layers.iter_mut().zip(picture).zip(&self.weights) {
            let Evaluation {
                value: part,
                mut gradient,
            } = layer.evaluate(*features)?;
            value += weight * part;
            gradient.scale(weight)?;
            gradients.push(gradient);
        }
        Ok(JointEvaluation { value, gradients })
    }

    /// Puts down how often each layer has drawn.
    pub fn keep(&self, state: &mut State) {
        for (index, layer) in self.layers.iter().enumerate() {
            let mut part = State::default();
            layer.draws.keep(&mut part);
            state.put_part(&layer_name(index), part);
        }
    }

    /// Takes back what [`Self::keep`] has put down.
    ///
    /// # Errors
    /// When something is missing.
    pub fn restore(&mut self, state: &mut State) -> Result<()> {
        for (index, layer) in self.layers.iter_mut().enumerate() {
            layer
                .draws
                .restore(&mut state.take_part(&layer_name(index)))?;
        }
        Ok(())
    }

    /// While held, evaluations repeat the latest draw.
    pub fn hold(&mut self, held: bool) {
        self.layers
            .iter_mut()
            .for_each(|layer| layer.draws.hold(held));
    }
}

fn layer_name(index: usize) -> String {
    format!("layer{index}")
}

/// One layer: a measure of style by itself.
#[derive(Debug)]
pub(super) struct FreshLayer {
    /// One for each style image, or a single one for all of them.
    pools: Vec<Pool>,
    draws: Draws,
    /// Which pool each point of a grid over the picture searches.
    given: Option<(Vec<Option<u32>>, Grid)>,
}

/// Positions of a style image: rows `[M][C]`, centered and of length 1.
#[derive(Debug)]
struct Pool(Candidates);

impl Pool {
    fn new(mut rows: Vec<f32>, channels: usize) -> Self {
        center(&mut rows, channels);
        normalize(&mut rows, channels);
        Self(Candidates::new(&rows, channels))
    }
}

impl FreshLayer {
    /// A pool of positions of all style images, in proportion to their strengths.
    pub(super) fn target(styles: &Styles<'_>, seed: u64) -> Result<Self> {
        let shares = shares(styles.iter().map(|(_, strength)| *strength))?;
        let draws = Draws::new(seed);
        let mut rng = draws.for_target();
        let positions = styles.iter().map(|(features, _)| {
            let (_, h, w) = features.shape();
            h * w
        });
        let total = positions.sum::<usize>().min(POOL) as f64;
        let mut rows = Vec::new();
        let mut channels = 0;
        for ((features, _), share) in styles.iter().zip(shares) {
            let (c, h, w) = features.shape();
            channels = c;
            let amount = (share * total).round() as usize;
            let positions = distinct(h * w, amount, &mut rng);
            if !positions.is_empty() {
                rows.extend(features.rows_at(&positions)?);
            }
        }
        if rows.is_empty() {
            return Err(Error::Internal("style images without positions".to_owned()));
        }
        Ok(Self {
            pools: vec![Pool::new(rows, channels)],
            draws,
            given: None,
        })
    }

    /// The pool that a position of a map searches.
    fn pool_of(&self, position: u32, height: usize, width: usize) -> Option<usize> {
        match &self.given {
            Some((styles, grid)) => {
                let point = grid.point_of(position as usize, height, width);
                styles[point].map(|style| style as usize)
            }
            None => Some(0),
        }
    }
}

impl Measure for FreshLayer {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let (c, h, w) = generated.shape();
        let mut rng = self.draws.generator();
        let drawn = distinct(h * w, POSITIONS, &mut rng);
        let of_pool = |pool: usize| -> Vec<u32> {
            let mine = |position: &u32| self.pool_of(*position, h, w) == Some(pool);
            drawn.iter().copied().filter(mine).collect()
        };
        let lists: Vec<Vec<u32>> = (0..self.pools.len()).map(of_pool).collect();
        let count = lists.iter().map(Vec::len).sum::<usize>().max(1) as f64;
        let mut gradient = FeatureGradient::default();
        let mut value = 0.0;
        for (pool, positions) in self.pools.iter().zip(lists) {
            if positions.is_empty() {
                continue;
            }
            let mut rows = generated.rows_at(&positions)?;
            center(&mut rows, c);
            let norms = normalize(&mut rows, c);
            let found = pool.0.nearest(&rows, c, Isa::detect())?;
            let products = found.iter().map(|found| 1.0 - f64::from(found.product));
            value += products.sum::<f64>() / count;
            rows.par_chunks_exact_mut(c)
                .zip(found.par_iter().zip(&norms))
                .for_each_init(
                    || vec![0.0; c],
                    |target, (row, (found, norm))| {
                        pool.0.read(found.index as usize, target);
                        let factor = 1.0 / (count as f32 * norm.max(f32::MIN_POSITIVE));
                        for (value, target) in row.iter_mut().zip(target) {
                            *value = factor * (found.product * *value - *target);
                        }
                    },
                );
            // The derivative of the centering is the centering of the derivative.
            center(&mut rows, c);
            gradient.rows.push(RowGradient {
                places: Places::Positions(positions),
                values: rows.into(),
            });
        }
        Ok(Evaluation { value, gradient })
    }

    fn scale(&self) -> f64 {
        1.0
    }

    fn hold(&mut self, held: bool) {
        self.draws.hold(held);
    }

    fn keep(&self, state: &mut State) {
        self.draws.keep(state);
    }

    fn restore(&mut self, state: &mut State) -> Result<()> {
        self.draws.restore(state)
    }
}

/// Subtracts the mean row.
fn center(rows: &mut [f32], channels: usize) {
    let mut mean = vec![0.0_f64; channels];
    for row in rows.chunks_exact(channels) {
        mean.iter_mut()
            .zip(row)
            .for_each(|(sum, value)| *sum += f64::from(*value));
    }
    let count = (rows.len() / channels).max(1) as f64;
    let mean: Vec<f32> = mean.iter().map(|sum| (sum / count) as f32).collect();
    rows.par_chunks_exact_mut(channels).for_each(|row| {
        row.iter_mut()
            .zip(&mean)
            .for_each(|(value, mean)| *value -= mean);
    });
}

/// Brings each row to length 1; returns what the lengths were.
fn normalize(rows: &mut [f32], channels: usize) -> Vec<f32> {
    rows.par_chunks_exact_mut(channels)
        .map(|row| {
            let norm = dot(row, row).sqrt();
            let factor = if norm > 0.0 { 1.0 / norm } else { 0.0 };
            row.iter_mut().for_each(|value| *value *= factor);
            norm
        })
        .collect()
}

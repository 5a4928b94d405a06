//! Nearest neighbors of hypercolumns (Kolkin, Kucera, Paris, Sykora, Shechtman and
//! Shakhnarovich 2022, "Neural neighbor style transfer", section 3).
//!
//! [`NeighborLoss`]: `L = mean over grid points p of 1 - cos(x_p, s_m(p))`, x the picture's
//! hypercolumns, s the style images' and m(p) the style column that is nearest to a query's
//! hypercolumn at p: the content image, with a share of the picture where matches have freedom.
//! Matches are made once a level; given them the loss is smooth, and local but for the network's
//! receptive field.
//!
//! [`FreshNeighbors`]: neighbors found anew at each step, layer by layer, for the last steps.
//!
//! Several style images share the points by their strengths: each point is given to the image
//! that suits it best, with a handicap for every image such that the shares come out.

mod assignment;
mod columns;
mod fresh;
mod matching;
#[cfg(test)]
mod tests;

use std::ops::Range;

use rayon::prelude::*;

pub use self::{assignment::Inside, columns::Grid, fresh::FreshNeighbors};
use self::{
    assignment::assign,
    columns::{Columns, Part, dot},
    matching::Matcher,
};
use super::{JointEvaluation, StyleDescription};
use crate::{
    error::Result,
    features::{FeatureGradient, Features, Places, RowGradient},
};

/// Its entry among the measures of style.
pub(super) const STYLE: StyleDescription = StyleDescription {
    title: "Nearest neighbors",
    effect: "Paints each place with the strokes of the most similar place of the style image: \
             long strokes that follow the forms.",
    source: "Kolkin, Kucera, Paris, Sykora, Shechtman and Shakhnarovich 2022",
    draws: true,
    moments_only: false,
    shallowest_block: 1,
    usually_left: 0.6,
    dial_middle: 16.0,
    keeps: |channels, positions| 4 * channels * positions.min(fresh::POOL),
    target: |styles, seed| Ok(Box::new(fresh::FreshLayer::target(styles, seed)?)),
};

/// Rows of the grid that one task takes.
const BAND: usize = 8;

/// A style image as the target of hypercolumns.
pub struct StyleColumns<'a> {
    /// Its feature maps, the finest layer first.
    pub layers: Vec<&'a dyn Features>,
    /// The grid over it.
    pub grid: Grid,
    /// Which of its grid points count; all of them without.
    pub counts: Option<Vec<bool>>,
}

/// A style image's hypercolumns.
#[derive(Debug)]
struct Style {
    columns: Columns,
    norms: Vec<f32>,
    matcher: Matcher,
}

/// A point's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Which style image, in the order in which they were added.
    pub style: u32,
    /// Which point of its grid, row by row.
    pub point: u32,
}

/// The loss at one level: the style images' columns, and a target for every point.
#[derive(Debug, Default)]
pub struct NeighborLoss {
    weights: Vec<f64>,
    styles: Vec<Style>,
    targets: Vec<Option<Target>>,
}

impl NeighborLoss {
    /// A loss without style images, whose layers have these weights relative to each other.
    pub fn new(weights: &[f64]) -> Self {
        Self {
            weights: weights.to_vec(),
            ..Self::default()
        }
    }

    /// Adds a style image for a picture of `points` grid points.
    ///
    /// # Errors
    /// When the device fails.
    pub fn add_style(&mut self, style: &StyleColumns<'_>, points: usize, seed: u64) -> Result<()> {
        let columns = Columns::read(&style.layers, &self.weights, style.grid)?.compact();
        self.styles.push(Style {
            norms: columns.norms(),
            matcher: Matcher::new(&columns, style.counts.as_deref(), points, seed)?,
            columns,
        });
        Ok(())
    }

    /// Gives every point of the grid the style column that is nearest to that of `queries`.
    /// `inside` says how much each style image applies at each point and what its share is.
    ///
    /// # Errors
    /// When the device fails.
    pub fn aim(&mut self, queries: &[&dyn Features], grid: Grid, inside: &[Inside]) -> Result<()> {
        let queries = Columns::read(queries, &self.weights, grid)?;
        let found = self.styles.iter();
        let found = found.map(|style| style.matcher.nearest(&queries));
        let found = found.collect::<Result<Vec<_>>>()?;
        let styles = assign(&found, inside);
        let targets = styles.iter().enumerate().map(|(point, style)| {
            style.map(|style| Target {
                style,
                point: found[style as usize][point].index,
            })
        });
        self.targets = targets.collect();
        Ok(())
    }

    /// The target of each point; none where no style image applies.
    pub fn targets(&self) -> &[Option<Target>] {
        &self.targets
    }

    /// Loss and gradients at the picture's maps, in the order of the target's layers.
    ///
    /// # Errors
    /// When the device fails.
    pub fn evaluate(&self, picture: &[&dyn Features], grid: Grid) -> Result<JointEvaluation> {
        let mut columns = Columns::read(picture, &self.weights, grid)?;
        let count = self.targets.iter().flatten().count().max(1);
        // Rows on the grid belong to one point each: their slopes take their place.
        let mut fine: Vec<Vec<f32>> = columns
            .parts
            .iter_mut()
            .map(|part| {
                if part.on_grid(grid) {
                    part.take()
                } else {
                    Vec::new()
                }
            })
            .collect();
        let rows: Vec<Range<usize>> = (0..grid.height)
            .step_by(BAND)
            .map(|start| start..grid.height.min(start + BAND))
            .collect();
        let mut bands: Vec<Band<'_>> = rows
            .into_iter()
            .map(|rows| Band::new(&columns, rows))
            .collect();
        for (part, rows) in columns.parts.iter().zip(&mut fine) {
            let mut chunks = rows.chunks_mut((BAND * grid.width * part.channels).max(1));
            for band in &mut bands {
                band.fine.push(chunks.next().unwrap_or_default());
            }
        }
        bands
            .par_iter_mut()
            .for_each(|band| band.evaluate(self, &columns, 1.0 / count as f32));
        let value = bands.iter().map(|band| band.sum).sum::<f64>() / count as f64;
        let mut coarse: Vec<Vec<Slopes>> = bands.into_iter().map(|band| band.coarse).collect();
        let mut gradients = Vec::new();
        for (index, ((part, layer), mut values)) in
            columns.parts.iter().zip(picture).zip(fine).enumerate()
        {
            if !part.on_grid(grid) {
                values = vec![0.0; part.count()];
                for band in &mut coarse {
                    band[index].move_to(&mut values);
                }
            }
            let (_, h, w) = layer.shape();
            let rows = RowGradient {
                places: Places::Cells(grid.cells(h, w)),
                values: values.into(),
            };
            gradients.push(FeatureGradient::of_rows(rows));
        }
        Ok(JointEvaluation { value, gradients })
    }
}

/// Some rows of the grid: their loss and slopes.
struct Band<'a> {
    points: Range<usize>,
    sum: f64,
    /// By layer: the rows on the grid, then their slopes. Empty for coarser layers.
    fine: Vec<&'a mut [f32]>,
    /// By layer: the slopes of coarser layers. Empty for those on the grid.
    coarse: Vec<Slopes>,
}

impl Band<'_> {
    fn new(columns: &Columns, rows: Range<usize>) -> Self {
        let parts = columns.parts.iter();
        Self {
            points: columns.points(rows.clone()),
            sum: 0.0,
            fine: Vec::new(),
            coarse: parts
                .map(|part| Slopes::new(part, columns.grid, &rows))
                .collect(),
        }
    }

    fn evaluate(&mut self, loss: &NeighborLoss, columns: &Columns, scale: f32) {
        let (grid, length) = (columns.grid, columns.length());
        let (mut x, mut target) = (vec![0.0; length], vec![0.0; length]);
        for (row, point) in self.points.clone().enumerate() {
            let mut rest = &mut x[..];
            for (part, fine) in columns.parts.iter().zip(&self.fine) {
                let (here, behind) = rest.split_at_mut(part.channels);
                if fine.is_empty() {
                    part.read(grid, point, here);
                } else {
                    let values = &fine[row * part.channels..][..part.channels];
                    here.iter_mut()
                        .zip(values)
                        .for_each(|(x, v)| *x = part.scale * v);
                }
                rest = behind;
            }
            let Some(aim) = loss.targets[point] else {
                target.fill(0.0);
                self.put(columns, (row, point), &target);
                continue;
            };
            let style = &loss.styles[aim.style as usize];
            style.columns.column(aim.point as usize, &mut target);
            let norm = dot(&x, &x).sqrt().max(f32::MIN_POSITIVE);
            let target_norm = style.norms[aim.point as usize].max(f32::MIN_POSITIVE);
            let cosine = dot(&x, &target) / (norm * target_norm);
            self.sum += f64::from(1.0 - cosine);
            // d(1 - cos)/dx = (cos x / |x| - t / |t|) / |x|.
            let along = scale * cosine / (norm * norm);
            let towards = scale / (norm * target_norm);
            for (value, target) in x.iter().zip(&mut target) {
                *target = along * value - towards * *target;
            }
            self.put(columns, (row, point), &target);
        }
    }

    /// Takes the slope of one hypercolumn in.
    fn put(&mut self, columns: &Columns, (row, point): (usize, usize), slope: &[f32]) {
        let mut rest = slope;
        for (index, part) in columns.parts.iter().enumerate() {
            let (here, behind) = rest.split_at(part.channels);
            let fine = &mut self.fine[index];
            if fine.is_empty() {
                self.coarse[index].add(part, columns.grid, point, here);
            } else {
                let values = &mut fine[row * part.channels..][..part.channels];
                values
                    .iter_mut()
                    .zip(here)
                    .for_each(|(v, s)| *v = part.scale * s);
            }
            rest = behind;
        }
    }
}

/// The derivative with respect to the rows of a layer coarser than the grid, from the first one
/// on that a band touches.
struct Slopes {
    start: usize,
    values: Vec<f32>,
}

impl Slopes {
    fn new(part: &Part, grid: Grid, rows: &Range<usize>) -> Self {
        if part.on_grid(grid) {
            return Self {
                start: 0,
                values: Vec::new(),
            };
        }
        let first = part.corners(grid, rows.start * grid.width)[0].0 / part.width;
        let last = part.corners(grid, (rows.end - 1) * grid.width)[2].0 / part.width;
        let line = part.width * part.channels;
        Self {
            start: first * line,
            values: vec![0.0; (last + 1 - first) * line],
        }
    }

    fn add(&mut self, part: &Part, grid: Grid, point: usize, slope: &[f32]) {
        for (at, weight) in part.corners(grid, point) {
            if weight > 0.0 {
                let row = &mut self.values[at * part.channels - self.start..][..part.channels];
                let factor = part.scale * weight;
                row.iter_mut()
                    .zip(slope)
                    .for_each(|(sum, value)| *sum += factor * value);
            }
        }
    }

    /// Adds them to those of the whole layer and keeps nothing: all bands together take more than
    /// the layer.
    fn move_to(&mut self, values: &mut [f32]) {
        let own = std::mem::take(&mut self.values);
        let there = &mut values[self.start..][..own.len()];
        there
            .iter_mut()
            .zip(own)
            .for_each(|(sum, value)| *sum += value);
    }
}

//! Nearest neighbors in a run: the layers and style images they see, and their targets at a level.

use super::{
    frame::Frame,
    targets::{LevelImages, REFERENCE_FLOOR, no_style},
};
use crate::{
    error::Result,
    features::{FeatureGradient, Features},
    loss::{
        JointEvaluation,
        neighbors::{FreshNeighbors, Grid, Inside, NeighborLoss, StyleColumns},
    },
    network::Layer,
    state::State,
    vgg::{Engine, Topology, VggImage},
};

/// The measure with its targets at one level.
pub(super) struct Neighbors {
    /// What it was made for.
    layers: Vec<(Layer, f64)>,
    taps: Vec<Layer>,
    grid: Grid,
    inside: Vec<Inside>,
    fixed: NeighborLoss,
    fresh: FreshNeighbors,
    /// How far the present matches follow the picture, and the picture that they followed; empty
    /// where they follow none.
    freedom: f64,
    aim: Vec<f32>,
    /// The loss at the picture that was matched, with a floor.
    reference: f64,
}

impl Neighbors {
    /// Takes the style images of a level in; [`Self::aim`] gives the targets.
    ///
    /// # Errors
    /// When there is no style image, a layer is missing, memory runs out or the device fails.
    pub(super) fn new(
        layers: Vec<(Layer, f64)>,
        images: &LevelImages,
        topology: Topology,
        seed: u64,
        engine: &mut dyn Engine,
    ) -> Result<Self> {
        let taps: Vec<Layer> = layers.iter().map(|(layer, _)| *layer).collect();
        let weights: Vec<f64> = layers.iter().map(|(_, weight)| *weight).collect();
        let (height, width) = images.framed_sides();
        let grid = Grid::over(height, width);
        let mut fixed = NeighborLoss::new(&weights);
        let mut fresh = FreshNeighbors::new(&weights, seed);
        let picture = on_picture(images.frame, grid, (height, width));
        let mut inside = Vec::new();
        for style in images.styles.iter().filter(|style| style.strength > 0.0) {
            let image = VggImage {
                data: &style.data,
                height: style.height,
                width: style.width,
            };
            engine.forward(image, &taps, topology)?;
            let maps = maps(engine, &taps)?;
            let style_grid = Grid::over(style.height, style.width);
            let counts = style.style_region.as_ref().map(|region| {
                let weights = region.resampled(style_grid.width, style_grid.height);
                weights.iter().map(|&weight| weight >= 0.5).collect()
            });
            let columns = StyleColumns {
                layers: references(&maps),
                grid: style_grid,
                counts,
            };
            fixed.add_style(&columns, grid.count(), seed)?;
            fresh.add_style(&columns.layers, style_grid, columns.counts.as_deref())?;
            let region = style.region.as_ref();
            let region = region.map(|region| region.resampled(grid.width, grid.height));
            inside.push(Inside {
                strength: style.strength,
                weights: match (region, &picture) {
                    (Some(region), Some(picture)) => {
                        Some(region.iter().zip(picture).map(|(a, b)| a * b).collect())
                    }
                    (region, picture) => region.or_else(|| picture.clone()),
                },
            });
        }
        if inside.is_empty() {
            return Err(no_style());
        }
        Ok(Self {
            layers,
            taps,
            grid,
            inside,
            fixed,
            fresh,
            freedom: f64::NAN,
            aim: Vec::new(),
            reference: 1.0,
        })
    }

    /// Whether it was made for these layers and weights.
    pub(super) fn sees(&self, layers: &[(Layer, f64)]) -> bool {
        self.layers == layers
    }

    /// The layers that it sees.
    pub(super) fn taps(&self) -> &[Layer] {
        &self.taps
    }

    /// Finds the targets anew where `freedom` has changed: for a mixture of `freedom` parts of the
    /// picture `x` and the rest of the content image.
    ///
    /// # Errors
    /// When memory runs out or the device fails.
    pub(super) fn aim(
        &mut self,
        images: &LevelImages,
        x: &[f32],
        freedom: f64,
        topology: Topology,
        engine: &mut dyn Engine,
    ) -> Result<()> {
        if freedom.to_bits() == self.freedom.to_bits() {
            return Ok(());
        }
        let part = freedom as f32;
        let both = images.content.iter().zip(x);
        let mixed: Vec<f32> = both.map(|(c, x)| part * x + (1.0 - part) * c).collect();
        let framed = images.framed(&mixed);
        engine.forward(images.as_vgg(&framed), &self.taps, topology)?;
        let maps = maps(engine, &self.taps)?;
        let queries = references(&maps);
        self.fixed.aim(&queries, self.grid, &self.inside)?;
        self.fresh.give(self.fixed.targets(), self.grid);
        let there = self.fixed.evaluate(&queries, self.grid)?.value;
        self.reference = there.max(REFERENCE_FLOOR);
        self.freedom = freedom;
        self.aim = if freedom > 0.0 {
            x.to_vec()
        } else {
            Vec::new()
        };
        Ok(())
    }

    /// The loss at the picture that was matched: what 1 means on the relative scale.
    pub(super) fn reference(&self) -> f64 {
        self.reference
    }

    /// Puts down what was matched, and how often positions were drawn.
    pub(super) fn keep(&self, state: &mut State) {
        state.put_double("freedom", self.freedom);
        state.put_floats("aim", &self.aim);
        self.fresh.keep(state);
    }

    /// Takes the counts of draws back.
    ///
    /// # Errors
    /// When one is missing.
    pub(super) fn restore(&mut self, state: &mut State) -> Result<()> {
        self.fresh.restore(state)
    }

    /// While held, evaluations repeat the latest draws.
    pub(super) fn hold(&mut self, held: bool) {
        self.fresh.hold(held);
    }

    /// Loss and gradients at the picture that the engine has just seen; with fresh neighbors, or
    /// with the targets of the level.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) fn evaluate(
        &mut self,
        engine: &dyn Engine,
        fresh: bool,
    ) -> Result<(f64, Vec<(Layer, FeatureGradient)>)> {
        let maps = maps(engine, &self.taps)?;
        let picture = references(&maps);
        let JointEvaluation { value, gradients } = if fresh {
            self.fresh.evaluate(&picture)?
        } else {
            self.fixed.evaluate(&picture, self.grid)?
        };
        Ok((value, self.taps.iter().copied().zip(gradients).collect()))
    }
}

/// 1 at the points of a grid that lie on the picture, 0 at those of the frame around it: the
/// derivative at the frame is dropped, so the loss could not fall there. None where all points
/// count: without a frame, and on a picture too small for a point of its own.
fn on_picture(frame: Frame, grid: Grid, (height, width): (usize, usize)) -> Option<Vec<f32>> {
    let row = |y| frame.encloses(y, grid.height, height);
    let column = |x| frame.encloses(x, grid.width, width);
    let points: Vec<f32> = (0..grid.count())
        .map(|at| f32::from(u8::from(row(at / grid.width) && column(at % grid.width))))
        .collect();
    (points.contains(&0.0) && points.contains(&1.0)).then_some(points)
}

fn maps<'a>(engine: &'a dyn Engine, layers: &[Layer]) -> Result<Vec<Box<dyn Features + 'a>>> {
    layers.iter().map(|&layer| engine.tap(layer)).collect()
}

fn references<'a>(maps: &'a [Box<dyn Features + '_>]) -> Vec<&'a dyn Features> {
    maps.iter().map(AsRef::as_ref).collect()
}

//! One step of a style transfer, to be timed: the one of Gatys et al., forward to `relu5_1`, Gram
//! losses at `relu1_1`, `relu2_1`, `relu3_1`, `relu4_1` and `relu5_1`, content loss at `relu4_2`,
//! and the gradient of the picture.

use std::{
    fs,
    time::{Duration, Instant},
};

use crate::{
    error::{Error, Result},
    features::FeatureGradient,
    loss::{Measure, content::ContentLoss, gram::GramLoss},
    network::Layer,
    vgg::{
        Engine, Topology, VggImage,
        fast::convolution_gflop,
        weights::{Convolution, Weights},
    },
};

const STYLE: [Layer; 5] = [
    Layer::new(1, 1),
    Layer::new(2, 1),
    Layer::new(3, 1),
    Layer::new(4, 1),
    Layer::new(5, 1),
];

const CONTENT: Layer = Layer::new(4, 2);

/// A step with its targets.
pub(super) struct Step {
    size: usize,
    picture: Vec<f32>,
    taps: Vec<Layer>,
    losses: Vec<(Layer, Box<dyn Measure>)>,
    /// Spent on losses, Gram matrices above all.
    pub(super) moments: Duration,
}

impl Step {
    /// Prepares the step: its targets come from another picture.
    ///
    /// # Errors
    /// When the engine fails, or the size is too small for the network.
    pub(super) fn new(engine: &mut dyn Engine, size: usize) -> Result<Self> {
        let length = 3 * size * size;
        // Two pictures without a pattern: a sequence that is spread evenly over -110..140.
        let picture = |start: f64| -> Vec<f32> {
            (0..length)
                .map(|i| (((i as f64 * 0.618_033_988_7 + start).fract()) * 250.0 - 110.0) as f32)
                .collect()
        };
        let taps: Vec<Layer> = STYLE.into_iter().chain([CONTENT]).collect();
        let target = picture(0.5);
        let image = VggImage {
            data: &target,
            height: size,
            width: size,
        };
        engine.forward(image, &taps, Topology::default())?;
        let mut losses: Vec<(Layer, Box<dyn Measure>)> = Vec::new();
        for layer in STYLE {
            let second = engine.tap(layer)?.moments()?.second;
            losses.push((layer, Box::new(GramLoss::new(&second)?)));
        }
        let target = engine.tap(CONTENT)?.map()?;
        losses.push((CONTENT, Box::new(ContentLoss::new(&target)?)));
        Ok(Self {
            size,
            picture: picture(0.0),
            taps,
            losses,
            moments: Duration::ZERO,
        })
    }

    /// Takes the step.
    ///
    /// # Errors
    /// When the engine fails.
    pub(super) fn run(&mut self, engine: &mut dyn Engine) -> Result<()> {
        let image = VggImage {
            data: &self.picture,
            height: self.size,
            width: self.size,
        };
        engine.forward(image, &self.taps, Topology::default())?;
        let clock = Instant::now();
        let mut gradients: Vec<(Layer, FeatureGradient)> = Vec::new();
        for (layer, loss) in &mut self.losses {
            let evaluation = loss.evaluate(engine.tap(*layer)?.as_ref())?;
            gradients.push((*layer, evaluation.gradient));
        }
        self.moments += clock.elapsed();
        let gradient = engine.reverse(&gradients)?;
        if gradient.len() == self.picture.len() {
            Ok(())
        } else {
            Err(Error::Internal("a gradient of another size".to_owned()))
        }
    }
}

/// Floating-point operations of a step, in units of 10^9, as if every convolution were computed
/// directly: forward and input gradient of the convolutions, Gram matrices and their gradient.
pub(super) fn step_gflop(weights: &Weights, size: usize) -> f64 {
    let mut flop = 0.0;
    for convolution in &weights.convolutions {
        let layer = convolution.layer;
        if layer > STYLE[4] {
            break;
        }
        let side = size / layer.stride();
        let area = (side * side) as f64;
        let channels = layer.channels() as f64;
        flop += 2.0 * 2.0 * 9.0 * convolution.inputs as f64 * channels * area;
        if STYLE.contains(&layer) {
            flop += 2.0 * 2.0 * channels * channels * area;
        }
    }
    flop / 1e9
}

/// What is left of [`step_gflop`] in the fast engine: convolutions by Winograd's filtering, half of
/// the symmetric Gram matrices, and their gradients.
pub(super) fn step_gflop_left(weights: &Weights, size: usize) -> f64 {
    let last = |convolution: &Convolution| convolution.layer == STYLE[4];
    let last = weights.convolutions.iter().position(last).unwrap_or(0);
    let gram: f64 = STYLE
        .iter()
        .map(|layer| {
            let side = size / layer.stride();
            (3 * layer.channels().pow(2) * side * side) as f64
        })
        .sum();
    convolution_gflop(weights, last, (size, size)) + gram / 1e9
}

/// Starts a new measurement of the peak of resident memory, where the system can do that.
pub(super) fn reset_peak() {
    if let Err(fault) = fs::write("/proc/self/clear_refs", "5") {
        log::debug!("peak memory is that of the whole run: {fault}");
    }
}

/// Peak of resident memory since the last reset, where there is `/proc`.
pub(super) fn peak_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}

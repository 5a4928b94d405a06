//! Whether a device computes what the processor computes.
//!
//! Everything a step is made of, forward and reverse, on the device's engine and on the
//! processor's, compared by relative error. [`quick`] decides whether a device is taken; the rest
//! is for `impasto selftest`.

use std::fmt;

use candle_core::Tensor;

use super::{targets::content_measure, term::TermKind};
use crate::{
    choice::Choice as _,
    error::Result,
    features::{FeatureGradient, MomentGradient},
    network::{EdgePadding, Layer, Pooling},
    settings::{ContentMeasure, StyleMeasure},
    vgg::{Engine, Topology, VggImage},
};

/// Relative error up to which results count as the same: far above rounding, far below a fault.
pub const TOLERANCE: f64 = 1e-3;

/// The same for gradients. Where a value is within rounding of 0, or two are equally near or large,
/// rounding decides which way the gradient goes; in a small picture one such value is seen in the
/// whole gradient.
pub const GRADIENT_TOLERANCE: f64 = 2e-2;

/// Gradients come from here: three poolings deep, and quick.
const MEASURED: Layer = Layer::new(3, 1);

/// One comparison.
#[derive(Clone, Debug)]
pub struct Check {
    /// What was compared.
    pub what: String,
    /// Height and width of the picture.
    pub sides: (usize, usize),
    /// `|device - processor| / |processor|`.
    pub error: f64,
    /// How large it may be.
    pub tolerance: f64,
}

impl Check {
    /// Whether the error is small enough; one that is not a number never is.
    pub fn passed(&self) -> bool {
        self.error <= self.tolerance
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (height, width) = self.sides;
        write!(
            f,
            "{} at {width}x{height}: error {:.1e}",
            self.what, self.error
        )
    }
}

/// Compares two engines.
pub struct SelfTest<'a> {
    device: &'a mut dyn Engine,
    cpu: &'a mut dyn Engine,
    sides: (usize, usize),
    picture: Vec<f32>,
    style: Vec<f32>,
}

/// The comparison that decides whether a device is taken: convolution, pooling, moments, and the
/// gradient through all of them.
///
/// # Errors
/// When one of the engines fails.
pub(super) fn quick(device: &mut dyn Engine, cpu: &mut dyn Engine) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    let taps = [Layer::new(1, 1), Layer::new(2, 1), MEASURED];
    SelfTest::new(device, cpu, (64, 64)).network(Topology::default(), &taps, &mut |check| {
        checks.push(check);
    })?;
    Ok(checks)
}

impl<'a> SelfTest<'a> {
    /// A test on pictures of `(height, width)`. The engines must have the same weights.
    pub fn new(device: &'a mut dyn Engine, cpu: &'a mut dyn Engine, sides: (usize, usize)) -> Self {
        Self {
            device,
            cpu,
            sides,
            picture: pattern(sides, 0.31, 0.0),
            style: pattern(sides, 0.17, 2.0),
        }
    }

    /// Runs everything; `report` gets each comparison as soon as it is made.
    ///
    /// # Errors
    /// When one of the engines fails.
    pub fn run(&mut self, report: &mut dyn FnMut(Check)) -> Result<()> {
        let taps = [(1, 1), (2, 1), (3, 1), (4, 1), (4, 2), (5, 1)];
        let taps = taps.map(|(block, index)| Layer::new(block, index));
        for pooling in [Pooling::Max, Pooling::Average] {
            for edge_padding in [EdgePadding::Zero, EdgePadding::Replicate] {
                let topology = Topology {
                    pooling,
                    edge_padding,
                };
                self.network(topology, &taps, report)?;
            }
        }
        for measure in StyleMeasure::ALL {
            self.measure(TermKind::Style(measure), &measure.name(), report)?;
        }
        for measure in [ContentMeasure::Features, ContentMeasure::SelfSimilarity] {
            self.measure(TermKind::Content(measure), &measure.name(), report)?;
        }
        Ok(())
    }

    /// Maps and moments at every tap, and the picture's gradient through all of them.
    fn network(
        &mut self,
        topology: Topology,
        taps: &[Layer],
        report: &mut dyn FnMut(Check),
    ) -> Result<()> {
        let image = image(&self.picture, self.sides);
        self.device.forward(image, taps, topology)?;
        self.cpu.forward(image, taps, topology)?;
        let (pooling, edge) = (topology.pooling, topology.edge_padding);
        let name = format!("{} pooling, {} edges", lower(pooling), lower(edge));
        let mut worst = (0.0_f64, 0.0_f64);
        let mut gradients = [Vec::new(), Vec::new()];
        for &layer in taps {
            let (a, b) = (self.device.tap(layer)?, self.cpu.tap(layer)?);
            let maps = (values(&a.map()?)?, values(&b.map()?)?);
            worst.0 = worse(worst.0, relative_error(&maps.0, &maps.1));
            let moments = (a.moments()?, b.moments()?);
            let second = (values(&moments.0.second)?, values(&moments.1.second)?);
            worst.1 = worse(worst.1, relative_error(&second.0, &second.1));
            let mean = (values(&moments.0.mean)?, values(&moments.1.mean)?);
            worst.1 = worse(worst.1, relative_error(&mean.0, &mean.1));
            // The processor's own values on both sides, so that only the way back is compared.
            let scale = 1.0 / f64::from(norm(&second.1) as f32).max(f64::MIN_POSITIVE);
            for (gradients, features) in gradients.iter_mut().zip([&a, &b]) {
                let map = Tensor::from_slice(&maps.1, features.shape(), features.map()?.device())?;
                let second = Tensor::from_slice(
                    &second.1,
                    (layer.channels(), layer.channels()),
                    map.device(),
                )?;
                let mean = Tensor::from_slice(&mean.1, layer.channels(), map.device())?;
                let positions = moments.1.positions as f64;
                gradients.push((
                    layer,
                    FeatureGradient {
                        map: Some(map.affine(0.1 / positions, 0.0)?),
                        moments: Some(MomentGradient {
                            mean: Some(mean),
                            second: Some(second.affine(scale, 0.0)?),
                        }),
                    },
                ));
            }
        }
        let [on_device, on_cpu] = &gradients;
        let back = (self.device.reverse(on_device)?, self.cpu.reverse(on_cpu)?);
        let back = relative_error(&back.0, &back.1);
        for (what, error, tolerance) in [
            ("convolutions", worst.0, TOLERANCE),
            ("Gram matrices", worst.1, TOLERANCE),
            ("gradient", back, GRADIENT_TOLERANCE),
        ] {
            report(Check {
                what: format!("{what}, {name}"),
                sides: self.sides,
                error,
                tolerance,
            });
        }
        Ok(())
    }

    /// A measure's value and the picture's gradient.
    fn measure(&mut self, kind: TermKind, name: &str, report: &mut dyn FnMut(Check)) -> Result<()> {
        let picture = image(&self.picture, self.sides);
        let style = image(&self.style, self.sides);
        let evaluate = |engine: &mut dyn Engine| -> Result<(f64, Vec<f32>)> {
            engine.forward(style, &[MEASURED], Topology::default())?;
            let mut measure = {
                let target = engine.tap(MEASURED)?;
                match kind {
                    TermKind::Style(kind) => {
                        (kind.description().target)(&[(target.as_ref(), 1.0)], 1)?
                    }
                    TermKind::Content(kind) => content_measure(kind, target.as_ref(), 1)?,
                }
            };
            engine.forward(picture, &[MEASURED], Topology::default())?;
            let evaluation = measure.evaluate(engine.tap(MEASURED)?.as_ref())?;
            let gradient = engine.reverse(&[(MEASURED, evaluation.gradient)])?;
            Ok((evaluation.value, gradient))
        };
        let (value, gradient) = evaluate(self.device)?;
        let (expected_value, expected) = evaluate(self.cpu)?;
        let value = ((value - expected_value) / expected_value).abs();
        let gradient = relative_error(&gradient, &expected);
        for (what, error, tolerance) in [
            ("value", value, TOLERANCE),
            ("gradient", gradient, GRADIENT_TOLERANCE),
        ] {
            report(Check {
                what: format!("{what} of {name}"),
                sides: self.sides,
                error,
                tolerance,
            });
        }
        Ok(())
    }
}

fn image(data: &[f32], (height, width): (usize, usize)) -> VggImage<'_> {
    VggImage {
        data,
        height,
        width,
    }
}

/// A picture with shapes and shades, as a network sees it.
fn pattern((height, width): (usize, usize), step: f32, phase: f32) -> Vec<f32> {
    let value = |channel: usize, y: usize, x: usize| {
        let (y, x) = (y as f32 * step, x as f32 * step);
        let wave = (y + phase).sin() * (1.7 * x + channel as f32).cos();
        let grain = ((y * 91.7 + x * 37.3 + phase).sin() * 43_758.547).fract();
        90.0 * wave + 20.0 * grain
    };
    (0..3 * height * width)
        .map(|place| {
            let (channel, place) = (place / (height * width), place % (height * width));
            value(channel, place / width, place % width)
        })
        .collect()
}

fn lower(choice: impl fmt::Debug) -> String {
    format!("{choice:?}").to_lowercase()
}

fn values(tensor: &Tensor) -> Result<Vec<f32>> {
    Ok(tensor.flatten_all()?.to_vec1()?)
}

fn norm(values: &[f32]) -> f64 {
    let squares = values.iter().map(|&value| f64::from(value).powi(2));
    squares.sum::<f64>().sqrt()
}

/// `|a - b| / |b|`; infinite when the lengths differ.
fn relative_error(a: &[f32], b: &[f32]) -> f64 {
    if a.len() != b.len() {
        return f64::INFINITY;
    }
    let apart: Vec<f32> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    norm(&apart) / norm(b)
}

/// The larger of two errors; not a number counts as the largest.
fn worse(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.max(b)
    }
}

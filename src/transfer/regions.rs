//! Style by region: each style image where its mask says (Gatys et al. 2017, "Controlling
//! perceptual factors in neural style transfer", section 4, guided Gram matrices).
//!
//! `L = sum over style images of λ_r · L_r(F ∘ T_r, F_s ∘ T_s)`, with masks scaled to `mean(T²) = 1`
//! and λ the strengths, which sum to 1. A mask is brought to a layer by averaging areas, the
//! paper's "simple" propagation: it lets styles mix over the receptive field of a border, so no
//! seam is left.
//!
//! Differs from Gatys et al.: any measure of moments is guided, not the Gram loss alone.

use candle_core::Device;

use super::{Job, frame::Frame};
use crate::{
    choice::Choice as _,
    error::{Error, Result},
    features::{FeatureGradient, Features},
    loss::{Evaluation, Measure, guide::Mask},
    network::Layer,
    pixels::{Filter, Picture, resample_plane},
    settings::{StyleMeasure, TransferSettings},
    state::State,
};

/// Refuses measures that cannot be guided, when a style image has a region.
pub(super) fn check(job: &Job, settings: &TransferSettings) -> Result<()> {
    if !job.styles.iter().any(super::StyleImage::is_guided) {
        return Ok(());
    }
    let measures = settings.style_measures.iter();
    let mut active = measures.filter(|&(_, &weight)| weight > 0.0);
    let Some((measure, _)) = active.find(|(measure, _)| !guidable(**measure)) else {
        return Ok(());
    };
    let able = StyleMeasure::ALL
        .iter()
        .filter(|measure| guidable(**measure));
    let names: Vec<_> = able.map(|measure| measure.name()).collect();
    Err(Error::setting(
        "style-measure",
        measure.name(),
        format!(
            "regions work with {} only: choose one of these, or leave the regions out",
            names.join(", ")
        ),
    ))
}

/// Whether a measure works with regions.
fn guidable(measure: StyleMeasure) -> bool {
    measure == StyleMeasure::Neighbors || measure.description().moments_only
}

/// A mask at the size of a picture, 0 outside to 1 inside.
#[derive(Debug)]
pub(super) struct Region {
    /// `[H, W]`.
    weights: Vec<f32>,
    height: usize,
    width: usize,
}

impl Region {
    /// The luminance of `mask`, stretched to `width` by `height`.
    pub(super) fn new(mask: &Picture, width: usize, height: usize) -> Self {
        let planes = mask.planes.resize(width, height);
        let [red, green, blue] = [0, 1, 2].map(|channel| planes.plane(channel));
        let colors = red.iter().zip(green).zip(blue);
        Self {
            weights: colors
                .map(|((r, g), b)| 0.299 * r + 0.587 * g + 0.114 * b)
                .collect(),
            height,
            width,
        }
    }

    /// The mask of a picture that is mirrored around.
    pub(super) fn framed(self, frame: Frame) -> Self {
        Self {
            weights: frame.around(&self.weights, (self.height, self.width)),
            height: frame.widen(self.height),
            width: frame.widen(self.width),
        }
    }

    /// The weights at other sides, row by row.
    pub(super) fn resampled(&self, width: usize, height: usize) -> Vec<f32> {
        resample_plane(
            &self.weights,
            (self.width, self.height),
            (width, height),
            Filter::Area,
        )
    }

    /// The weights of all pixels, row by row.
    pub(super) fn into_weights(self) -> Vec<f32> {
        self.weights
    }

    /// The weight of a pixel, row by row.
    pub(super) fn weight(&self, at: usize) -> f32 {
        self.weights[at]
    }

    /// The mask over the positions of a layer; `None` when it is empty there.
    pub(super) fn at(&self, layer: Layer, device: &Device) -> Result<Option<Mask>> {
        let stride = layer.stride();
        let (width, height) = (self.width / stride, self.height / stride);
        if width == 0 || height == 0 {
            return Ok(None);
        }
        let weights = self.resampled(width, height);
        Mask::new(&weights, height, width, device)
    }
}

fn part_name(index: usize) -> String {
    format!("part{index}")
}

/// The measures of all style images at one layer, each in its region.
#[derive(Default)]
pub(super) struct GuidedStyle {
    parts: Vec<Part>,
}

struct Part {
    /// Where it applies; everywhere without one.
    inside: Option<Mask>,
    measure: Box<dyn Measure>,
    share: f64,
}

impl GuidedStyle {
    /// Adds a measure that counts with `share`.
    pub(super) fn add(&mut self, inside: Option<Mask>, measure: Box<dyn Measure>, share: f64) {
        self.parts.push(Part {
            inside,
            measure,
            share,
        });
    }
}

impl Measure for GuidedStyle {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let mut sum = Evaluation {
            value: 0.0,
            gradient: FeatureGradient::default(),
        };
        for part in &mut self.parts {
            let mut evaluation = match &part.inside {
                Some(mask) => {
                    let masked = mask.apply(generated)?;
                    let mut evaluation = part.measure.evaluate(&masked)?;
                    evaluation.gradient = masked.gradient(&evaluation.gradient)?;
                    evaluation
                }
                None => part.measure.evaluate(generated)?,
            };
            evaluation.gradient.scale(part.share)?;
            sum.value += part.share * evaluation.value;
            sum.gradient.add(evaluation.gradient)?;
        }
        Ok(sum)
    }

    fn scale(&self) -> f64 {
        let scales = self.parts.iter();
        scales.map(|part| part.share * part.measure.scale()).sum()
    }

    fn hold(&mut self, held: bool) {
        for part in &mut self.parts {
            part.measure.hold(held);
        }
    }

    fn keep(&self, state: &mut State) {
        for (index, part) in self.parts.iter().enumerate() {
            let mut own = State::default();
            part.measure.keep(&mut own);
            state.put_part(&part_name(index), own);
        }
    }

    fn restore(&mut self, state: &mut State) -> Result<()> {
        for (index, part) in self.parts.iter_mut().enumerate() {
            part.measure
                .restore(&mut state.take_part(&part_name(index)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Tensor;

    use super::*;
    use crate::{features::TensorFeatures, loss::gram::GramLoss, pixels::Planes};

    fn picture(width: usize, height: usize, value: impl Fn(usize, usize) -> f32) -> Picture {
        let plane = (0..width * height).map(|i| value(i % width, i / width));
        let plane: Vec<f32> = plane.collect();
        Picture {
            planes: Planes {
                width,
                height,
                data: [plane.clone(), plane.clone(), plane].concat(),
            },
            alpha: None,
            name: "mask".to_owned(),
            path: None,
            sha256: String::new(),
        }
    }

    fn map(step: f32) -> TensorFeatures {
        let values: Vec<f32> = (0..64 * 8 * 8)
            .map(|i| (i as f32 * step).sin().max(0.0))
            .collect();
        let map = Tensor::from_vec(values, (64, 8, 8), &Device::Cpu).unwrap();
        TensorFeatures::new(map).unwrap()
    }

    fn gram(step: f32) -> Box<dyn Measure> {
        Box::new(GramLoss::target(&[(&map(step), 1.0)]).unwrap())
    }

    /// Inside on the left, and on the right.
    fn halves() -> [Mask; 2] {
        [true, false].map(|left| {
            let picture = picture(8, 8, |x, _| f32::from(u8::from((x < 4) == left)));
            let region = Region::new(&picture, 8, 8);
            let mask = region.at(Layer::new(1, 1), &Device::Cpu).unwrap();
            mask.unwrap()
        })
    }

    fn gradient(guided: &mut GuidedStyle) -> Vec<f32> {
        let generated = map(0.37);
        let evaluation = guided.evaluate(&generated).unwrap();
        let dense = evaluation.gradient.dense(&generated.map().unwrap());
        dense.unwrap().flatten_all().unwrap().to_vec1().unwrap()
    }

    #[test]
    fn each_style_image_moves_its_region_only() {
        let gradient_with = |right: f32| {
            let [left_half, right_half] = halves();
            let mut guided = GuidedStyle::default();
            guided.add(Some(left_half), gram(0.11), 0.5);
            guided.add(Some(right_half), gram(right), 0.5);
            gradient(&mut guided)
        };
        let (a, b) = (gradient_with(0.23), gradient_with(0.71));
        let differs = |at: usize| a[at] != b[at];
        assert!((0..a.len()).filter(|at| at % 8 < 4).all(|at| !differs(at)));
        assert!((0..a.len()).filter(|at| at % 8 >= 4).any(differs));
    }

    #[test]
    fn without_masks_it_is_the_weighted_sum_and_nothing_at_all_without_parts() {
        let mut guided = GuidedStyle::default();
        assert_eq!(guided.evaluate(&map(0.37)).unwrap().value, 0.0);
        assert!(gradient(&mut guided).iter().all(|&g| g == 0.0));
        guided.add(None, gram(0.11), 0.25);
        guided.add(None, gram(0.23), 0.75);
        let alone = |step| gram(step).evaluate(&map(0.37)).unwrap().value;
        let expected = 0.25 * alone(0.11) + 0.75 * alone(0.23);
        let value = guided.evaluate(&map(0.37)).unwrap().value;
        assert!((value - expected).abs() < 1e-9 * expected.abs());
        let scale = 0.25 * gram(0.11).scale() + 0.75 * gram(0.23).scale();
        assert_eq!(guided.scale(), scale);
    }

    #[test]
    fn regions_shrink_with_the_layers_and_may_vanish() {
        let dot = Region::new(
            &picture(32, 32, |x, y| f32::from(u8::from(x + y == 0))),
            32,
            32,
        );
        let at = |layer| dot.at(layer, &Device::Cpu).unwrap();
        assert!(at(Layer::new(1, 1)).is_some());
        assert!(at(Layer::new(5, 1)).is_none());
        let white = Region::new(&picture(3, 3, |_, _| 1.0), 40, 24);
        let mask = white.at(Layer::new(4, 1), &Device::Cpu).unwrap().unwrap();
        let ones = Tensor::ones((2, 3, 5), candle_core::DType::F32, &Device::Cpu).unwrap();
        let masked = mask.apply(&TensorFeatures::new(ones).unwrap()).unwrap();
        let values = masked.map().unwrap().flatten_all().unwrap();
        let values = values.to_vec1::<f32>().unwrap();
        assert!(values.iter().all(|value| (value - 1.0).abs() < 1e-5));
    }
}

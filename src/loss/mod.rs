//! Measures of style and content: value and gradient with respect to a feature map, by formula.
//!
//! One file per measure. A measure holds its target and sees only feature maps, never layers,
//! networks or weights; `transfer` multiplies by weights and sums. Gradients go back explicitly,
//! never through automatic differentiation; every file tests its own against finite differences.

#![cfg_attr(
    test,
    expect(
        clippy::float_cmp,
        reason = "tests name exact results where there are any"
    )
)]

pub mod content;
pub mod covariance;
mod difference;
mod draws;
pub mod earth_mover;
pub mod gaussian_mmd;
pub mod gram;
pub mod guide;
pub mod histogram;
mod hypercolumns;
pub mod laplacian;
mod matrices;
pub mod mean_deviation;
pub mod metrics;
pub mod patches;
pub mod polynomial_mmd;
mod positions;
pub mod self_similarity;
pub mod sliced_wasserstein;
mod sorting;
pub mod styles;
pub mod total_variation;
pub mod wasserstein;

#[cfg(test)]
mod finite_differences;
#[cfg(test)]
mod properties;

pub use styles::{JointStyles, Styles};

use crate::{
    error::Result,
    features::{FeatureGradient, Features},
};

/// Value and gradient of a measure at one feature map.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The loss, 0 or more, unweighted.
    pub value: f64,
    /// Its derivative with respect to the feature map.
    pub gradient: FeatureGradient,
}

/// A measure at a single layer, with its target.
pub trait Measure: Send {
    /// Compares the generated image's feature map with the target.
    ///
    /// # Errors
    /// When the device fails.
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation>;

    /// How large a value of this measure is to be called large: about what a feature map of
    /// zeros would have. Never negative; 0 only for a target of zeros. It depends on the target
    /// alone, and so serves as the floor under references.
    fn scale(&self) -> f64;

    /// While held, evaluations repeat the latest random draws and correspondences, so that the
    /// measure is one fixed function: for line searches. Measures without any ignore it.
    fn hold(&mut self, held: bool) {
        let _ = held;
    }
}

/// Value and gradients of a measure that sees several layers together.
#[derive(Clone, Debug)]
pub struct JointEvaluation {
    /// The loss, 0 or more, unweighted.
    pub value: f64,
    /// Its derivative with respect to each feature map, in the order they were given.
    pub gradients: Vec<FeatureGradient>,
}

/// A measure over several layers together, with its target. With a single layer it is a
/// [`Measure`].
pub trait JointMeasure: Send {
    /// Compares the generated image's feature maps, one a layer in the order of the target's, with
    /// the target. The first decides where the picture is looked at: give the finest first.
    ///
    /// # Errors
    /// When shapes do not match the target's, or the device fails.
    fn evaluate_joint(&mut self, generated: &[&dyn Features]) -> Result<JointEvaluation>;

    /// As [`Measure::scale`].
    fn joint_scale(&self) -> f64;

    /// As [`Measure::hold`].
    fn hold_joint(&mut self, held: bool);
}

impl<M: JointMeasure> Measure for M {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let JointEvaluation { value, gradients } = self.evaluate_joint(&[generated])?;
        Ok(Evaluation {
            value,
            gradient: gradients.into_iter().next().unwrap_or_default(),
        })
    }

    fn scale(&self) -> f64 {
        self.joint_scale()
    }

    fn hold(&mut self, held: bool) {
        self.hold_joint(held);
    }
}

/// What there is to know about a measure of style, and how to make one.
pub struct StyleDescription {
    /// Name in settings and on the command line.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// What it does to the picture, in one sentence.
    pub effect: &'static str,
    /// The paper it comes from.
    pub source: &'static str,
    /// Makes one with its target, from the style images' feature maps at one layer and a seed
    /// for its random draws.
    pub target: fn(&Styles<'_>, u64) -> Result<Box<dyn Measure>>,
}

/// Every measure of style at a single layer.
pub const STYLE_MEASURES: [StyleDescription; 10] = [
    StyleDescription {
        name: "gram",
        title: "Gram matrices",
        effect: "Takes over palette and texture of the style image; contrast may drift.",
        source: "Gatys, Ecker and Bethge 2015",
        target: |styles, _| Ok(Box::new(gram::GramLoss::target(styles)?)),
    },
    StyleDescription {
        name: "covariance",
        title: "Covariance and mean",
        effect: "Like Gram matrices, but keeps brightness and contrast of the style apart, \
                 so that flat areas stay calm.",
        source: "Novak and Nikulin 2016",
        target: |styles, _| Ok(Box::new(covariance::CovarianceLoss::target(styles)?)),
    },
    StyleDescription {
        name: "mean-deviation",
        title: "Mean and deviation",
        effect: "Matches each feature by itself: softer and freer than Gram matrices.",
        source: "Li, Wang, Liu and Hou 2017",
        target: |styles, _| Ok(Box::new(mean_deviation::MeanDeviationLoss::target(styles)?)),
    },
    StyleDescription {
        name: "polynomial-mmd",
        title: "Polynomial MMD",
        effect: "Gram matrices with a firmer hold on the mean colors and tones.",
        source: "Li, Wang, Liu and Hou 2017",
        target: |styles, _| Ok(Box::new(polynomial_mmd::PolynomialMmd::target(styles)?)),
    },
    StyleDescription {
        name: "gaussian-mmd",
        title: "Gaussian MMD",
        effect: "Compares whole distributions softly: even, mild textures.",
        source: "Li, Wang, Liu and Hou 2017",
        target: |styles, seed| Ok(Box::new(gaussian_mmd::GaussianMmd::target(styles, seed)?)),
    },
    StyleDescription {
        name: "wasserstein",
        title: "Wasserstein of Gaussians",
        effect: "Moves colors and textures to those of the style by the shortest way: rich and \
                 even, a good choice for paintings.",
        source: "Vincent 2018; Crowson 2021",
        target: |styles, _| Ok(Box::new(wasserstein::WassersteinLoss::target(styles)?)),
    },
    StyleDescription {
        name: "sliced-wasserstein",
        title: "Sliced Wasserstein",
        effect: "Takes over the full distribution of features: faithful palette and textures, \
                 strong on graphic styles.",
        source: "Heitz, Vanhoey, Chambon and Belcour 2021",
        target: |styles, seed| {
            Ok(Box::new(sliced_wasserstein::SlicedWasserstein::target(
                styles, seed,
            )?))
        },
    },
    StyleDescription {
        name: "histogram",
        title: "Histograms",
        effect: "Holds contrast steady and flat colors flat; best along with Gram matrices.",
        source: "Risser, Wilmot and Barnes 2017",
        target: |styles, seed| Ok(Box::new(histogram::HistogramLoss::target(styles, seed)?)),
    },
    StyleDescription {
        name: "patches",
        title: "Nearest patches",
        effect: "Rebuilds the picture from pieces of the style: eyes from eyes, leaves from \
                 leaves; best when both show the same kind of thing.",
        source: "Li and Wand 2016",
        target: |styles, seed| Ok(Box::new(patches::PatchLoss::target(styles, seed)?)),
    },
    StyleDescription {
        name: "earth-mover",
        title: "Relaxed earth mover",
        effect: "Finds for each place of the picture its like in the style and the other way \
                 round: content stays readable under strong styles.",
        source: "Kolkin, Salavon and Shakhnarovich 2019",
        target: |styles, seed| {
            let styles: Vec<_> = styles.iter().map(|(f, s)| (vec![*f], *s)).collect();
            Ok(Box::new(earth_mover::EarthMover::target(&styles, seed)?))
        },
    },
];

/// The measure of style with this name.
pub fn style_measure(name: &str) -> Option<&'static StyleDescription> {
    STYLE_MEASURES.iter().find(|measure| measure.name == name)
}

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
mod measure;
pub mod metrics;
pub mod patches;
pub mod polynomial_mmd;
mod positions;
pub mod self_similarity;
pub mod sliced_wasserstein;
mod sorting;
mod style_measures;
pub mod styles;
pub mod total_variation;
pub mod wasserstein;

#[cfg(test)]
mod finite_differences;
#[cfg(test)]
mod properties;

pub use measure::{Evaluation, JointEvaluation, JointMeasure, Measure, StyleDescription};
pub use style_measures::StyleMeasure;
pub use styles::{JointStyles, Styles};

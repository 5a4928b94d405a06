//! Wasserstein-2 distance of the Gaussians with the features' mean and covariance (used for style
//! by Vincent 2018 and by Crowson's style-transfer-pytorch, 2021; formula: Dowson and Landau 1982).
//!
//! `L = (|μ - μ_s|² + tr(Σ + Σ_s - 2 (Σ_s^½ Σ Σ_s^½)^½)) / C`.
//!
//! With triangles `Σ = L Lᵀ`, `Σ_s = R Rᵀ` the last trace is the sum of the singular values of
//! `A = Rᵀ L`: with the polar decomposition `A = U H` it is `tr H = <U, A>`. Its derivative with
//! respect to Σ is half of `T = R U L⁻¹`, the map that carries one Gaussian to the other, so
//! `dL/dΣ = (I - T) / C`, and through `Σ = S - μ μᵀ`: `dL/dS = dL/dΣ`,
//! `dL/dμ = 2 (μ - μ_s) / C - 2 dL/dΣ μ`. No square root of a product of covariances is formed,
//! whose condition number would be the square of this one's.
//!
//! T is kept while Σ stays near where T was made ([`NEAR`]): the distance is convex in Σ, so its
//! tangent there lies below it, by a second-order amount. The polar decomposition is nearly all of
//! the cost, and late in a run Σ hardly moves from step to step. Starting its iteration from the
//! last U was tried: it gains nothing, for U is asked of a matrix whose singular values have moved
//! as well.
//!
//! Differs from Crowson: 1e-4 of the style's mean energy is added to both diagonals, not 1e-4
//! itself, so that it means the same with every set of weights; the derivative is that of the
//! exact distance, not of twelve Newton-Schulz steps.

use candle_core::{DType, Tensor};

use super::{
    Evaluation, Measure, StyleDescription,
    matrices::{
        cholesky, covariance, divide_by_lower, polar_factor, sum_of_squares, times, to_f64, trace,
    },
    styles::{Styles, blend_moments},
};
use crate::{error::Result, features::Features, state::State};

/// Its entry among the measures of style.
pub(super) const STYLE: StyleDescription = StyleDescription {
    title: "Wasserstein of Gaussians",
    effect: "Moves colors and textures to those of the style by the shortest way: rich and \
             even, a good choice for paintings.",
    source: "Vincent 2018; Crowson 2021",
    draws: false,
    moments_only: true,
    shallowest_block: 1,
    usually_left: 0.097,
    dial_middle: 1.5,
    target: |styles, _| Ok(Box::new(WassersteinLoss::target(styles)?)),
};

/// Part of the style's mean energy that is added to variances.
const EPSILON: f64 = 1e-4;
/// What is added for a style of zeros.
const LEAST_EPSILON: f64 = 1e-12;
/// Part of a map's mean energy under which a variance is rounding: its moments are f32.
const ROUNDING: f64 = 1e-6;

/// How far Σ may move, relative to itself, before T is made anew.
const NEAR: f64 = 0.1;
/// Evaluations after which T is made anew even so: directions in which the picture does not vary
/// yet count little in a norm, and T is steepest there.
const LONGEST: u32 = 5;

/// Where the distance was last computed whole: the tangent there.
#[derive(Clone, Debug)]
struct Tangent {
    /// Σ, `[C, C]`.
    at: Tensor,
    /// T, `[C, C]`, symmetric.
    carried: Tensor,
    /// `tr (Σ_s^½ Σ Σ_s^½)^½ - <T, Σ> / 2` there: the constant of the tangent.
    rest: f64,
    /// Evaluations it has served.
    served: u32,
}

impl Tangent {
    fn is_near(&self, covariance: &Tensor) -> Result<bool> {
        let moved = sum_of_squares(&(covariance - &self.at)?)?;
        let size = sum_of_squares(&self.at)?;
        Ok(self.served < LONGEST && moved <= NEAR * NEAR * size)
    }
}

/// Distance of the Gaussians that fit the features.
#[derive(Clone, Debug)]
pub struct WassersteinLoss {
    mean: Tensor,
    /// `Rᵀ`, `[C, C]`.
    root_transposed: Tensor,
    /// `tr Σ_s`, with what was added.
    variance: f64,
    epsilon: f64,
    scale: f64,
    tangent: Option<Tangent>,
}

impl WassersteinLoss {
    /// A loss with the blended moments of the style images as its target.
    ///
    /// # Errors
    /// When there is no style image with a strength above 0, or the device fails.
    pub fn target(styles: &Styles<'_>) -> Result<Self> {
        let moments = blend_moments(styles)?;
        let channels = moments.mean.dim(0)?;
        let energy = trace(&moments.second)? / channels as f64;
        let epsilon = (EPSILON * energy).max(LEAST_EPSILON);
        let covariance = covariance(&moments)?;
        let root = root(&covariance, epsilon, energy)?;
        let root = to_tensor(&root, &covariance)?;
        Ok(Self {
            mean: moments.mean,
            root_transposed: root.t()?.contiguous()?,
            variance: trace(&covariance)? + epsilon * channels as f64,
            epsilon,
            scale: energy,
            tangent: None,
        })
    }

    /// The distance whole, of a map with this mean energy.
    fn tangent(&self, covariance: &Tensor, energy: f64) -> Result<Tangent> {
        let channels = covariance.dim(0)?;
        let lower = root(covariance, self.epsilon, energy)?;
        let product = self
            .root_transposed
            .matmul(&to_tensor(&lower, covariance)?)?;
        let turn = polar_factor(&product)?;
        let overlap = inner(&turn, &product)?;
        // T = R U L⁻¹ is symmetric but for rounding.
        let mut carried = to_f64(&self.root_transposed.t()?.matmul(&turn)?.flatten_all()?)?;
        divide_by_lower(&mut carried, &lower, channels);
        let carried = to_tensor(&carried, covariance)?;
        let carried = (&carried + carried.t()?)?.affine(0.5, 0.0)?;
        Ok(Tangent {
            rest: overlap - 0.5 * inner(&carried, covariance)?,
            at: covariance.clone(),
            carried,
            served: 0,
        })
    }
}

/// Sum of the products of the entries.
fn inner(a: &Tensor, b: &Tensor) -> Result<f64> {
    Ok(to_f64(&(a * b)?.sum(1)?)?.iter().sum())
}

/// The triangle of `covariance + epsilon I`, of a map with this mean energy.
fn root(covariance: &Tensor, epsilon: f64, energy: f64) -> Result<Vec<f64>> {
    let n = covariance.dim(0)?;
    let mut entries = to_f64(&covariance.flatten_all()?)?;
    for diagonal in entries.iter_mut().step_by(n + 1) {
        *diagonal += epsilon;
    }
    Ok(cholesky(
        &entries,
        n,
        (0.1 * epsilon).max(ROUNDING * energy),
    ))
}

/// A square matrix on the device and in the type of `like`.
fn to_tensor(matrix: &[f64], like: &Tensor) -> Result<Tensor> {
    let single: Vec<f32> = matrix.iter().map(|&entry| entry as f32).collect();
    Ok(Tensor::from_vec(single, like.dims(), like.device())?)
}

impl Measure for WassersteinLoss {
    fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
        let moments = generated.moments()?;
        let covariance = covariance(&moments)?;
        let channels = covariance.dim(0)?;
        let scale = 1.0 / channels as f64;
        let shift = (&moments.mean - &self.mean)?;
        let energy = trace(&moments.second)? * scale;
        let mut tangent = match self.tangent.take() {
            Some(tangent) if tangent.is_near(&covariance)? => tangent,
            _ => self.tangent(&covariance, energy)?,
        };
        tangent.served += 1;
        let overlap = tangent.rest + 0.5 * inner(&tangent.carried, &covariance)?;
        let carried = tangent.carried.clone();
        self.tangent = Some(tangent);
        let variance = trace(&covariance)? + self.epsilon * channels as f64;
        let spread = (variance + self.variance - 2.0 * overlap).max(0.0);
        let identity = Tensor::eye(channels, DType::F32, covariance.device())?;
        let second = (identity - carried)?.affine(scale, 0.0)?;
        let mean =
            (shift.affine(2.0 * scale, 0.0)? - times(&second, &moments.mean)?.affine(2.0, 0.0)?)?;
        Ok(Evaluation::of_moments(
            scale * (sum_of_squares(&shift)? + spread),
            Some(mean),
            Some(second),
        ))
    }

    fn scale(&self) -> f64 {
        self.scale
    }

    fn keep(&self, state: &mut State) {
        let values = |matrix: &Tensor| matrix.flatten_all().and_then(|flat| flat.to_vec1());
        // Where a device does not answer, the tangent is made anew: the run goes on a little
        // otherwise, and no worse.
        if let Some(tangent) = &self.tangent
            && let (Ok(at), Ok(carried)) = (values(&tangent.at), values(&tangent.carried))
        {
            state.put_floats("at", &at);
            state.put_floats("carried", &carried);
            state.put_double("rest", tangent.rest);
            state.put_whole("served", tangent.served.into());
        }
    }

    fn restore(&mut self, state: &mut State) -> Result<()> {
        self.tangent = None;
        if state.has("served") {
            let (n, device) = (self.mean.dim(0)?, self.mean.device());
            let mut matrix = |name| -> Result<Tensor> {
                let values = state.take_floats(name, n * n)?;
                Ok(Tensor::from_vec(values, (n, n), device)?)
            };
            self.tangent = Some(Tangent {
                at: matrix("at")?,
                carried: matrix("carried")?,
                rest: state.take_double("rest")?,
                served: state.take_whole("served")?.try_into().unwrap_or(u32::MAX),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;
    use crate::{
        features::TensorFeatures,
        loss::finite_differences::{check_measure, noise_map},
    };

    #[test]
    fn of_independent_channels_it_is_the_distance_of_means_and_deviations() {
        let map = |rows: [[f32; 4]; 2]| {
            let map = Tensor::new(&rows, &Device::Cpu).unwrap();
            TensorFeatures::new(map.reshape((2, 2, 2)).unwrap()).unwrap()
        };
        // Deviations 1 and 3, means 0; deviations 2 and 1, means 5 and 0.
        let style = map([[1.0, 1.0, -1.0, -1.0], [3.0, -3.0, 3.0, -3.0]]);
        let other = map([[7.0, 7.0, 3.0, 3.0], [1.0, -1.0, 1.0, -1.0]]);
        let mut loss = WassersteinLoss::target(&[(&style, 1.0)]).unwrap();
        let value = loss.evaluate(&other).unwrap().value;
        let expected = (25.0 + 1.0 + 4.0) / 2.0;
        assert!((value - expected).abs() < 1e-3, "{value}");
    }

    #[test]
    fn a_turned_gaussian_is_as_far_as_its_turned_target() {
        // The distance does not change when both are turned together.
        let (style, other) = (noise_map(3, 5, 5, 1), noise_map(3, 4, 6, 2));
        let turn = Tensor::new(
            &[[0.6_f32, 0.8, 0.0], [-0.8, 0.6, 0.0], [0.0, 0.0, 1.0]],
            &Device::Cpu,
        );
        let turn = turn.unwrap();
        let turned = |map: &Tensor| {
            let flat = turn.matmul(&map.flatten_from(1).unwrap()).unwrap();
            flat.reshape(map.dims()).unwrap()
        };
        let distance = |style: Tensor, other: Tensor| {
            let style = TensorFeatures::new(style).unwrap();
            let mut loss = WassersteinLoss::target(&[(&style, 1.0)]).unwrap();
            let other = TensorFeatures::new(other).unwrap();
            loss.evaluate(&other).unwrap().value
        };
        let (a, b) = (
            distance(turned(&style), turned(&other)),
            distance(style, other),
        );
        assert!((a - b).abs() < 1e-3 * b, "{a} {b}");
    }

    /// Computes the whole distance each time.
    struct Whole(WassersteinLoss);

    impl Measure for Whole {
        fn evaluate(&mut self, generated: &dyn Features) -> Result<Evaluation> {
            self.0.tangent = None;
            self.0.evaluate(generated)
        }

        fn scale(&self) -> f64 {
            self.0.scale()
        }
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let style = TensorFeatures::new(noise_map(4, 5, 7, 1)).unwrap();
        let loss = WassersteinLoss::target(&[(&style, 1.0)]).unwrap();
        check_measure(&mut Whole(loss), &noise_map(4, 6, 3, 2));
    }

    #[test]
    fn a_tangent_serves_a_few_near_pictures_only() {
        let style = TensorFeatures::new(noise_map(4, 5, 7, 1)).unwrap();
        let target = WassersteinLoss::target(&[(&style, 1.0)]).unwrap();
        let map = noise_map(4, 6, 3, 2);
        let value = |loss: &mut dyn Measure, by: f64| {
            let scaled = TensorFeatures::new(map.affine(by, 0.0).unwrap()).unwrap();
            loss.evaluate(&scaled).unwrap().value
        };
        let exact = |by| value(&mut Whole(target.clone()), by);
        // Below the distance, by the square of how far it is.
        let gap = |by| {
            let mut loss = target.clone();
            value(&mut loss, 1.0);
            exact(by) - value(&mut loss, by)
        };
        let (near, twice) = (gap(1.01), gap(1.02));
        assert!(
            near > 0.0 && twice > 3.0 * near && twice < 5.0 * near,
            "{near} {twice}"
        );

        let mut loss = target.clone();
        value(&mut loss, 1.0);
        assert_eq!(value(&mut loss, 1.2), exact(1.2), "too far");
        for _ in 1..LONGEST {
            assert_eq!(value(&mut loss, 1.2), exact(1.2));
        }
        assert_eq!(
            value(&mut loss, 1.21),
            exact(1.21),
            "it has served its time"
        );
    }

    #[test]
    fn gradient_agrees_where_there_are_fewer_positions_than_channels() {
        let style = TensorFeatures::new(noise_map(6, 5, 7, 1)).unwrap();
        let loss = WassersteinLoss::target(&[(&style, 1.0)]).unwrap();
        check_measure(&mut Whole(loss), &noise_map(6, 2, 2, 2));
    }
}

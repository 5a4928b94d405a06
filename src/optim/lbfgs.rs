//! L-BFGS (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5), one evaluation a
//! step.
//!
//! [`LbfgsMode::Plain`] is `torch.optim.LBFGS` without line search: first step
//! `min(1, 1/|g|₁) · lr` along the negative gradient, then the full quasi-Newton step times
//! `lr`, whatever becomes of the loss (on VGG losses it jumps by factors of ten and more).
//!
//! [`LbfgsMode::Safeguarded`] keeps the best picture and proposes steps from it. A proposal that
//! does not lower the loss enough (Armijo's condition) is answered by a shorter one along the
//! same direction, placed at the minimum of the parabola through what is known; after several in
//! vain the history is forgotten and the direction is the negative gradient. No pixel moves by
//! more than [`MAX_MOVE`] in a step: far away the quadratic model says nothing.

use std::collections::VecDeque;

use super::{
    Optimizer, Resample,
    vector::{add_scaled, difference, dot, norm1, scale},
};

/// What happens when a step makes the loss worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LbfgsMode {
    /// Nothing, as in the peers.
    Plain,
    /// It is taken back and a shorter one is tried.
    Safeguarded,
}

/// A pair is kept when `sᵀy` exceeds this (torch's bound).
const MIN_CURVATURE: f64 = 1e-10;
/// Share of the foretold decrease that a step must reach (Nocedal and Wright, section 3.1).
const ARMIJO: f64 = 1e-4;
/// Largest move of a pixel in one safeguarded step, on the 0..255 scale.
const MAX_MOVE: f64 = 60.0;
/// Largest move of a pixel in the first step along a bare gradient: nothing is known about the
/// curvature yet, but a step that cannot be seen would teach nothing either.
const FIRST_MOVE: f64 = 12.0;
/// Shorter steps tried along a direction before the history is doubted.
const MAX_RETRIES: u32 = 4;

/// A step `s` and the change `y` of the gradient over it.
#[derive(Debug)]
struct Pair {
    s: Vec<f32>,
    y: Vec<f32>,
    /// 1 / sᵀy.
    rho: f64,
}

/// The last accepted point.
#[derive(Debug)]
struct Base {
    x: Vec<f32>,
    gradient: Vec<f32>,
    loss: f64,
}

/// See the module's head.
#[derive(Debug)]
pub struct Lbfgs {
    mode: LbfgsMode,
    history: usize,
    learning_rate: f64,
    pairs: VecDeque<Pair>,
    base: Option<Base>,
    /// Direction from the base, and the length of the step along it that is being tried.
    direction: Vec<f32>,
    length: f64,
    /// Slope of the loss along the direction at the base; negative.
    slope: f64,
    retries: u32,
}

impl Lbfgs {
    /// An optimiser that remembers up to `history` pairs.
    pub fn new(mode: LbfgsMode, history: usize, learning_rate: f64) -> Self {
        Self {
            mode,
            history: history.max(1),
            learning_rate,
            pairs: VecDeque::new(),
            base: None,
            direction: Vec::new(),
            length: 0.0,
            slope: 0.0,
            retries: 0,
        }
    }

    /// Learns from the step from the base to `x` and makes `x` the base.
    fn accept(&mut self, x: &[f32], loss: f64, gradient: &[f32]) {
        if let Some(base) = &self.base {
            let y = difference(gradient, &base.gradient);
            let mut s = std::mem::take(&mut self.direction);
            scale(&mut s, self.length);
            let curvature = dot(&y, &s);
            if curvature > MIN_CURVATURE {
                if self.pairs.len() == self.history {
                    self.pairs.pop_front();
                }
                let rho = 1.0 / curvature;
                self.pairs.push_back(Pair { s, y, rho });
            }
        }
        self.retries = 0;
        self.base = Some(Base {
            x: x.to_vec(),
            gradient: gradient.to_vec(),
            loss,
        });
    }

    /// `-H g` by the two-loop recursion, with `H0 = sᵀy / yᵀy` of the newest pair.
    fn quasi_newton(&self, gradient: &[f32]) -> Vec<f32> {
        let mut q = gradient.to_vec();
        scale(&mut q, -1.0);
        let mut alphas = Vec::with_capacity(self.pairs.len());
        for pair in self.pairs.iter().rev() {
            let alpha = pair.rho * dot(&pair.s, &q);
            add_scaled(&mut q, -alpha, &pair.y);
            alphas.push(alpha);
        }
        if let Some(newest) = self.pairs.back() {
            scale(&mut q, 1.0 / (newest.rho * dot(&newest.y, &newest.y)));
        }
        for (pair, alpha) in self.pairs.iter().zip(alphas.into_iter().rev()) {
            let beta = pair.rho * dot(&pair.y, &q);
            add_scaled(&mut q, alpha - beta, &pair.s);
        }
        q
    }

    /// Chooses direction and step length at the base and moves `x` there.
    ///
    /// `first`: nothing is known yet. A later step without pairs (the first one was refused) is
    /// another matter: torch takes the whole gradient then.
    fn propose(&mut self, x: &mut [f32], first: bool) {
        let Some(base) = &self.base else { return };
        self.direction = self.quasi_newton(&base.gradient);
        self.slope = dot(&base.gradient, &self.direction);
        let fresh = self.pairs.is_empty();
        self.length = match self.mode {
            LbfgsMode::Plain if first => {
                let norm = norm1(&base.gradient);
                self.learning_rate * (1.0 / norm).min(1.0)
            }
            LbfgsMode::Plain => self.learning_rate,
            LbfgsMode::Safeguarded => {
                let largest = self.direction.iter().fold(0.0_f32, |a, d| a.max(d.abs()));
                let largest = f64::from(largest).max(f64::MIN_POSITIVE);
                if fresh {
                    FIRST_MOVE / largest
                } else {
                    self.learning_rate.min(MAX_MOVE / largest)
                }
            }
        };
        x.copy_from_slice(&base.x);
        add_scaled(x, self.length, &self.direction);
    }

    /// Answers a step that did not lower the loss enough: shorter, or with less history.
    fn retreat(&mut self, x: &mut [f32], loss: f64) {
        self.retries += 1;
        if self.retries > MAX_RETRIES && !self.pairs.is_empty() {
            self.pairs.clear();
            self.retries = 0;
            return self.propose(x, false);
        }
        let Some(base) = &self.base else { return };
        // Minimum of the parabola with the base's loss and slope that passes through `loss`.
        let rise = loss - base.loss - self.slope * self.length;
        let parabola = -self.slope * self.length / (2.0 * rise);
        let factor = if parabola.is_finite() { parabola } else { 0.1 };
        self.length *= factor.clamp(0.1, 0.5);
        x.copy_from_slice(&base.x);
        add_scaled(x, self.length, &self.direction);
    }
}

impl Optimizer for Lbfgs {
    fn step(&mut self, x: &mut [f32], loss: f64, gradient: &[f32]) {
        if self.mode == LbfgsMode::Safeguarded
            && let Some(base) = &self.base
        {
            let enough = loss <= base.loss + ARMIJO * self.length * self.slope;
            if !enough {
                return self.retreat(x, loss);
            }
        }
        let first = self.base.is_none();
        self.accept(x, loss, gradient);
        self.propose(x, first);
    }

    fn objective_changed(&mut self, x: &mut [f32]) {
        // Old losses and gradients belong to another function.
        self.pairs.clear();
        if let Some(base) = self.base.take()
            && self.mode == LbfgsMode::Safeguarded
        {
            x.copy_from_slice(&base.x);
        }
    }

    fn size_changed(&mut self, _resample: &dyn Fn(&[f32], Resample) -> Vec<f32>) {
        self.pairs.clear();
        self.base = None;
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }

    fn best(&self) -> Option<(&[f32], f64)> {
        match (&self.base, self.mode) {
            (Some(base), LbfgsMode::Safeguarded) => Some((&base.x, base.loss)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley in `n` dimensions: value and gradient.
    fn rosenbrock(x: &[f32]) -> (f64, Vec<f32>) {
        let x: Vec<f64> = x.iter().copied().map(f64::from).collect();
        let mut gradient = vec![0.0; x.len()];
        let mut value = 0.0;
        for i in 0..x.len() - 1 {
            let (a, b) = (1.0 - x[i], x[i + 1] - x[i] * x[i]);
            value += a * a + 100.0 * b * b;
            gradient[i] += -2.0 * a - 400.0 * x[i] * b;
            gradient[i + 1] += 200.0 * b;
        }
        (value, gradient.into_iter().map(|g| g as f32).collect())
    }

    /// On a hill every pair has negative curvature and is refused. `torch.optim.LBFGS` then goes
    /// along the negative gradient with the full learning rate: only the first step is shortened.
    #[test]
    fn plain_mode_takes_the_whole_gradient_after_a_refused_pair() {
        let mut x = [4.0_f32, -2.0];
        let mut lbfgs = Lbfgs::new(LbfgsMode::Plain, 10, 1.0);
        let slope = |x: &[f32; 2]| [-x[0], -x[1]];
        let gradient = slope(&x);
        lbfgs.step(&mut x, 0.0, &gradient);
        // |g|₁ = 6: the step is g / 6.
        assert!((x[0] - (4.0 + 4.0 / 6.0)).abs() < 1e-6 && (x[1] + 2.0 + 2.0 / 6.0).abs() < 1e-6);
        for _ in 0..2 {
            let before = x;
            let gradient = slope(&x);
            lbfgs.step(&mut x, 0.0, &gradient);
            assert!(
                (x[0] - 2.0 * before[0]).abs() < 1e-5,
                "{x:?} after {before:?}"
            );
            assert!(
                (x[1] - 2.0 * before[1]).abs() < 1e-5,
                "{x:?} after {before:?}"
            );
        }
    }

    /// The published recurrence of `torch.optim.LBFGS` in double precision, written out anew for
    /// a quadratic with history 2: the judge of the plain mode.
    #[test]
    fn plain_mode_equals_the_published_recurrence() {
        let c = [1.0, 3.0, 10.0];
        let gradient_at = |x: &[f64]| -> Vec<f64> { (0..3).map(|i| c[i] * x[i]).collect() };
        let dot64 = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let mut exact = vec![4.0, -3.0, 2.0];
        let mut pairs: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
        let mut previous: Option<(Vec<f64>, Vec<f64>)> = None;
        let mut x = [4.0_f32, -3.0, 2.0];
        let mut lbfgs = Lbfgs::new(LbfgsMode::Plain, 2, 1.0);
        for _ in 0..8 {
            let g = gradient_at(&exact);
            if let Some((old_g, s)) = previous.take() {
                let y: Vec<f64> = g.iter().zip(&old_g).map(|(a, b)| a - b).collect();
                if dot64(&y, &s) > 1e-10 {
                    pairs.push((s, y));
                }
                if pairs.len() > 2 {
                    pairs.remove(0);
                }
            }
            let mut q: Vec<f64> = g.iter().map(|g| -g).collect();
            let mut alphas = Vec::new();
            for (s, y) in pairs.iter().rev() {
                let alpha = dot64(s, &q) / dot64(y, s);
                for i in 0..3 {
                    q[i] -= alpha * y[i];
                }
                alphas.push(alpha);
            }
            if let Some((s, y)) = pairs.last() {
                let h = dot64(y, s) / dot64(y, y);
                for q in &mut q {
                    *q *= h;
                }
            }
            for ((s, y), alpha) in pairs.iter().zip(alphas.iter().rev()) {
                let beta = dot64(y, &q) / dot64(y, s);
                for i in 0..3 {
                    q[i] += s[i] * (alpha - beta);
                }
            }
            let norm: f64 = g.iter().map(|g| g.abs()).sum();
            let t = if pairs.is_empty() {
                (1.0 / norm).min(1.0)
            } else {
                1.0
            };
            let s: Vec<f64> = q.iter().map(|q| q * t).collect();
            for i in 0..3 {
                exact[i] += s[i];
            }
            previous = Some((g, s));

            let g32: Vec<f32> = (0..3).map(|i| c[i] as f32 * x[i]).collect();
            lbfgs.step(&mut x, 0.0, &g32);
            for i in 0..3 {
                let scale = exact[i].abs().max(1e-2);
                assert!(
                    (f64::from(x[i]) - exact[i]).abs() < 1e-3 * scale,
                    "{x:?} {exact:?}"
                );
            }
        }
    }

    #[test]
    fn safeguarded_mode_walks_the_valley_and_its_best_never_rises() {
        let mut x = vec![-1.2_f32, 1.0, -0.5, 2.0, 0.3, -1.0];
        let mut lbfgs = Lbfgs::new(LbfgsMode::Safeguarded, 10, 1.0);
        let mut best = f64::INFINITY;
        for _ in 0..200 {
            let (loss, gradient) = rosenbrock(&x);
            lbfgs.step(&mut x, loss, &gradient);
            let (_, now) = lbfgs.best().unwrap();
            assert!(now <= best, "{now} after {best}");
            best = now;
        }
        assert!(best < 1e-4, "stopped at {best}");
    }

    #[test]
    fn safeguarded_mode_comes_back_from_values_that_are_not_numbers() {
        let mut x = vec![3.0_f32, -2.0, 1.0];
        let mut lbfgs = Lbfgs::new(LbfgsMode::Safeguarded, 10, 1.0);
        // A bowl with a cliff: beyond radius 4 the loss is not a number.
        for _ in 0..60 {
            let square: f64 = x.iter().map(|&x| f64::from(x * x)).sum();
            let loss = if square > 16.0 { f64::NAN } else { square };
            let gradient: Vec<f32> = x.iter().map(|x| 2.0 * x).collect();
            lbfgs.step(&mut x, loss, &gradient);
        }
        let (_, loss) = lbfgs.best().unwrap();
        assert!(loss < 1e-6, "stopped at {loss}");
    }

    #[test]
    fn a_changed_objective_starts_from_the_best_picture() {
        let mut x = vec![3.0_f32, -2.0];
        let mut lbfgs = Lbfgs::new(LbfgsMode::Safeguarded, 10, 1.0);
        for _ in 0..3 {
            let (loss, gradient) = rosenbrock(&x);
            lbfgs.step(&mut x, loss, &gradient);
        }
        let best = lbfgs.best().unwrap().0.to_vec();
        lbfgs.objective_changed(&mut x);
        assert_eq!(x, best);
        assert!(lbfgs.best().is_none());
    }
}

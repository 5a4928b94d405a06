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
//! more than [`MAX_MOVE`] in a step: far away the quadratic model says nothing. Pixels can be held
//! in the range that a file holds: a peer's picture loses much of what was reached when it is
//! saved. What is known about the curvature goes along to another size.

mod bounds;
mod keep;

use std::collections::VecDeque;

use crate::{error::Result, state::State};

use super::{
    optimizer::{ClampRange, Optimizer, OptimizerDescription, OptimizerSettings, Resample},
    vector::{add_scaled, difference, dot, norm1, scale},
};

/// The entry among the optimizers of the one with safeguards.
pub(super) const SAFEGUARDED: OptimizerDescription = OptimizerDescription {
    title: "L-BFGS",
    learning_rate: 1.0,
    // The best picture is shown.
    averaging: 0.0,
    compares_losses: true,
    keeps: |history| 2 * history,
    make: |settings| made(LbfgsMode::Safeguarded, settings),
};

/// The entry among the optimizers of the one without.
pub(super) const PLAIN: OptimizerDescription = OptimizerDescription {
    title: "L-BFGS, plain",
    make: |settings| made(LbfgsMode::Plain, settings),
    ..SAFEGUARDED
};

fn made(mode: LbfgsMode, settings: OptimizerSettings) -> Box<dyn Optimizer> {
    let OptimizerSettings {
        history,
        learning_rate,
        clamp,
        ..
    } = settings;
    Box::new(Lbfgs::new(mode, history, learning_rate, clamp))
}

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
/// Share of the predicted decrease that a step must reach (Nocedal and Wright, section 3.1).
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

impl Pair {
    /// Carries what is known about the curvature to another size; `false` when nothing is left of
    /// it. A loss of feature maps changes little with size, so the gradient of a pixel falls as
    /// their number grows, and `sᵀy` stays.
    fn resize(&mut self, resample: &dyn Fn(&[f32], Resample) -> Vec<f32>) -> bool {
        let before = self.s.len();
        self.s = resample(&self.s, Resample::Signed);
        self.y = resample(&self.y, Resample::Signed);
        scale(&mut self.y, before as f64 / self.s.len().max(1) as f64);
        let curvature = dot(&self.s, &self.y);
        self.rho = 1.0 / curvature;
        curvature > MIN_CURVATURE
    }
}

/// The last accepted point.
#[derive(Debug)]
struct Base {
    x: Vec<f32>,
    gradient: Vec<f32>,
    loss: f64,
}

/// L-BFGS in either mode, with the pairs it remembers and the step that it is trying.
#[derive(Debug)]
pub struct Lbfgs {
    mode: LbfgsMode,
    history: usize,
    learning_rate: f64,
    bounds: Option<ClampRange>,
    pairs: VecDeque<Pair>,
    base: Option<Base>,
    /// Direction from the base, and the length of the step along it that is being tried.
    direction: Vec<f32>,
    length: f64,
    /// Change of the loss over the step that is being tried, by the gradient at the base.
    predicted: f64,
    retries: u32,
}

impl Lbfgs {
    /// An optimizer that remembers up to `history` pairs.
    ///
    /// `bounds` holds for [`LbfgsMode::Safeguarded`] only: the peers' L-BFGS knows none.
    pub fn new(
        mode: LbfgsMode,
        history: usize,
        learning_rate: f64,
        bounds: Option<ClampRange>,
    ) -> Self {
        Self {
            mode,
            history: history.max(1),
            learning_rate,
            bounds: bounds.filter(|_| mode == LbfgsMode::Safeguarded),
            pairs: VecDeque::new(),
            base: None,
            direction: Vec::new(),
            length: 0.0,
            predicted: 0.0,
            retries: 0,
        }
    }

    /// Learns from the step from the base to `x` and makes `x` the base.
    fn accept(&mut self, x: &[f32], loss: f64, gradient: &[f32]) {
        if let Some(base) = &self.base {
            let y = difference(gradient, &base.gradient);
            // Within bounds the step is not what the direction alone would give.
            let s = if self.bounds.is_some() {
                difference(x, &base.x)
            } else {
                let mut s = std::mem::take(&mut self.direction);
                scale(&mut s, self.length);
                s
            };
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
    fn quasi_newton(&self, mut q: Vec<f32>) -> Vec<f32> {
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
        let blocked = |direction: &mut [f32]| {
            if let Some(bounds) = self.bounds {
                bounds::block(direction, &base.x, bounds);
            }
        };
        let mut downhill = base.gradient.clone();
        scale(&mut downhill, -1.0);
        blocked(&mut downhill);
        self.direction = self.quasi_newton(downhill);
        blocked(&mut self.direction);
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
        self.try_length(x);
    }

    /// Puts the proposal of the moment into `x`.
    fn try_length(&mut self, x: &mut [f32]) {
        let Some(base) = &self.base else { return };
        x.copy_from_slice(&base.x);
        add_scaled(x, self.length, &self.direction);
        if let Some(bounds) = self.bounds {
            bounds::clamp(x, bounds);
        }
        self.predicted = dot(&base.gradient, &difference(x, &base.x));
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
        let rise = loss - base.loss - self.predicted;
        let parabola = -self.predicted / (2.0 * rise);
        let factor = if parabola.is_finite() { parabola } else { 0.1 };
        self.length *= factor.clamp(0.1, 0.5);
        self.try_length(x);
    }
}

impl Optimizer for Lbfgs {
    fn step(&mut self, x: &mut [f32], loss: f64, gradient: &[f32]) {
        if self.mode == LbfgsMode::Safeguarded
            && let Some(base) = &self.base
        {
            let enough = loss <= base.loss + ARMIJO * self.predicted;
            if !enough {
                return self.retreat(x, loss);
            }
        }
        let first = self.base.is_none();
        // A base beyond the bounds would have no lower picture on the way back.
        if let Some(bounds) = self.bounds
            && first
            && bounds::clamp(x, bounds)
        {
            return;
        }
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

    fn size_changed(&mut self, x: &mut [f32], resample: &dyn Fn(&[f32], Resample) -> Vec<f32>) {
        if let Some(bounds) = self.bounds {
            bounds::clamp(x, bounds);
        }
        match self.mode {
            LbfgsMode::Plain => self.pairs.clear(),
            LbfgsMode::Safeguarded => self.pairs.retain_mut(|pair| pair.resize(resample)),
        }
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

    fn keep(&self, state: &mut State) {
        self.put_down(state);
    }

    fn restore(&mut self, state: &mut State, length: usize) -> Result<()> {
        self.take_back(state, length)
    }
}

#[cfg(test)]
mod tests;

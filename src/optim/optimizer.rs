//! What an optimizer is, and what there is to know about one.

use crate::{error::Result, state::State};

/// How a quantity that belongs to pixels is carried to another size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resample {
    /// Values of both signs: bicubic.
    Signed,
    /// Values that must stay 0 or more: bilinear.
    NonNegative,
}

/// A rule that turns gradients into steps.
pub trait Optimizer: Send {
    /// Takes `loss` and `gradient` at `x` and moves `x` to the next picture to evaluate.
    fn step(&mut self, x: &mut [f32], loss: f64, gradient: &[f32]);

    /// The objective is another from now on: whatever was learned about the old one and would
    /// mislead is forgotten. `x` may be moved back to the last picture known to be good.
    fn objective_changed(&mut self, x: &mut [f32]);

    /// The picture has another size from now on. `resample` carries a quantity of the old size
    /// over to the new one; `x` is already there, and may be brought into range.
    fn size_changed(&mut self, x: &mut [f32], resample: &dyn Fn(&[f32], Resample) -> Vec<f32>);

    /// The step size from now on (meaning as in the settings).
    fn set_learning_rate(&mut self, learning_rate: f64);

    /// The best picture so far with its loss, for optimizers whose proposals may be worse.
    /// `None` where the newest picture is the one to show.
    fn best(&self) -> Option<(&[f32], f64)>;

    /// Puts down everything that the next steps depend on.
    fn keep(&self, state: &mut State);

    /// Takes back what [`Self::keep`] has put down, for pictures of `length` values.
    ///
    /// # Errors
    /// When something is missing or belongs to another picture.
    fn restore(&mut self, state: &mut State, length: usize) -> Result<()>;
}

/// Per plane of [3, H, W]: the value of black and of white.
pub type ClampRange = [(f32, f32); 3];

/// What the settings say about optimizers; each reads what it knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptimizerSettings {
    /// Step size, in the optimizer's own unit.
    pub learning_rate: f64,
    /// Adam's decay of the mean gradient.
    pub beta1: f64,
    /// Adam's decay of the mean squared gradient.
    pub beta2: f64,
    /// Pairs that L-BFGS remembers.
    pub history: usize,
    /// The range that pixels are held in, if they are: what a file can hold.
    pub clamp: Option<ClampRange>,
}

/// What there is to know about an optimizer, and how to make one.
pub struct OptimizerDescription {
    /// Name for people.
    pub title: &'static str,
    /// The usual step size. What it means, and so its unit, is the optimizer's own.
    pub learning_rate: f64,
    /// The usual decay of the average of pictures that is shown; 0 shows the newest or the best.
    pub averaging: f64,
    /// Whether it compares losses of different steps, so that random draws have to be held.
    pub compares_losses: bool,
    /// Pictures' worth of numbers that it keeps besides what every run has, by the length of its
    /// memory.
    pub keeps: fn(history: u64) -> u64,
    /// Makes one that has seen nothing yet.
    pub make: fn(OptimizerSettings) -> Box<dyn Optimizer>,
}

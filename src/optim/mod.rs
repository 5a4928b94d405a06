//! Optimizers: from the gradient at a picture to the next picture.
//!
//! A picture is a plain slice, [3, H, W] on the 0..255 scale. An optimizer is told loss and
//! gradient at the picture it proposed last and proposes the next; one proposal costs one
//! evaluation. It never evaluates anything itself, so that a run can be paused, steered and
//! stopped between any two steps.

mod adam;
mod lbfgs;
mod vector;

pub use adam::{Adam, AdamSettings, ClampRange};
pub use lbfgs::{Lbfgs, LbfgsMode};

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
}

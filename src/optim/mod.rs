//! Optimizers: from the gradient at a picture to the next picture.
//!
//! A picture is a plain slice, [3, H, W] on the 0..255 scale. An optimizer is told loss and
//! gradient at the picture it proposed last and proposes the next; one proposal costs one
//! evaluation. It never evaluates anything itself, so that a run can be paused, steered and
//! stopped between any two steps.

mod adam;
mod kinds;
mod lbfgs;
mod optimizer;
mod vector;

pub use adam::{Adam, AdamSettings};
pub use kinds::OptimizerKind;
pub use lbfgs::{Lbfgs, LbfgsMode};
pub use optimizer::{ClampRange, Optimizer, OptimizerDescription, OptimizerSettings, Resample};

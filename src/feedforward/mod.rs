//! Stylization in one pass: feed-forward networks that paint without optimization.
//!
//! | file | what it does |
//! |---|---|
//! | `layers` | the two transformer networks as tables |
//! | `tensors` | reads their weights: integers with scales |
//! | `norms` | a style as gammas and betas of instance normalization |
//! | `transformer` | the forward pass, any size, large pictures in strips |
//! | `reverse` | gradients of gammas, betas and the picture |
//! | `predictor` | a style image to a style vector |
//! | `blend` | several styles on one picture, and how strongly |
//! | `brush` | styles as files, and those inside the program |
//! | `instant` | the weights inside the program |
//!
//! Sources: Dumoulin, Shlens, Kudlur 2017, "A learned representation for artistic style", arXiv
//! 1610.07629; Ghiasi, Lee, Kudlur, Dumoulin, Shlens 2017, "Exploring the structure of a real-time,
//! arbitrary neural artistic stylization network", arXiv 1705.06830. Origin and license of the
//! weights: `weights/README.md`.

mod blend;
mod brush;
mod instant;
mod layers;
mod norms;
mod predictor;
mod reverse;
mod tensors;
mod transformer;

pub use blend::paint_blend;
pub use brush::{
    BRUSH_EXTENSION, BRUSH_FOLDER_VARIABLE, Brush, BrushFolder, BrushRecord, built_in,
};
pub use instant::style_vector;
pub use layers::Architecture;
pub use norms::Norms;
pub use reverse::{Gradients, Tape};
pub use transformer::{SMALLEST_PX, Transformer};

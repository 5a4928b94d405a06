//! The look of a picture, for `compare`: what is seen of its strokes.

use serde::Serialize;

use crate::{
    error::Result,
    features::TensorFeatures,
    loss::metrics::{self, PatchUse},
};

/// What is seen of strokes; see [`metrics::PatchUse`] and [`metrics::strokes`].
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Look {
    /// How far patches are from their nearest in the style image; none where pictures are too small.
    pub(super) nearest_patches: Option<f64>,
    /// The same for the content image.
    pub(super) nearest_patches_of_content: Option<f64>,
    /// How unevenly the style image's patches are used.
    pub(super) stamps: Option<f64>,
    /// How well strokes run along the contours of the content image.
    pub(super) strokes: f64,
}

impl Look {
    /// Names and figures in the order shown.
    pub(super) fn columns(self) -> [(&'static str, Option<f64>); 3] {
        [
            ("nearest", self.nearest_patches),
            ("stamps", self.stamps),
            ("strokes", Some(self.strokes)),
        ]
    }
}

/// How patches of a picture are found in the style image, where both have any.
pub(super) fn patch_use(
    style: Option<&TensorFeatures>,
    picture: Option<&TensorFeatures>,
) -> Result<Option<PatchUse>> {
    match (style, picture) {
        (Some(style), Some(picture)) => metrics::patch_use(style, picture),
        _ => Ok(None),
    }
}

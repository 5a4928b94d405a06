//! The instant preview of the moment.

use std::sync::Arc;

use eframe::egui::TextureHandle;

use crate::{app::brushes::state::Chosen, feedforward::Norms, pixels::Picture, transfer::Job};

/// A preview that was asked for.
pub(crate) struct Asked {
    /// The run that is previewed.
    pub(crate) job: Job,
    /// The longest side on the screen.
    pub(crate) px: u32,
    pub(crate) tools: Tools,
}

/// What a preview is painted with besides pictures and settings.
pub(crate) struct Tools {
    /// What was learnt of each style image.
    pub(crate) learnt: Vec<Option<Arc<Norms>>>,
    /// The brushes that are chosen.
    pub(crate) brushes: Vec<Chosen>,
    /// By how much the style images take part beside them.
    pub(crate) images: f64,
}

impl PartialEq for Tools {
    fn eq(&self, other: &Self) -> bool {
        let same = |pair: (&Option<Arc<Norms>>, &Option<Arc<Norms>>)| match pair {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        self.brushes == other.brushes
            && self.images.to_bits() == other.images.to_bits()
            && self.learnt.len() == other.learnt.len()
            && self.learnt.iter().zip(&other.learnt).all(same)
    }
}

/// What was asked for, and what came of it.
#[derive(Default)]
pub(crate) struct Instant {
    /// What was asked for last.
    pub(crate) asked: Option<Asked>,
    /// The newest preview and the content image it was painted from.
    pub(crate) shown: Option<(Arc<Picture>, TextureHandle)>,
    /// Previews that have arrived.
    pub(crate) count: u64,
}

impl Instant {
    /// The preview of this content image; that of another one has another shape.
    pub(crate) fn of(&self, content: &Arc<Picture>) -> Option<&TextureHandle> {
        let (painted, texture) = self.shown.as_ref()?;
        Arc::ptr_eq(painted, content).then_some(texture)
    }
}

//! The brushes there are, and the lesson under way.

use std::sync::Arc;

use crate::{
    app::io::lessons::LessonUnderWay,
    feedforward::{Brush, Norms},
    pixels::Picture,
    transfer::LessonReport,
};

/// A brush that is being learnt.
pub(crate) struct Learning {
    /// The painting.
    pub(crate) style: Arc<Picture>,
    /// The last step.
    pub(crate) report: Option<LessonReport>,
    /// The brush as it is.
    pub(crate) norms: Option<Arc<Norms>>,
    /// Whether it was stopped, and only its brush is awaited.
    pub(crate) stops: bool,
    pub(crate) under_way: LessonUnderWay,
}

/// A brush of the user's.
pub(crate) struct Known {
    pub(crate) name: String,
    /// Digest of the painting's file.
    style_sha256: String,
    norms: Arc<Norms>,
}

impl From<Brush> for Known {
    fn from(brush: Brush) -> Self {
        Self {
            name: brush.name,
            style_sha256: brush.record.style_sha256,
            norms: Arc::new(brush.norms),
        }
    }
}

/// What is known of brushes.
#[derive(Default)]
pub(crate) struct Brushes {
    /// The newest last.
    pub(crate) known: Vec<Known>,
    pub(crate) learning: Option<Learning>,
}

impl Brushes {
    /// The brush that was learnt from a picture.
    pub(crate) fn of(&self, picture: &Picture) -> Option<&Known> {
        let of_picture = |known: &&Known| known.style_sha256 == picture.sha256;
        let mut known = self.known.iter().rev();
        known
            .find(of_picture)
            .filter(|_| !picture.sha256.is_empty())
    }

    /// The lesson on a picture.
    pub(crate) fn lesson_on(&self, picture: &Arc<Picture>) -> Option<&Learning> {
        let learning = self.learning.as_ref();
        learning.filter(|learning| Arc::ptr_eq(&learning.style, picture))
    }

    /// What a style image is painted with instead of what the prediction network sees in it.
    pub(crate) fn norms_of(&self, picture: &Arc<Picture>) -> Option<Arc<Norms>> {
        let lesson = self.lesson_on(picture);
        let learning = lesson.and_then(|learning| learning.norms.clone());
        learning.or_else(|| self.of(picture).map(|known| Arc::clone(&known.norms)))
    }
}

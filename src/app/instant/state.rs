//! The instant preview of the moment.

use std::sync::Arc;

use eframe::egui::TextureHandle;

use crate::{
    app::brushes::state::Chosen,
    feedforward::Norms,
    pixels::Picture,
    settings::ColorMode,
    transfer::{Job, Look, LookBrush},
};

/// A preview that was asked for.
pub(crate) struct Asked {
    /// The run that is previewed.
    pub(crate) job: Job,
    /// The longest side on the screen.
    pub(crate) px: u32,
    pub(crate) tools: Tools,
}

/// What a picture in one pass is painted with besides pictures and settings.
#[derive(Default)]
pub(crate) struct Tools {
    /// What was learnt of each style image.
    pub(crate) learnt: Vec<Option<Arc<Norms>>>,
    /// The brushes that are chosen.
    pub(crate) brushes: Vec<Chosen>,
    /// By how much the style images take part beside them.
    pub(crate) images: f64,
}

impl Tools {
    /// A job as it is painted with these, and how: beside brushes the style images have the share that was
    /// chosen for them.
    pub(crate) fn apply(self, mut job: Job) -> (Job, Look) {
        let mut learnt = self.learnt;
        if !self.brushes.is_empty() {
            for style in &mut job.styles {
                style.strength *= self.images;
            }
            if self.images == 0.0 {
                job.styles.clear();
                learnt.clear();
                // There is no style image to take colors of.
                let of_image = [ColorMode::Hues, ColorMode::Recolor];
                if of_image.contains(&job.settings.color) {
                    job.settings.color = ColorMode::Style;
                }
            }
        }
        let brushes = self.brushes.into_iter().map(|chosen| LookBrush {
            found_by: chosen.brush.name.clone(),
            brush: chosen.brush,
            weight: chosen.weight,
        });
        let look = Look {
            // The steps from one end of the dial to the other look even that way.
            strength: job.settings.dial().sqrt(),
            brushes: brushes.collect(),
            learnt,
        };
        (job, look)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{feedforward::built_in, settings::TransferSettings, transfer::StyleImage};

    fn applied(brushes: usize, images: f64) -> (Job, Look) {
        let picture = Picture::from_rgba8(1, 1, &[9, 8, 7, 255], "p").unwrap();
        let picture = Arc::new(picture);
        let styles = vec![StyleImage::new(Arc::clone(&picture), 1.5)];
        let settings = TransferSettings {
            color: ColorMode::Hues,
            ..TransferSettings::default()
        };
        let brushes = built_in().unwrap().into_iter().take(brushes);
        let brushes = brushes.map(|brush| Chosen {
            brush: Arc::new(brush),
            weight: 0.5,
        });
        let tools = Tools {
            learnt: vec![None],
            brushes: brushes.collect(),
            images,
        };
        tools.apply(Job::new(picture, styles, settings))
    }

    #[test]
    fn without_brushes_the_style_images_paint_whatever_their_share_beside_brushes() {
        let (job, look) = applied(0, 0.0);
        assert_eq!(job.styles[0].strength, 1.5);
        assert_eq!(job.settings.color, ColorMode::Hues);
        assert!(look.brushes.is_empty() && look.learnt.len() == 1);
    }

    #[test]
    fn brushes_paint_alone_or_beside_style_images() {
        let (job, look) = applied(2, 0.0);
        assert!(job.styles.is_empty() && look.learnt.is_empty());
        assert_eq!(job.settings.color, ColorMode::Style);
        let weights = look.brushes.iter().map(|brush| brush.weight);
        assert_eq!(weights.collect::<Vec<_>>(), [0.5, 0.5]);

        let (job, look) = applied(1, 2.0);
        assert_eq!(job.styles[0].strength, 3.0);
        assert_eq!(job.settings.color, ColorMode::Hues);
        assert_eq!(look.brushes.len(), 1);
        assert_eq!(look.learnt.len(), 1);
    }
}

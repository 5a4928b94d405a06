//! The picture of the moment: for files, for the screen, and how it was made.

use super::{Computed, Level, Record, run::Transfer};
use crate::{
    pixels::{self, Filter, Picture, Planes, Rgba8},
    settings::ColorMode,
};

impl Transfer {
    /// The picture of the moment at the size of its level: averaged, or the best one so far, with
    /// the colors that the settings ask for and the content image's alpha.
    pub fn picture(&self) -> Picture {
        let Level { width, height, .. } = self.levels[self.level];
        let content = &self.job.content;
        Picture {
            planes: self.planes(),
            alpha: content.alpha.as_ref().map(|alpha| {
                let from = (content.planes.width, content.planes.height);
                pixels::resample_plane(alpha, from, (width, height), Filter::Bilinear)
            }),
            name: content.name.clone(),
            path: None,
            sha256: String::new(),
        }
    }

    /// How the picture of the moment was made.
    pub fn record(&self, computed: &Computed) -> Record {
        Record {
            step: self.steps,
            loss: Some(self.last_loss).filter(|loss| loss.is_finite()),
            secs: self.secs,
            settings: self.settings.clone(),
            ..Record::of_job(&self.job, computed, &self.history)
        }
    }

    /// The picture of the moment for the screen, at most `max_px` a side.
    pub fn preview(&self, max_px: usize) -> Rgba8 {
        let picture = self.picture();
        pixels::preview_rgba8(&picture.planes, picture.alpha.as_deref(), max_px)
    }

    fn planes(&self) -> Planes {
        let Level { width, height, .. } = self.levels[self.level];
        let averaged = self.average.picture();
        let best = self.optimizer.best().map(|(x, _)| x);
        let shown = best.or(averaged.as_deref()).unwrap_or(&self.x);
        let planes = pixels::srgb_from_vgg(shown, width, height, self.mean);
        if self.settings.color == ColorMode::Luminance {
            let content = self.job.content.planes.resize(width, height);
            return pixels::keep_content_colors(&planes, &content);
        }
        planes
    }
}

//! The picture of the moment: for files, for the screen, and how it was made.

use super::{Level, Record, average::Average, run::Transfer};
use crate::{
    pixels::{self, Filter, Picture, Planes, Rgba8},
    settings::ColorMode,
};

impl Transfer {
    /// The picture of the moment at the size of its level: averaged, or the best one so far, with
    /// the colors that the settings ask for and the content image's alpha.
    pub fn picture(&self) -> Picture {
        let moment = self.moment();
        self.install(|| moment.picture())
    }

    /// What the picture is made from. Engine and optimizer stay with the thread that asks.
    fn moment(&self) -> Moment<'_> {
        Moment {
            content: &self.job.content,
            luminance_only: self.settings.color == ColorMode::Luminance,
            level: self.levels[self.level],
            mean: self.mean,
            average: &self.average,
            best: self.optimizer.best().map(|(x, _)| x),
            x: &self.x,
        }
    }

    /// How the picture of the moment was made.
    pub fn record(&self) -> Record {
        Record {
            step: self.steps,
            loss: Some(self.last_loss).filter(|loss| loss.is_finite()),
            secs: self.secs,
            settings: self.settings.clone(),
            ..Record::of_job(&self.job, &self.computed, &self.history)
        }
    }

    /// The picture of the moment for the screen, at most `max_px` a side.
    pub fn preview(&self, max_px: usize) -> Rgba8 {
        let moment = self.moment();
        self.install(|| {
            let picture = moment.picture();
            pixels::preview_rgba8(&picture.planes, picture.alpha.as_deref(), max_px)
        })
    }
}

/// A picture that is still to be made.
struct Moment<'a> {
    content: &'a Picture,
    /// Whether the colors are those of the content image.
    luminance_only: bool,
    level: Level,
    mean: [f32; 3],
    average: &'a Average,
    best: Option<&'a [f32]>,
    x: &'a [f32],
}

impl Moment<'_> {
    fn picture(&self) -> Picture {
        let Level { width, height, .. } = self.level;
        let content = self.content;
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

    fn planes(&self) -> Planes {
        let Level { width, height, .. } = self.level;
        let averaged = self.average.picture();
        let shown = self.best.or(averaged.as_deref()).unwrap_or(self.x);
        let planes = pixels::srgb_from_vgg(shown, width, height, self.mean);
        if self.luminance_only {
            let content = self.content.planes.resize(width, height);
            return pixels::keep_content_colors(&planes, &content);
        }
        planes
    }
}

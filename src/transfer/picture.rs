//! The picture of the moment: for files, for the screen, and how it was made.

use std::sync::Arc;

use super::{Level, Painting, Record, average::Average, run::Transfer};
use crate::pixels::{self, Picture, Planes, Rgba8};

impl Transfer {
    /// The painting of the moment at the size of its level: averaged, or the best one so far.
    pub fn painting(&self) -> Painting {
        let moment = Moment {
            level: self.levels[self.level],
            mean: self.mean,
            average: &self.average,
            best: self.optimizer.best().map(|(x, _)| x),
            x: &self.x,
        };
        Painting {
            pool: Arc::clone(&self.pool),
            planes: self.install(|| moment.planes()),
            finish: self.finish.clone(),
            settings: self.settings.clone(),
        }
    }

    /// The picture of the moment: the painting with the finish that the settings ask for, and the
    /// content image's alpha.
    pub fn picture(&self) -> Picture {
        self.painting().picture()
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
        self.painting().preview(max_px)
    }
}

/// What a painting is made from. Engine and optimizer stay with the thread that asks.
struct Moment<'a> {
    level: Level,
    mean: [f32; 3],
    average: &'a Average,
    best: Option<&'a [f32]>,
    x: &'a [f32],
}

impl Moment<'_> {
    fn planes(&self) -> Planes {
        let Level { width, height, .. } = self.level;
        let averaged = self.average.picture();
        let shown = self.best.or(averaged.as_deref()).unwrap_or(self.x);
        pixels::srgb_from_vgg(shown, width, height, self.mean)
    }
}

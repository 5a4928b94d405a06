//! The finish: what makes a picture for files, for the screen and for the film out of a painting. Its
//! colors may become the content image's hues or the content image's own, and it may be faded to the
//! content image.
//!
//! The run knows nothing of it: a [`Painting`] can be finished again in another way at any time, also
//! when the run is over and its engine computes another one.

use std::sync::{Arc, OnceLock};

use rayon::ThreadPool;

use super::{Job, Level, StyleImage, regions::Region};
use crate::{
    pixels::{self, Filter, Hues, Palette, Picture, Planes, Rgba8, Toward},
    settings::{ColorMode, TransferSettings},
};

/// What finishes the pictures of one size. Copies share what was computed for it.
#[derive(Clone)]
pub(super) struct Finish {
    content: Arc<Picture>,
    styles: Arc<[StyleImage]>,
    /// The colors of the style images, in their order: computed once for all sizes of a run.
    palettes: Arc<OnceLock<Vec<Palette>>>,
    at_size: Arc<AtSize>,
}

/// What depends on the size; made when first asked for.
struct AtSize {
    width: usize,
    height: usize,
    content: OnceLock<Planes>,
    hues: OnceLock<Hues>,
}

impl AtSize {
    fn new(level: Level) -> Self {
        Self {
            width: level.width,
            height: level.height,
            content: OnceLock::new(),
            hues: OnceLock::new(),
        }
    }
}

impl Finish {
    /// That of a run's pictures at a level.
    pub(super) fn new(job: &Job, level: Level) -> Self {
        Self {
            content: Arc::clone(&job.content),
            styles: job.styles.clone().into(),
            palettes: Arc::default(),
            at_size: Arc::new(AtSize::new(level)),
        }
    }

    /// The same at another level.
    pub(super) fn at(&self, level: Level) -> Self {
        Self {
            at_size: Arc::new(AtSize::new(level)),
            ..self.clone()
        }
    }

    /// The finished picture of a painting.
    fn apply(&self, painted: &Planes, settings: &TransferSettings) -> Planes {
        let colored = match settings.color {
            ColorMode::Style | ColorMode::Recolor => painted.clone(),
            ColorMode::Hues => self.hues().apply(painted),
            ColorMode::Luminance => pixels::keep_content_colors(painted, self.content()),
        };
        if settings.fade > 0.0 {
            return pixels::faded(colored, self.content(), settings.fade);
        }
        colored
    }

    /// A picture with the content image's name and alpha.
    fn as_picture(&self, planes: Planes) -> Picture {
        let content = &self.content;
        let from = (content.planes.width, content.planes.height);
        let to = (planes.width, planes.height);
        let resized = |alpha| pixels::resample_plane(alpha, from, to, Filter::Bilinear);
        Picture {
            planes,
            alpha: content.alpha.as_deref().map(resized),
            name: content.name.clone(),
            path: None,
            sha256: String::new(),
            notes: Vec::new(),
        }
    }

    /// The content image at the size of the level.
    fn content(&self) -> &Planes {
        let AtSize { width, height, .. } = *self.at_size;
        let resized = || self.content.resized(width, height);
        self.at_size.content.get_or_init(resized)
    }

    fn hues(&self) -> &Hues {
        self.at_size.hues.get_or_init(|| {
            let AtSize { width, height, .. } = *self.at_size;
            let styles = self.styles.iter().zip(self.palettes());
            let towards: Vec<_> = styles
                .map(|(style, palette)| Toward {
                    palette,
                    strength: style.strength,
                    region: style
                        .region
                        .as_ref()
                        .map(|mask| Region::new(mask, width, height).into_weights()),
                })
                .collect();
            Hues::new(self.content(), &towards)
        })
    }

    /// The colors of each style image, of the part of it that counts.
    fn palettes(&self) -> &[Palette] {
        self.palettes.get_or_init(|| {
            let palette = |style: &StyleImage| {
                let planes = &style.picture.planes;
                let part = style.style_region.as_ref();
                let part = part.map(|mask| Region::new(mask, planes.width, planes.height));
                Palette::of(planes, |at| {
                    part.as_ref().map_or(1.0, |part| part.weight(at))
                })
            };
            self.styles.iter().map(palette).collect()
        })
    }
}

/// A painting of a run with all that finishes it, apart from the run.
#[derive(Clone)]
pub struct Painting {
    pub(super) pool: Arc<ThreadPool>,
    /// Before the finish.
    pub(super) planes: Planes,
    pub(super) finish: Finish,
    pub(super) settings: TransferSettings,
}

impl Painting {
    /// The settings of the run, with the finish that is in force.
    pub fn settings(&self) -> &TransferSettings {
        &self.settings
    }

    /// Takes the finish of `wanted` over, and nothing else of it. Answers whether that changes the
    /// picture.
    pub fn take_finish(&mut self, wanted: &TransferSettings) -> bool {
        self.settings.take_finish_of(wanted)
    }

    /// The finished picture at full size, with the content image's alpha.
    pub fn picture(&self) -> Picture {
        self.pool.install(|| {
            self.finish
                .as_picture(self.finish.apply(&self.planes, &self.settings))
        })
    }

    /// The same of a painting that is not needed any more: nothing is copied where nothing is changed.
    pub fn into_picture(self) -> Picture {
        if !self.is_plain() {
            return self.picture();
        }
        let Self {
            pool,
            planes,
            finish,
            ..
        } = self;
        pool.install(|| finish.as_picture(planes))
    }

    /// The picture without its finish: what a run goes on from.
    pub fn unfinished(&self) -> Picture {
        self.pool
            .install(|| self.finish.as_picture(self.planes.clone()))
    }

    /// Whether the finish leaves the painting as it is.
    pub fn is_plain(&self) -> bool {
        let painted = matches!(self.settings.color, ColorMode::Style | ColorMode::Recolor);
        painted && self.settings.fade <= 0.0
    }

    /// The finished picture for the screen, at most `max_px` a side.
    pub fn preview(&self, max_px: usize) -> Rgba8 {
        self.reduced(&self.picture(), max_px)
    }

    /// A picture of the run for the screen, at most `max_px` a side, made on the run's threads.
    pub fn reduced(&self, picture: &Picture, max_px: usize) -> Rgba8 {
        self.pool
            .install(|| pixels::preview_rgba8(&picture.planes, picture.alpha.as_deref(), max_px))
    }
}

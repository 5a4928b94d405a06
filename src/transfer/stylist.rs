//! Pictures in one pass, by the feed-forward networks: previews of a run, starts of a run, and
//! pictures of their own.
//!
//! It takes the same job as a run does. Style images count as a whole and everywhere: their regions
//! belong to the optimization. Colors and fade are those of the [`finish`](super::finish).

use std::{
    borrow::Cow,
    sync::{Arc, Weak},
    time::Instant,
};

use rayon::ThreadPool;

use super::{
    Computed, History, Job, Painting, Record, StyleImage,
    finish::Finish,
    levels,
    record::{BrushInput, InstantRecord},
};
use crate::{
    choice::Choice as _,
    error::{Error, Result},
    feedforward::{Brush, Norms, paint_blend},
    pixels::{self, Picture, Planes},
    settings::{ColorMode, TransferSettings},
    vgg::threads,
};

/// Styles that are remembered: a style image goes through the prediction network once.
const REMEMBERED: usize = 8;

/// Paints in one pass, on threads of its own, and remembers the styles it has seen.
pub struct Stylist {
    pool: Arc<ThreadPool>,
    threads: usize,
    /// The last one used is the last one here.
    seen: Vec<Seen>,
}

/// How a picture is painted in one pass, besides its job.
#[derive(Clone, Debug)]
pub struct Look {
    /// How strong the style is: 0 (near the content image) to 1.
    pub strength: f64,
    /// Brushes, blended with the style images of the job.
    pub brushes: Vec<LookBrush>,
    /// For each style image, where it was learnt, what stands in for what the prediction network sees.
    pub learnt: Vec<Option<Arc<Norms>>>,
}

impl Look {
    /// Style images alone, at a strength.
    pub fn of_strength(strength: f64) -> Self {
        Self {
            strength,
            brushes: Vec::new(),
            learnt: Vec::new(),
        }
    }
}

/// A brush of a look.
#[derive(Clone, Debug)]
pub struct LookBrush {
    /// It.
    pub brush: Arc<Brush>,
    /// Its weight among brushes and style images, above 0.
    pub weight: f64,
    /// By what name or file it is found again.
    pub found_by: String,
}

/// A style that has been through the prediction network.
struct Seen {
    picture: Weak<Picture>,
    /// The content image, where the style image was recolored after it.
    recolored_after: Option<Weak<Picture>>,
    norms: Norms,
}

/// A picture painted in one pass.
pub struct Stylized {
    /// The painting with its finish.
    pub painting: Painting,
    /// How it was made, for the file it is saved to.
    pub record: Record,
}

impl Stylist {
    /// Paints with `threads` threads of the lowest priority; without a number, with one for each
    /// processor.
    ///
    /// # Errors
    /// When the system has no threads to give.
    pub fn new(threads: Option<usize>) -> Result<Self> {
        threads::pool(threads).map(Self::on)
    }

    /// The same for somebody who waits for each picture: threads of usual priority.
    ///
    /// # Errors
    /// When the system has no threads to give.
    pub fn prompt(threads: Option<usize>) -> Result<Self> {
        threads::prompt_pool(threads).map(Self::on)
    }

    fn on(pool: Arc<ThreadPool>) -> Self {
        Self {
            threads: pool.current_num_threads(),
            pool,
            seen: Vec::new(),
        }
    }

    /// Runs other work that belongs to a picture, as its saving, on the same threads.
    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.pool.install(work)
    }

    /// Paints the content image of `job` in its styles and the brushes of `look`, at the size and with the
    /// colors and the fade of its settings.
    ///
    /// # Errors
    /// When a setting is not valid, there is no style, the content image is too small, or memory runs
    /// out.
    pub fn paint(&mut self, job: &Job, look: &Look) -> Result<Stylized> {
        job.settings.validate()?;
        let asks_for_image = matches!(job.settings.color, ColorMode::Hues | ColorMode::Recolor);
        if asks_for_image && job.styles.is_empty() {
            let expected =
                "it takes colors of a style image: name one, or choose style or luminance";
            return Err(Error::setting("color", job.settings.color.name(), expected));
        }
        let begin = Instant::now();
        let pool = Arc::clone(&self.pool);
        let painting = pool.install(|| self.painting(job, look))?;
        let computed = Computed {
            weights: "feed-forward networks inside the program".to_owned(),
            weights_sha256: String::new(),
            device: format!("cpu {}", crate::vgg::fast::instruction_set()),
            threads: self.threads,
        };
        let record = Record {
            instant: Some(InstantRecord {
                strength: look.strength,
                brushes: look.brushes.iter().map(BrushInput::from).collect(),
            }),
            settings: job.settings.clone(),
            secs: begin.elapsed().as_secs_f64(),
            ..Record::of_job(job, &computed, &History::default())
        };
        Ok(Stylized { painting, record })
    }

    fn painting(&mut self, job: &Job, look: &Look) -> Result<Painting> {
        let content = &job.content.planes;
        let level = levels::last(&job.settings, content.width, content.height);
        let at_size = if (level.width, level.height) == (content.width, content.height) {
            Cow::Borrowed(content)
        } else {
            Cow::Owned(job.content.resized(level.width, level.height))
        };
        let recolors = job.settings.color == ColorMode::Recolor;
        let after = recolors.then_some(&job.content);
        let mut styles = Vec::new();
        for (n, style) in job.styles.iter().enumerate() {
            let norms = match look.learnt.get(n) {
                Some(Some(learnt)) => Norms::clone(learnt),
                _ => self.norms(&style.picture, after)?,
            };
            styles.push((norms, style.strength));
        }
        let styles = styles.iter().map(|(norms, weight)| (norms, *weight));
        let brushes = look.brushes.iter();
        let brushes = brushes.map(|brush| (&brush.brush.norms, brush.weight));
        let styles: Vec<_> = styles.chain(brushes).collect();
        let own = || self.norms(&job.content, None);
        let planes = paint_blend(&at_size, &styles, look.strength, own)?;
        Ok(Painting {
            pool: Arc::clone(&self.pool),
            planes,
            finish: Finish::new(job, level),
            settings: job.settings.clone(),
        })
    }

    /// The style of a picture, computed once.
    fn norms(&mut self, picture: &Arc<Picture>, after: Option<&Arc<Picture>>) -> Result<Norms> {
        // Nobody asks again for the style of a picture that is gone.
        let gone = |picture: &Weak<Picture>| picture.strong_count() == 0;
        self.seen.retain(|seen| {
            !gone(&seen.picture) && !seen.recolored_after.as_ref().is_some_and(gone)
        });
        let same = |a: &Weak<Picture>, b: &Arc<Picture>| std::ptr::eq(a.as_ptr(), Arc::as_ptr(b));
        let is = |seen: &Seen| {
            same(&seen.picture, picture)
                && match (&seen.recolored_after, after) {
                    (None, None) => true,
                    (Some(a), Some(b)) => same(a, b),
                    _ => false,
                }
        };
        let seen = match self.seen.iter().position(is) {
            Some(at) => self.seen.remove(at),
            None => Seen {
                picture: Arc::downgrade(picture),
                recolored_after: after.map(Arc::downgrade),
                norms: norms_of(&picture.planes, after.map(|picture| &picture.planes))?,
            },
        };
        let norms = seen.norms.clone();
        if self.seen.len() == REMEMBERED {
            self.seen.remove(0);
        }
        self.seen.push(seen);
        Ok(norms)
    }
}

impl From<&LookBrush> for BrushInput {
    fn from(brush: &LookBrush) -> Self {
        Self {
            name: brush.found_by.clone(),
            sha256: brush.brush.digest(),
            weight: brush.weight,
        }
    }
}

/// The style of a picture, recolored after another one where that is wanted.
fn norms_of(style: &Planes, after: Option<&Planes>) -> Result<Norms> {
    match after {
        Some(content) => Norms::of_picture(&pixels::recolor(style, content)),
        None => Norms::of_picture(style),
    }
}

/// The picture that a run starts from when it starts from the instant one: `content`, which has the size
/// of the run's first level, in the run's styles.
///
/// # Errors
/// When there is no style image, the picture is too small, or memory runs out.
pub(super) fn initial(
    content: &Planes,
    styles: &[StyleImage],
    settings: &TransferSettings,
) -> Result<Planes> {
    let recolors = settings.color == ColorMode::Recolor;
    let mut seen = Vec::new();
    for style in styles {
        let norms = norms_of(&style.picture.planes, recolors.then_some(content))?;
        seen.push((norms, style.strength));
    }
    let styles: Vec<_> = seen
        .iter()
        .map(|(norms, weight)| (norms, *weight))
        .collect();
    paint_blend(content, &styles, 1.0, || Norms::of_picture(content))
}

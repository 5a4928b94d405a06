//! The brushes there are, those that are painted with, their sheet, and the lesson under way.

use std::sync::Arc;

use eframe::egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::{
    app::io::lessons::LessonUnderWay,
    feedforward::{Brush, Norms},
    pixels::Picture,
    transfer::{Job, LessonReport},
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
    pub(crate) brush: Arc<Brush>,
    norms: Arc<Norms>,
}

impl From<Brush> for Known {
    fn from(brush: Brush) -> Self {
        Self {
            norms: Arc::new(brush.norms.clone()),
            brush: Arc::new(brush),
        }
    }
}

/// A brush that the instant picture is painted with.
#[derive(Clone)]
pub(crate) struct Chosen {
    pub(crate) brush: Arc<Brush>,
    /// Its weight in the blend, above 0.
    pub(crate) weight: f64,
}

impl Chosen {
    /// A brush with a weight of its own.
    pub(crate) fn alone(brush: Arc<Brush>) -> Self {
        Self { brush, weight: 1.0 }
    }
}

impl PartialEq for Chosen {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.brush, &other.brush) && self.weight.to_bits() == other.weight.to_bits()
    }
}

/// A brush on the sheet.
pub(crate) struct Cell {
    pub(crate) brush: Arc<Brush>,
    /// What it makes of the content image.
    pub(crate) texture: Option<TextureHandle>,
}

/// All brushes, each on the content image.
pub(crate) struct Sheet {
    pub(crate) id: u64,
    /// What it was made for.
    pub(crate) job: Job,
    /// The user's, the newest first, then those of the program.
    pub(crate) cells: Vec<Cell>,
}

/// What is known of brushes.
#[derive(Default)]
pub(crate) struct Brushes {
    /// The user's, the newest last.
    pub(crate) known: Vec<Known>,
    /// Those inside the program, best first.
    pub(crate) built_in: Vec<Arc<Brush>>,
    pub(crate) learning: Option<Learning>,
    /// What the instant picture is painted with instead of the style images.
    pub(crate) chosen: Vec<Chosen>,
    /// By how much the style images take part beside chosen brushes: a factor for their strengths.
    pub(crate) images: f64,
    /// The sheet of all brushes, while it is open.
    pub(crate) sheet: Option<Sheet>,
    /// Number of the last sheet.
    last_sheet: u64,
}

impl Brushes {
    /// The brush that was learnt from a picture.
    pub(crate) fn of(&self, picture: &Picture) -> Option<&Known> {
        let of_picture = |known: &&Known| known.brush.record.style_sha256 == picture.sha256;
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

    /// All brushes: the user's, the newest first, then those of the program.
    fn all(&self) -> impl Iterator<Item = &Arc<Brush>> {
        let own = self.known.iter().rev().map(|known| &known.brush);
        own.chain(&self.built_in)
    }

    /// Opens the sheet anew. What was painted before stays until it is painted again.
    pub(crate) fn open_sheet(&mut self, job: Job) -> &Sheet {
        self.last_sheet += 1;
        let before = self.sheet.take();
        let before = before.filter(|sheet| Arc::ptr_eq(&sheet.job.content, &job.content));
        let before = before.map_or_else(Vec::new, |sheet| sheet.cells);
        let cells = self.all().map(|brush| {
            let mut before = before.iter();
            let before = before.find(|cell| Arc::ptr_eq(&cell.brush, brush));
            Cell {
                brush: Arc::clone(brush),
                texture: before.and_then(|cell| cell.texture.clone()),
            }
        });
        let sheet = Sheet {
            id: self.last_sheet,
            cells: cells.collect(),
            job,
        };
        self.sheet.insert(sheet)
    }

    /// Whether the cells of a sheet are all brushes there are.
    pub(crate) fn are_on(&self, sheet: &Sheet) -> bool {
        let mut cells = sheet.cells.iter();
        let same = |brush| {
            cells
                .next()
                .is_some_and(|cell| Arc::ptr_eq(&cell.brush, brush))
        };
        self.all().all(same) && cells.next().is_none()
    }

    /// A picture of a cell.
    pub(crate) fn show_cell(&mut self, ctx: &Context, sheet: u64, n: usize, image: ColorImage) {
        let open = self.sheet.as_mut().filter(|open| open.id == sheet);
        if let Some(cell) = open.and_then(|open| open.cells.get_mut(n)) {
            cell.texture = Some(ctx.load_texture("brush", image, TextureOptions::LINEAR));
        }
    }

    /// Whether a brush is painted with.
    pub(crate) fn is_chosen(&self, brush: &Arc<Brush>) -> bool {
        let chosen = &mut self.chosen.iter();
        chosen.any(|chosen| Arc::ptr_eq(&chosen.brush, brush))
    }

    /// Paints with a brush of the sheet: alone, or with those that are chosen. One that is chosen and is
    /// added once more is taken away.
    pub(crate) fn choose(&mut self, n: usize, add: bool) {
        let cell = self.sheet.as_ref().and_then(|sheet| sheet.cells.get(n));
        let Some(brush) = cell.map(|cell| Arc::clone(&cell.brush)) else {
            return;
        };
        if add && self.is_chosen(&brush) {
            self.chosen
                .retain(|chosen| !Arc::ptr_eq(&chosen.brush, &brush));
            return;
        }
        if add {
            self.chosen.push(Chosen::alone(brush));
        } else {
            self.paint_with(brush);
        }
    }

    /// Paints with one brush alone.
    pub(crate) fn paint_with(&mut self, brush: Arc<Brush>) {
        self.images = 0.0;
        self.chosen = vec![Chosen::alone(brush)];
    }

    /// Takes a brush of the user's in, in place of an older one of its name.
    pub(crate) fn add(&mut self, brush: Brush) -> Arc<Brush> {
        self.known.retain(|known| known.brush.name != brush.name);
        let known = Known::from(brush);
        let brush = Arc::clone(&known.brush);
        self.known.push(known);
        brush
    }
}

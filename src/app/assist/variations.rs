//! The sheet of variations: the same pictures with one setting at nine values, painted small.
//!
//! Cells take short turns: each gets a few steps first, so that the whole sheet is there within
//! seconds, and then more, from where it was.

use std::sync::Arc;

use eframe::egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::{
    app::{
        App, assist::Assist, command::ids::Axis, io::sketcher::SketchTask, session::Session, text,
        toasts::Mood,
    },
    error::Error,
    pixels::Picture,
    settings::{LossScale, Schedule, StyleMeasure, TransferSettings},
    transfer::{Job, StyleImage, style_measure},
    worker::Snapshot,
};

/// Longest side of a sketch in pixels.
const SKETCH_PX: u32 = 176;
/// Steps of each turn.
const TURNS: [u32; 2] = [14, 40];
/// A mean over as many steps as a preview's would still show the content image.
const SKETCH_AVERAGING: f64 = 0.8;

/// One of the sheet.
pub(crate) struct Cell {
    pub(crate) label: String,
    pub(crate) settings: TransferSettings,
    /// Whether the settings of the moment are its own.
    pub(crate) chosen: bool,
    pub(crate) texture: Option<TextureHandle>,
    /// Why it cannot be painted.
    pub(crate) trouble: Option<String>,
    turns: usize,
    picture: Option<Arc<Picture>>,
}

/// The open sheet.
pub(crate) struct Variations {
    pub(crate) axis: Axis,
    pub(crate) cells: Vec<Cell>,
    id: u64,
    base: TransferSettings,
    content: Arc<Picture>,
    styles: Vec<StyleImage>,
    initial: Option<Arc<Picture>>,
}

impl Variations {
    fn new(axis: Axis, id: u64, job: Job) -> Self {
        let cells = settings_along(axis, &job.settings)
            .into_iter()
            .map(|(label, settings)| Cell {
                label,
                chosen: settings == job.settings,
                settings,
                texture: None,
                trouble: None,
                turns: 0,
                picture: None,
            })
            .collect();
        Self {
            axis,
            cells,
            id,
            base: job.settings,
            content: job.content,
            styles: job.styles,
            initial: job.initial,
        }
    }

    /// Whether pictures and settings are still those that the sheet was made for.
    fn is_of(&self, job: &Job) -> bool {
        let same = |a: &Arc<_>, b: &Arc<_>| Arc::ptr_eq(a, b);
        self.base == job.settings
            && same(&self.content, &job.content)
            && self.styles.len() == job.styles.len()
            && self.styles.iter().zip(&job.styles).all(|(a, b)| {
                same(&a.picture, &b.picture) && a.strength.to_bits() == b.strength.to_bits()
            })
    }

    /// The next turn, and whose it is.
    fn next_turn(&self) -> Option<(usize, usize)> {
        let waiting = self.cells.iter().enumerate();
        let waiting =
            waiting.filter(|(_, cell)| cell.trouble.is_none() && cell.turns < TURNS.len());
        let (n, cell) = waiting.min_by_key(|&(n, cell)| (cell.turns, n))?;
        Some((n, cell.turns))
    }

    /// Cells with a picture.
    pub(crate) fn sketched(&self) -> usize {
        let sketched = |cell: &&Cell| cell.texture.is_some();
        self.cells.iter().filter(sketched).count()
    }

    /// Cells that have had all their turns, or cannot have them.
    pub(crate) fn finished(&self) -> usize {
        let finished = |cell: &&Cell| cell.trouble.is_some() || cell.turns == TURNS.len();
        self.cells.iter().filter(finished).count()
    }
}

/// Names and settings of the cells.
fn settings_along(axis: Axis, base: &TransferSettings) -> Vec<(String, TransferSettings)> {
    let with = |change: &dyn Fn(&mut TransferSettings)| {
        let mut settings = base.clone();
        change(&mut settings);
        settings
    };
    match axis {
        Axis::Dial if base.loss_scale == LossScale::Absolute => (-4..=4)
            .map(|power| {
                let factor = 2_f64.powi(power);
                let label = format!("{} × {factor}", text::STYLE_WEIGHT);
                (
                    label,
                    with(&|s| s.style_weight = base.style_weight * factor),
                )
            })
            .collect(),
        Axis::Dial => (1..=9)
            .map(|tenth| {
                let dial = f64::from(tenth) / 10.0;
                let label = format!("{} {} %", text::DIAL, 10 * tenth);
                (label, with(&|s| s.set_dial(dial)))
            })
            .collect(),
        Axis::Strokes => [0.3, 0.4, 0.55, 0.75, 1.0, 1.3, 1.6, 2.0, 2.5]
            .map(|scale| {
                let label = format!("{} {scale} ×", text::STROKES);
                (label, with(&|s| s.style_scale = scale))
            })
            .to_vec(),
        Axis::Measure => StyleMeasure::ALL
            .into_iter()
            // Its pictures are those of Gram matrices (Li and others 2017).
            .filter(|&measure| measure != StyleMeasure::PolynomialMmd)
            .map(|measure| {
                let described = style_measure(measure.name());
                let label = described.map_or(measure.name(), |described| described.title);
                let only = [(measure, 1.0)].into_iter().collect();
                (
                    label.to_owned(),
                    with(&|s| s.style_measures = Clone::clone(&only)),
                )
            })
            .collect(),
    }
}

impl Assist {
    fn cell(&mut self, task: &SketchTask) -> Option<&mut Cell> {
        let SketchTask::Cell { sheet, n } = *task else {
            return None;
        };
        let sheet = self.variations.as_mut().filter(|open| open.id == sheet)?;
        sheet.cells.get_mut(n)
    }

    /// A preview of a cell.
    pub(super) fn show_cell(&mut self, ctx: &Context, task: &SketchTask, image: ColorImage) {
        if let Some(cell) = self.cell(task) {
            match &mut cell.texture {
                Some(texture) => texture.set(image, TextureOptions::LINEAR),
                none => *none = Some(ctx.load_texture("variation", image, TextureOptions::LINEAR)),
            }
        }
    }

    /// A cell's turn is over.
    pub(super) fn cell_done(&mut self, task: &SketchTask, snapshot: Snapshot) {
        if let (Some(cell), SketchTask::Cell { n, .. }) = (self.cell(task), task) {
            cell.turns += 1;
            log::debug!("variation {n} had turn {}", cell.turns);
            cell.picture = Some(snapshot.picture);
        }
    }

    /// Something could not be sketched.
    pub(super) fn sketch_failed(&mut self, task: &SketchTask, error: &Error) {
        if let SketchTask::Speed(kind) = task {
            self.estimate.give_up(kind);
        }
        if let Some(cell) = self.cell(task) {
            cell.trouble = Some(text::sentence(&error.to_string()));
        }
    }
}

impl App {
    /// Opens the sheet, or turns it to another axis.
    pub(super) fn vary(&mut self, axis: Axis) {
        let Some(job) = self.session.job() else {
            self.session.toasts.add(Mood::Note, text::NEEDS_PICTURES);
            return;
        };
        let assist = &mut self.session.assist;
        assist.sheets += 1;
        assist.variations = Some(Variations::new(axis, assist.sheets, job));
    }

    /// Begins the sheet anew when pictures or settings have changed.
    pub(super) fn renew_variations(&mut self) {
        let Some(open) = &self.session.assist.variations else {
            return;
        };
        let axis = open.axis;
        match self.session.job() {
            Some(job) if open.is_of(&job) => {}
            Some(_) => self.vary(axis),
            None => self.session.assist.variations = None,
        }
    }

    /// Begins the next turn. Answers whether one is at work.
    pub(super) fn sketch_variation(&mut self) -> bool {
        let Some(sheet) = &self.session.assist.variations else {
            return false;
        };
        if let Some(SketchTask::Cell { sheet: at_work, .. }) = self.sketcher.at_work()
            && *at_work == sheet.id
        {
            return true;
        }
        let Some((n, turn)) = sheet.next_turn() else {
            return false;
        };
        let job = sketch(&self.session, sheet, n, turn);
        let task = SketchTask::Cell { sheet: sheet.id, n };
        if let Err(error) = self.sketcher.begin(task, job) {
            self.session.assist.variations = None;
            self.complain(&error);
            return false;
        }
        true
    }

    /// Goes on with a cell: a run at hand takes its settings over at once, else one begins.
    pub(super) fn choose_variation(&mut self, n: usize) {
        let Some(sheet) = self.session.assist.variations.take() else {
            return;
        };
        let Some(cell) = sheet.cells.into_iter().nth(n) else {
            return;
        };
        log::info!("variation chosen: {}", cell.label);
        self.put_settings(cell.settings);
        if !self.session.run.phase.is_active() {
            self.start(false, None);
        }
    }
}

/// The job of a turn.
fn sketch(session: &Session, sheet: &Variations, n: usize, turn: usize) -> Job {
    let cell = &sheet.cells[n];
    let planes = &sheet.content.planes;
    let own = planes.width.max(planes.height) as u32;
    Job {
        content: Arc::clone(&sheet.content),
        styles: sheet.styles.clone(),
        initial: cell.picture.clone().or_else(|| sheet.initial.clone()),
        resume: None,
        settings: TransferSettings {
            size_px: Some(SKETCH_PX.min(own.max(16))),
            schedule: Schedule::SingleLevel,
            steps: TURNS[turn],
            averaging: cell.settings.averaging.min(SKETCH_AVERAGING),
            ..cell.settings.clone()
        },
        threads: session.threads,
        force: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_axis_has_nine_valid_cells_that_differ() {
        let absolute = TransferSettings {
            loss_scale: LossScale::Absolute,
            ..TransferSettings::default()
        };
        for base in [TransferSettings::default(), absolute] {
            for axis in [Axis::Dial, Axis::Strokes, Axis::Measure] {
                let cells = settings_along(axis, &base);
                assert_eq!(cells.len(), 9, "{axis:?}");
                for (n, (label, settings)) in cells.iter().enumerate() {
                    settings.validate().unwrap();
                    assert!(!label.is_empty());
                    let others = cells[..n].iter().filter(|(_, other)| other == settings);
                    assert_eq!(others.count(), 0, "{axis:?}: {label} comes twice");
                }
            }
        }
    }
}

//! The sheet is opened, sketched, and one of its cells chosen.

use std::sync::Arc;

use crate::{
    app::{
        App,
        command::ids::Axis,
        io::sketcher::SketchTask,
        notices::state::Mood,
        session::Session,
        text,
        variations::state::{TURNS, Variations},
    },
    settings::{Schedule, TransferSettings},
    transfer::Job,
};

/// Longest side of a sketch in pixels.
const SKETCH_PX: u32 = 176;
/// A mean over as many steps as a preview's would still show the content image.
const SKETCH_AVERAGING: f64 = 0.8;

impl App {
    /// Opens the sheet, or turns it to another axis.
    pub(crate) fn vary(&mut self, axis: Axis) {
        let Some(job) = self.session.job() else {
            self.session.toasts.add(Mood::Note, text::NEEDS_PICTURES);
            return;
        };
        let assist = &mut self.session.assist;
        assist.sheets += 1;
        assist.variations = Some(Variations::new(axis, assist.sheets, job));
    }

    /// Begins the sheet anew when pictures or settings have changed.
    pub(crate) fn renew_variations(&mut self) {
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
    pub(crate) fn sketch_variation(&mut self) -> bool {
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
    pub(crate) fn choose_variation(&mut self, n: usize) {
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

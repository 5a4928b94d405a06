//! The sheet is opened, sketched, and one of its cells chosen.

use eframe::egui::Context;

use crate::{
    app::{
        App,
        command::{features::VariationsCommand, ids::Axis},
        instant::state::Tools,
        io::{
            instant::{ArrivedCell, SheetId},
            sketcher::{SketchEvent, SketchTask},
        },
        notices::state::Mood,
        session::job::at_most_px,
        text,
        variations::state::{Sheet, TURNS},
    },
    settings::{Schedule, TransferSettings},
    transfer::Job,
    worker::SheetRequest,
};

/// Longest side of a sketch in pixels.
const SKETCH_PX: u32 = 176;
/// A mean over as many steps as a preview's would still show the content image.
const SKETCH_AVERAGING: f64 = 0.8;

impl App {
    /// Does what a view asked for.
    pub(crate) fn variations_command(&mut self, command: VariationsCommand) {
        match command {
            VariationsCommand::Toggle if !self.session.variations.is_open() => {
                self.vary(Axis::default());
            }
            VariationsCommand::Toggle | VariationsCommand::Close => {
                self.session.variations.open = None;
                self.session.brushes.sheet = None;
            }
            VariationsCommand::Open(axis) => self.vary(axis),
            VariationsCommand::Choose(n) => self.choose_variation(n),
        }
    }

    /// Takes in what was sketched and begins the next sketch. Called once a frame.
    pub(crate) fn sketches(&mut self, ctx: &Context) {
        for cell in self.instant.take_cells() {
            let ArrivedCell { sheet, n, image } = cell;
            match sheet {
                SheetId::Variations(id) => {
                    self.session.variations.show_instant(ctx, id, n, image);
                }
                SheetId::Brushes(id) => self.session.brushes.show_cell(ctx, id, n, image),
            }
        }
        for event in self.sketcher.take_events() {
            self.sketch_event(ctx, event);
        }
        self.estimate_memory();
        self.renew_variations(ctx);
        if !self.sketch_variation() && !self.measure_speed(ctx) {
            self.sketcher.rest();
        }
    }

    fn sketch_event(&mut self, ctx: &Context, event: SketchEvent) {
        let session = &mut self.session;
        match event {
            SketchEvent::Stepped(report) => session.estimate.time(&report),
            SketchEvent::Preview(SketchTask::Speed(_), _) => {}
            SketchEvent::Preview(SketchTask::Cell { sheet, n }, image) => {
                session.variations.show_cell(ctx, sheet, n, image);
            }
            SketchEvent::Done(SketchTask::Speed(kind), _) => self.speed_measured(kind),
            SketchEvent::Done(SketchTask::Cell { sheet, n }, snapshot) => {
                session.variations.cell_done(sheet, n, *snapshot);
            }
            SketchEvent::Failed(task, error) => {
                log::info!("no sketch: {error}");
                match task {
                    SketchTask::Speed(kind) => session.estimate.give_up(&kind),
                    SketchTask::Cell { sheet, n } => {
                        session.variations.cell_failed(sheet, n, &error);
                    }
                }
            }
        }
    }

    /// Opens the sheet, or turns it to another axis.
    fn vary(&mut self, axis: Axis) {
        let Some(job) = self.session.job() else {
            self.session.toasts.add(Mood::Note, text::NEEDS_PICTURES);
            return;
        };
        self.session.brushes.sheet = None;
        self.session.variations.open(axis, job);
        // Of the three axes the instant pictures know only the dial.
        if axis == Axis::Dial {
            self.preview_variations();
        }
    }

    /// Asks for an instant picture of each cell, to look at until its sketch is there.
    fn preview_variations(&self) {
        let Some(sheet) = &self.session.variations.open else {
            return;
        };
        let cells = sheet.cells.iter().map(|cell| {
            // Sketches of a run: it has no brushes.
            let tools = Tools {
                learnt: self.learnt_styles(),
                ..Tools::default()
            };
            let job = Job {
                settings: cell.settings.clone(),
                ..sheet.job.clone()
            };
            let (job, look) = tools.apply(job);
            (job.settings, look)
        });
        let request = SheetRequest {
            job: sheet.job.clone(),
            cells: cells.collect(),
            longest_px: SKETCH_PX,
        };
        if let Err(error) = self
            .instant
            .ask_sheet(SheetId::Variations(sheet.id), request)
        {
            log::warn!("no instant pictures of variations: {error}");
        }
    }

    /// Begins the sheet anew when pictures or settings have changed.
    fn renew_variations(&mut self, ctx: &Context) {
        let Some(open) = &self.session.variations.open else {
            return;
        };
        let axis = open.axis;
        // A slider that is dragged would have it begun anew with every frame.
        let dragged = ctx.input(|input| input.pointer.any_down());
        if dragged || self.session.is_next(&open.job) {
            return;
        }
        if self.session.is_ready() {
            self.vary(axis);
        } else {
            self.session.variations.open = None;
        }
    }

    /// Begins the next turn. Answers whether one is at work.
    fn sketch_variation(&mut self) -> bool {
        let Some(sheet) = &self.session.variations.open else {
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
        let job = sketch(sheet, n, turn);
        let task = SketchTask::Cell { sheet: sheet.id, n };
        if let Err(error) = self.sketcher.begin(task, job) {
            self.session.variations.open = None;
            self.complain(&error);
            return false;
        }
        true
    }

    /// Goes on with a cell: a run at hand takes its settings over at once, else one begins.
    fn choose_variation(&mut self, n: usize) {
        let Some(sheet) = self.session.variations.open.take() else {
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
fn sketch(sheet: &Sheet, n: usize, turn: usize) -> Job {
    let (cell, job) = (&sheet.cells[n], &sheet.job);
    let settings = TransferSettings {
        size_px: Some(at_most_px(&job.content, SKETCH_PX)),
        schedule: Schedule::SingleLevel,
        steps: TURNS[turn],
        averaging: cell.settings.averaging.min(SKETCH_AVERAGING),
        ..cell.settings.clone()
    };
    Job {
        initial: cell.picture.clone().or_else(|| job.initial.clone()),
        settings,
        ..job.clone()
    }
}

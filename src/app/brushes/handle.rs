//! Lessons begin and end; brush files are taken in; brushes are shown and chosen.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::Context;

use crate::{
    app::{
        App,
        brushes::state::{Chosen, Known, Learning},
        command::{features::BrushesCommand, ids::Source},
        instant::state::Tools,
        io::{files::FileEvent, instant::SheetId, lessons},
        notices::state::Mood,
        text,
    },
    error::Result,
    feedforward::{BRUSH_EXTENSION, Brush},
    worker::{LessonEvent, SheetRequest},
};

/// Longest side of a brush's picture on the sheet.
const SKETCH_PX: u32 = 256;

impl App {
    /// Does what a view asked for.
    pub(crate) fn brushes_command(&mut self, ctx: &Context, command: BrushesCommand) {
        match command {
            BrushesCommand::Learn(n) => self.learn(ctx, n),
            BrushesCommand::Stop => self.stop_learning(),
            BrushesCommand::Toggle if self.session.brushes.sheet.is_some() => {
                self.session.brushes.sheet = None;
            }
            BrushesCommand::Toggle => self.open_brushes(),
            BrushesCommand::Choose { n, add } => {
                self.session.brushes.choose(n, add);
                if !add {
                    self.session.brushes.sheet = None;
                }
                self.show_instant_next();
            }
            BrushesCommand::Weight(n, weight) => {
                if let Some(chosen) = self.session.brushes.chosen.get_mut(n) {
                    chosen.weight = weight;
                }
                self.show_instant_next();
            }
            BrushesCommand::Images(share) => {
                self.session.brushes.images = share;
                self.show_instant_next();
            }
            BrushesCommand::Drop(n) => {
                let chosen = &mut self.session.brushes.chosen;
                if n < chosen.len() {
                    chosen.remove(n);
                }
                self.show_instant_next();
            }
        }
    }

    /// Whoever chooses brushes wants to see what they do. While a run is at work nothing is painted beside
    /// it.
    fn show_instant_next(&mut self) {
        if self.session.run.phase.is_active() {
            self.session.toasts.add(Mood::Note, text::BRUSHES_LATER);
        } else {
            self.session.source = Some(Source::Instant);
        }
    }

    /// Opens the sheet of all brushes, and asks for its pictures.
    fn open_brushes(&mut self) {
        let Some(job) = self.session.job() else {
            self.session.toasts.add(Mood::Note, text::NEEDS_PICTURES);
            return;
        };
        self.session.variations.open = None;
        let sheet = self.session.brushes.open_sheet(job.clone());
        // What a click will paint with.
        let mut painted = job.clone();
        let cells = sheet.cells.iter().map(|cell| {
            let tools = Tools {
                brushes: vec![Chosen::alone(Arc::clone(&cell.brush))],
                ..Tools::default()
            };
            let (job, look) = tools.apply(job.clone());
            painted.styles = job.styles;
            (job.settings, look)
        });
        let request = SheetRequest {
            cells: cells.collect(),
            job: painted,
            longest_px: SKETCH_PX,
        };
        let id = SheetId::Brushes(sheet.id);
        if let Err(error) = self.instant.ask_sheet(id, request) {
            log::warn!("no pictures of brushes: {error}");
        }
    }

    /// Makes the open sheet anew when pictures, settings or brushes have changed. Called once a frame.
    pub(crate) fn renew_brushes(&mut self, ctx: &Context) {
        let Some(sheet) = &self.session.brushes.sheet else {
            return;
        };
        let same = self.session.is_next(&sheet.job) && self.session.brushes.are_on(sheet);
        // A slider that is dragged would have it begun anew with every frame.
        if same || ctx.input(|input| input.pointer.any_down()) {
            return;
        }
        if self.session.is_ready() {
            self.open_brushes();
        } else {
            self.session.brushes.sheet = None;
        }
    }

    /// Asks for the brushes there are.
    pub(crate) fn load_brushes(&mut self) {
        let folder = self.brushes_folder.clone();
        let asked = self
            .files
            .apart("brushes", move || FileEvent::Brushes(lessons::find(folder)));
        self.expect(asked);
    }

    /// They are here.
    pub(crate) fn brushes_known(&mut self, found: Result<lessons::Found>) {
        match found {
            Ok(found) => {
                let brushes = &mut self.session.brushes;
                let own = found.own.into_iter().map(Known::from);
                brushes.known.splice(0..0, own);
                brushes.built_in = found.built_in.into_iter().map(Arc::new).collect();
            }
            // The window works without them.
            Err(error) => log::warn!("{error}"),
        }
    }

    /// Takes the brush files out of dropped ones, and into the folder.
    pub(crate) fn take_brushes(&mut self, paths: Vec<PathBuf>) -> Vec<PathBuf> {
        let is_brush = |path: &PathBuf| path.extension().is_some_and(|e| e == BRUSH_EXTENSION);
        let (brushes, others): (Vec<_>, Vec<_>) = paths.into_iter().partition(is_brush);
        for path in brushes {
            let folder = self.brushes_folder.clone();
            let asked = self.files.apart("brush", move || {
                FileEvent::BrushTaken(lessons::take(folder, &path))
            });
            self.expect(asked);
        }
        others
    }

    /// A brush lies in the folder, or not.
    pub(crate) fn brush_kept(&mut self, kept: Result<Brush>) {
        match kept {
            Ok(brush) => {
                let words = text::brush_kept(&brush.name);
                self.session.toasts.add(Mood::Done, words);
                self.session.brushes.add(brush);
            }
            Err(error) => self.complain(&error),
        }
    }

    /// A dropped brush lies in the folder, or not: it is painted with at once.
    pub(crate) fn brush_taken(&mut self, taken: Result<Brush>) {
        match taken {
            Ok(brush) => {
                let words = text::brush_taken(&brush.name);
                self.session.toasts.add(Mood::Done, words);
                let brush = self.session.brushes.add(brush);
                self.session.brushes.paint_with(brush);
                self.show_instant_next();
            }
            Err(error) => self.complain(&error),
        }
    }

    fn learn(&mut self, ctx: &Context, n: usize) {
        let Some(style) = self.session.pictures.styles.get(n) else {
            return;
        };
        let style = Arc::clone(&style.shown.picture);
        let name = text::brush_name(&style.name);
        log::info!("learning a brush of {}", style.name);
        let threads = self.session.threads;
        match lessons::LessonUnderWay::begin(ctx, Arc::clone(&style), name, threads) {
            Ok(under_way) => {
                self.session.brushes.learning = Some(Learning {
                    style,
                    report: None,
                    norms: None,
                    stops: false,
                    under_way,
                });
            }
            Err(error) => self.complain(&error),
        }
    }

    fn stop_learning(&mut self) {
        if let Some(learning) = &mut self.session.brushes.learning {
            learning.stops = true;
            learning.under_way.stop();
        }
    }

    /// Takes in what the lesson has to say. Called once a frame; never waits.
    pub(crate) fn lesson_events(&mut self) {
        let Some(learning) = &mut self.session.brushes.learning else {
            return;
        };
        let mut end = None;
        for event in learning.under_way.take_events() {
            match event {
                LessonEvent::Stepped(report, norms) => {
                    learning.report = Some(report);
                    learning.norms = norms.or(learning.norms.take());
                }
                LessonEvent::Done(brush) => end = Some(Ok(brush)),
                LessonEvent::Failed(error) => end = Some(Err(error)),
            }
        }
        let Some(end) = end else {
            return;
        };
        self.session.brushes.learning = None;
        match end {
            Ok(Some(brush)) => {
                log::info!(
                    "the brush {} is learnt in {:.0} s",
                    brush.name,
                    brush.record.secs
                );
                let folder = self.brushes_folder.clone();
                let asked = self.files.apart("brush", move || {
                    FileEvent::BrushKept(lessons::keep(folder, *brush))
                });
                self.expect(asked);
            }
            Ok(None) => {}
            Err(error) => self.complain(&error),
        }
    }
}

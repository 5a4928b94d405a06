//! Lessons begin and end; brush files are taken in.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::Context;

use crate::{
    app::{
        App,
        brushes::state::{Known, Learning},
        command::features::BrushesCommand,
        io::{files::FileEvent, lessons},
        notices::state::Mood,
        text,
    },
    error::Result,
    feedforward::{BRUSH_EXTENSION, Brush},
    worker::LessonEvent,
};

impl App {
    /// Does what a view asked for.
    pub(crate) fn brushes_command(&mut self, ctx: &Context, command: BrushesCommand) {
        match command {
            BrushesCommand::Learn(n) => self.learn(ctx, n),
            BrushesCommand::Stop => self.stop_learning(),
        }
    }

    /// Asks for the user's brushes.
    pub(crate) fn load_brushes(&mut self) {
        let folder = self.brushes_folder.clone();
        let asked = self.files.apart("brushes", move || {
            FileEvent::Brushes(lessons::known(folder))
        });
        self.expect(asked);
    }

    /// They are here.
    pub(crate) fn brushes_known(&mut self, brushes: Result<Vec<Brush>>) {
        match brushes {
            Ok(brushes) => {
                let known = brushes.into_iter().map(Known::from);
                self.session.brushes.known.splice(0..0, known);
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
                FileEvent::BrushKept(lessons::take(folder, &path))
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
                let known = &mut self.session.brushes.known;
                known.retain(|known| known.name != brush.name);
                known.push(brush.into());
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

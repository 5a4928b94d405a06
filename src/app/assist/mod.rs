//! What helps beside the run: estimates, variations, pictures turned and cut, presets of one's
//! own, a queue of runs, notices.
//!
//! Each has a file with its state and what its commands do, and one that draws it where that is
//! more than a row.

use eframe::egui::{Context, Ui};

use crate::{
    app::{
        App,
        command::{Command, features::AssistCommand, ids::Role},
        estimate::state::Estimate,
        io::{
            presets::AssistEvent,
            sketcher::{self, SketchEvent},
        },
        presets::{name, state::Gallery},
        queue::state::Queue,
        variations::state::Variations,
    },
    settings::PictureEdit,
};

/// State of these helpers.
#[derive(Default)]
pub(crate) struct Assist {
    pub(crate) estimate: Estimate,
    pub(crate) variations: Option<Variations>,
    pub(crate) queue: Queue,
    pub(crate) gallery: Gallery,
    /// Edits of pictures that are being read.
    pub(crate) pending_edits: Vec<(Role, PictureEdit)>,
    pub(crate) sheets: u64,
}

impl App {
    /// Does what a view asked for.
    pub(crate) fn assist(&mut self, command: AssistCommand) {
        match command {
            AssistCommand::Vary(axis) => self.vary(axis),
            AssistCommand::CloseSheet => self.session.assist.variations = None,
            AssistCommand::Choose(n) => self.choose_variation(n),
            AssistCommand::Edit(role, edit) => self.edit_picture(role, edit),
            AssistCommand::GoOn => self.go_on(),
            AssistCommand::Enqueue => self.enqueue(),
            AssistCommand::Dequeue(id) => self.session.assist.queue.remove(id),
            AssistCommand::StartQueue => self.start_queue(),
            AssistCommand::NamePreset(old) => self.name_preset(old),
            AssistCommand::PresetNamed(name) => self.preset_named(name),
            AssistCommand::DeletePreset(name) => self.delete_preset(name),
        }
    }

    /// Takes in what was sketched and begins the next sketch. Called once a frame.
    pub(crate) fn sketches(&mut self, ctx: &Context) {
        for event in self.sketcher.take_events() {
            match event {
                SketchEvent::Stepped(report) => self.session.assist.estimate.time(&report),
                SketchEvent::Preview(task, image) => {
                    self.session.assist.show_cell(ctx, &task, image);
                }
                SketchEvent::Done(task, snapshot) => match task {
                    sketcher::SketchTask::Speed(kind) => self.speed_measured(kind),
                    task @ sketcher::SketchTask::Cell { .. } => {
                        self.session.assist.cell_done(&task, *snapshot);
                    }
                },
                SketchEvent::Failed(task, error) => {
                    log::info!("no sketch: {error}");
                    self.session.assist.sketch_failed(&task, &error);
                }
            }
        }
        self.estimate_memory();
        self.renew_variations();
        if !self.sketch_variation() && !self.measure_speed(ctx) {
            self.sketcher.rest();
        }
    }

    /// An answer of the thread for pictures.
    pub(crate) fn assist_event(&mut self, ctx: &Context, event: AssistEvent) {
        match event {
            AssistEvent::Edited { .. } => self.put_edited(ctx, event),
            AssistEvent::MemoryEstimated(forecast) => self.session.assist.estimate.answer(forecast),
            AssistEvent::PresetPictures(pictures) => {
                self.session.assist.gallery.show(ctx, pictures);
            }
            AssistEvent::UserPresets { listed, saved } => {
                self.user_presets_listed(ctx, listed, saved);
            }
        }
    }
}

/// Draws the questions of these helpers, over the whole window.
pub(crate) fn assist_dialogs_ui(ui: &Ui, assist: &mut Assist, commands: &mut Vec<Command>) {
    name::name_ui(ui, &mut assist.gallery, commands);
}

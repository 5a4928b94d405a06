//! What a program around the window (a test, say) can ask of it.

use std::{path::PathBuf, sync::Arc};

use eframe::egui;

use crate::{
    app::{
        App,
        command::ids::{Role, Source},
        io::{
            names::file_stem,
            picture::{Load, PictureSource},
            purpose::Purpose,
        },
        session::{picture::Shown, run::Phase},
    },
    pixels::Picture,
    settings::{AppSettings, SaveChoices, TransferSettings},
};

impl App {
    /// Run and step of the moment that is looked at; `None` is now.
    pub fn moment(&self) -> Option<(u64, u32)> {
        let moment = self.session.timeline.moment;
        moment.map(|moment| (moment.run, moment.step))
    }

    /// The runs of the film, each with the step it started from and the steps of its frames.
    pub fn film(&self) -> Vec<(u64, u32, Vec<u32>)> {
        let reels = self.session.timeline.reels.iter();
        reels
            .map(|reel| {
                let steps = reel.frames.iter().map(|frame| frame.step);
                (reel.run, reel.start, steps.collect())
            })
            .collect()
    }

    /// Memory that the film takes.
    pub fn film_bytes(&self) -> usize {
        self.worker.film_bytes()
    }

    /// Exports the film that is shown, as was chosen last.
    pub fn export_film(&mut self, path: PathBuf) {
        let choices = self.session.export.choices;
        self.begin_export(choices, path);
    }

    /// What files that hover over the window would become: "content" or "style"; `None` when none
    /// hover, or that would be asked.
    pub fn drop_target(&self) -> Option<&'static str> {
        let role = self.session.drops.landing(self.sketcher.ctx())?;
        Some(role.name())
    }

    /// The part of a large picture that was made sharp last (left, top, width and height in its
    /// pixels) and at which scale.
    pub fn sharp_part(&self) -> Option<([usize; 4], f32)> {
        let newest = self.session.detail.shown.last()?;
        Some((newest.part.px, newest.part.scale))
    }

    /// Whether a question is open.
    pub fn asks(&self) -> bool {
        self.session.asks()
    }

    /// Runs that wait in the queue.
    pub fn queued(&self) -> usize {
        self.session.queue.waiting.len()
    }

    /// Asks in the window itself where the newest picture is to be saved, as where the system has no
    /// dialog.
    pub fn ask_where_to_save(&mut self) {
        self.session.saving = None;
        if let Some(kept) = self.session.newest() {
            let (id, picture) = (kept.id, &kept.snapshot.picture);
            let extension = self.session.app.saving.format.extension();
            let name = format!("{}.{extension}", file_stem(&picture.name));
            self.ask_path(Purpose::Save(id, name));
        }
    }

    /// How pictures are saved from now on.
    pub fn put_save_choices(&mut self, choices: SaveChoices) {
        self.session.app.saving = choices.repaired();
    }

    /// Whether a film is being exported.
    pub fn is_exporting(&self) -> bool {
        self.session.export.under_way.is_some()
    }

    /// Strengths of the styles in use.
    pub fn strengths(&self) -> Vec<f64> {
        let styles = self.session.pictures.styles.iter();
        styles.map(|style| style.strength).collect()
    }

    /// The settings of the next run.
    pub fn settings(&self) -> &TransferSettings {
        self.session.settings()
    }

    /// Uses a picture as content (or, with `as_style`, as the first style).
    pub fn open(&mut self, path: PathBuf, as_style: bool) {
        let role = if as_style {
            Role::Style(0)
        } else {
            Role::Content
        };
        self.load(Load::new(role, PictureSource::File(path)));
    }

    /// Where the run stands.
    pub fn phase(&self) -> Phase {
        self.session.run.phase
    }

    /// Steps taken.
    pub fn step(&self) -> u32 {
        self.session.run.step()
    }

    /// Whether a preview of the run is on the canvas.
    pub fn has_preview(&self) -> bool {
        self.session.run.now.is_some()
    }

    /// How many instant previews have arrived, and the sides of the one on the canvas in its own pixels;
    /// `None` when the canvas shows something else.
    pub fn instant(&self) -> (u64, Option<[usize; 2]>) {
        let shown = self.session.source() == Source::Instant;
        let texture = self.session.texture(Source::Instant).filter(|_| shown);
        (
            self.session.instant.count,
            texture.map(egui::TextureHandle::size),
        )
    }

    /// Names of the user's brushes, the newest last.
    pub fn brushes(&self) -> Vec<String> {
        let known = self.session.brushes.known.iter();
        known.map(|known| known.brush.name.clone()).collect()
    }

    /// Names and weights of the brushes that are painted with, and the factor for the style images
    /// beside them.
    pub fn chosen_brushes(&self) -> (Vec<(String, f64)>, f64) {
        let brushes = &self.session.brushes;
        let chosen = brushes.chosen.iter();
        let chosen = chosen.map(|chosen| (chosen.brush.name.clone(), chosen.weight));
        (chosen.collect(), brushes.images)
    }

    /// How many brushes of the open sheet have a picture, of how many; `None` when it is closed.
    pub fn brush_sheet(&self) -> Option<(usize, usize)> {
        let sheet = self.session.brushes.sheet.as_ref()?;
        let there = sheet.cells.iter().filter(|cell| cell.texture.is_some());
        Some((there.count(), sheet.cells.len()))
    }

    /// Steps that the lesson under way has taken; `None` when there is none.
    pub fn lesson_step(&self) -> Option<u32> {
        let learning = self.session.brushes.learning.as_ref()?;
        Some(learning.report.map_or(0, |report| report.step))
    }

    /// Names and steps of the kept pictures, oldest first.
    pub fn snapshots(&self) -> Vec<(String, u32)> {
        let kept = self.session.snapshots.kept.iter();
        kept.map(|kept| (kept.name.clone(), kept.snapshot.step))
            .collect()
    }

    /// The newest kept picture, as it would be saved, and the settings in force when it was made.
    pub fn newest(&self) -> Option<(Arc<Picture>, &TransferSettings)> {
        let snapshot = &self.session.newest()?.snapshot;
        Some((Arc::clone(&snapshot.picture), &snapshot.record.settings))
    }

    /// Names of content and style images in use.
    pub fn pictures(&self) -> (Option<String>, Vec<String>) {
        let name = |shown: &Shown| shown.picture.name.clone();
        let styles = self.session.pictures.styles.iter();
        (
            self.session.pictures.content.as_ref().map(name),
            styles.map(|style| name(&style.shown)).collect(),
        )
    }

    /// Sides of the content image in pixels, as it is used.
    pub fn content_px(&self) -> Option<(usize, usize)> {
        self.session.pictures.content.as_ref().map(Shown::size_px)
    }

    /// Instant pictures that the open sheet of variations has got.
    pub fn sheet_instants(&self) -> Option<usize> {
        let sheet = self.session.variations.open.as_ref()?;
        Some(sheet.instants)
    }

    /// How many cells of the sheet of variations have a picture, of how many; `None` when it is
    /// closed.
    pub fn sketched(&self) -> Option<(usize, usize)> {
        let sheet = self.session.variations.open.as_ref()?;
        Some((sheet.sketched(), sheet.cells.len()))
    }

    /// Titles of all presets.
    pub fn presets(&self) -> Vec<String> {
        let presets = self.session.presets.list.iter();
        presets.map(|preset| preset.title.clone()).collect()
    }

    /// Steps after which settings were changed while the run went on.
    pub fn changes(&self) -> &[u32] {
        &self.session.run.changes
    }

    /// The error that waits to be read.
    pub fn error(&self) -> Option<&str> {
        self.session.banner.as_ref().map(|banner| &*banner.text)
    }

    /// What is remembered for the next start.
    pub fn remembered(&self) -> &AppSettings {
        &self.session.app
    }
}

//! What a program around the window (a test, say) can ask of the film.

use std::path::PathBuf;

use crate::{app::App, settings::SaveChoices};

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
        let choices = self.session.timeline.export.choices;
        self.begin_export(choices, path);
    }

    /// How pictures are saved from now on.
    pub fn put_save_choices(&mut self, choices: SaveChoices) {
        self.session.app.saving = choices.repaired();
    }

    /// Whether a film is being exported.
    pub fn is_exporting(&self) -> bool {
        self.session.timeline.export.under_way.is_some()
    }

    /// Strengths of the styles in use.
    pub fn strengths(&self) -> Vec<f64> {
        let styles = self.session.styles.iter();
        styles.map(|style| style.strength).collect()
    }
}

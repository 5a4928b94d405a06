//! What the controls work on from frame to frame, and the history of settings.
//!
//! Settings are copied when they change, not with every frame.

use std::sync::Arc;

use eframe::egui::util::undoer::{self, Undoer};

use crate::{
    app::presets::state::Presets,
    settings::{AppSettings, TransferSettings},
};

/// Seconds without a change after which what follows is a change of its own.
pub(crate) const REST_SECS: f32 = 0.25;

/// A copy of the settings under the hands of the widgets.
#[derive(Default)]
pub(crate) struct Controls {
    /// The settings, as they will be after this frame.
    pub(crate) settings: TransferSettings,
    /// What resets go back to: the settings of the preset.
    pub(crate) reset: TransferSettings,
    /// Whether the settings are no longer those of the preset.
    pub(crate) changed: bool,
    /// Name of the preset, and version of the list that `reset` was taken from.
    preset: Option<(String, u64)>,
}

impl Controls {
    /// Takes over what has changed elsewhere; copies only then.
    pub(crate) fn follow(&mut self, app: &AppSettings, presets: &Presets) {
        let known = self.preset.as_ref();
        let same_preset =
            known.is_some_and(|(name, list)| *name == app.preset && *list == presets.version());
        let same_settings = self.settings == app.transfer;
        if !same_settings {
            self.settings.clone_from(&app.transfer);
        }
        if !same_preset {
            self.reset = presets.reset_settings(&app.preset);
            self.preset = Some((app.preset.clone(), presets.version()));
        }
        if !(same_settings && same_preset) {
            self.compare();
        }
    }

    /// The widgets have changed something.
    pub(crate) fn compare(&mut self) {
        self.changed = essence(&self.settings) != essence(&self.reset);
    }
}

/// Settings that a preset is about: what is the user's own stays out of the comparison.
fn essence(settings: &TransferSettings) -> TransferSettings {
    TransferSettings {
        size_px: None,
        steps: 1,
        seed: 0,
        weights: None,
        ..settings.clone()
    }
}

/// What undo brings back.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Past {
    /// Name of the preset.
    pub(crate) preset: String,
    pub(crate) settings: TransferSettings,
    /// How many deeds were done by then.
    pub(crate) deeds: usize,
}

/// A moment of the history.
pub(crate) type Moment = Arc<Past>;

/// The history of settings and deeds.
pub(crate) struct History {
    undoer: Undoer<Moment>,
    now: Moment,
}

impl Default for History {
    fn default() -> Self {
        Self {
            undoer: Undoer::with_settings(undoer::Settings {
                stable_time: REST_SECS,
                ..undoer::Settings::default()
            }),
            now: Arc::default(),
        }
    }
}

impl History {
    /// Takes over the settings of the moment; copies them only when they have changed.
    fn follow(&mut self, app: &AppSettings, deeds: usize) {
        let now = &self.now;
        if now.preset != app.preset || now.settings != app.transfer || now.deeds != deeds {
            self.now = Arc::new(Past {
                preset: app.preset.clone(),
                settings: app.transfer.clone(),
                deeds,
            });
        }
    }

    /// Takes note of the settings at a time; while something is held (a slider is dragged), they
    /// are no change of their own. Answers whether a change is going on.
    pub(crate) fn note(
        &mut self,
        app: &AppSettings,
        deeds: usize,
        now_secs: f64,
        held: bool,
    ) -> bool {
        self.follow(app, deeds);
        if !held {
            self.undoer.feed_state(now_secs, &self.now);
        }
        self.undoer.is_in_flux()
    }

    /// What was before the last change.
    pub(crate) fn undo(&mut self, app: &AppSettings, deeds: usize) -> Option<Moment> {
        self.follow(app, deeds);
        self.undoer.undo(&self.now).cloned()
    }

    /// What was before the last undo.
    pub(crate) fn redo(&mut self, app: &AppSettings, deeds: usize) -> Option<Moment> {
        self.follow(app, deeds);
        self.undoer.redo(&self.now).cloned()
    }

    /// Whether there is anything to undo, and to redo.
    pub(crate) fn reaches(&self) -> (bool, bool) {
        (
            self.undoer.has_undo(&self.now),
            self.undoer.has_redo(&self.now),
        )
    }
}

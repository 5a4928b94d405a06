//! [`AppSettings`]: what the window remembers from one start to the next.
//!
//! The window reads and writes it through its own storage; nothing here touches files.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{DeviceChoice, PictureEdit, SaveChoices, TransferSettings};

/// Most files that the list of recent ones holds: as many as a menu shows without scrolling.
pub const RECENT_MAX: usize = 12;

/// Most speeds that are remembered: more kinds of runs than a person tries.
pub const SPEEDS_MAX: usize = 40;

/// The window's memory. The default is that of a first start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppSettings {
    /// Version of this structure; see [`Self::VERSION`].
    pub version: u32,
    /// The settings of the next run.
    pub transfer: TransferSettings,
    /// Name of the preset they started from.
    pub preset: String,
    /// What runs are computed on.
    pub device: DeviceChoice,
    /// Light or dark.
    pub theme: ThemeChoice,
    /// How many of the controls are shown.
    pub depth: ControlDepth,
    /// The content image; `None` is the sample.
    pub content: Option<PathBuf>,
    /// How the content image is turned and cut.
    pub content_edit: PictureEdit,
    /// The style images; empty is the sample.
    pub styles: Vec<StyleSource>,
    /// Folder that snapshots are saved to; `None` is "Impasto" among the user's pictures.
    pub save_folder: Option<PathBuf>,
    /// How pictures are saved.
    pub saving: SaveChoices,
    /// Folder that the file dialog opens with.
    pub open_folder: Option<PathBuf>,
    /// Pictures opened lately, newest first, at most [`RECENT_MAX`].
    pub recent: Vec<PathBuf>,
    /// Whether a run was ever started: the hint of the first start goes then.
    pub hint_seen: bool,
    /// Seconds that a step took for a million pixels, by what decides it; at most [`SPEEDS_MAX`].
    pub speeds: BTreeMap<String, f64>,
}

/// A style image and its share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StyleSource {
    /// The file.
    pub path: PathBuf,
    /// Its strength among the others ([`super::range::STRENGTH`]).
    pub strength: f64,
    /// How it is turned and cut.
    #[serde(default)]
    pub edit: PictureEdit,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// As the system says; dark where it says nothing.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// How many of the controls are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ControlDepth {
    /// Preset, dial, colors, fade, size, quality.
    #[default]
    Basic,
    /// Layers, measures, strokes, smoothness.
    Layers,
    /// Every number.
    Expert,
}

impl Default for AppSettings {
    fn default() -> Self {
        Self {
            version: Self::VERSION,
            transfer: TransferSettings {
                // A painting within the first minute on two cores.
                size_px: Some(512),
                ..TransferSettings::default()
            },
            preset: "impasto".to_owned(),
            device: DeviceChoice::Auto,
            theme: ThemeChoice::System,
            depth: ControlDepth::Basic,
            content: None,
            content_edit: PictureEdit::default(),
            styles: Vec::new(),
            save_folder: None,
            saving: SaveChoices::default(),
            open_folder: None,
            recent: Vec::new(),
            hint_seen: false,
            speeds: BTreeMap::new(),
        }
    }
}

impl AppSettings {
    /// Version written by this program.
    pub const VERSION: u32 = 1;

    /// Puts a file at the head of the recent ones.
    pub fn remember(&mut self, path: &Path) {
        self.recent.retain(|known| known != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(RECENT_MAX);
        self.open_folder = path.parent().map(Path::to_owned);
    }

    /// Keeps in mind how fast a kind of run is; when there are too many, all others go, because
    /// they are measured again in a moment.
    pub fn learn_speed(&mut self, kind: String, secs_per_megapixel: f64) {
        if !self.speeds.contains_key(&kind) && self.speeds.len() >= SPEEDS_MAX {
            self.speeds.clear();
        }
        self.speeds.insert(kind, secs_per_megapixel);
    }

    /// Replaces what is no longer valid by its default, so that an old or damaged memory never
    /// keeps the window from opening.
    #[must_use]
    pub fn repaired(mut self) -> Self {
        if let Err(error) = self.transfer.validate() {
            log::warn!("remembered settings are replaced by the default: {error}");
            self.transfer = Self::default().transfer;
        }
        for style in &mut self.styles {
            if super::range::STRENGTH.check(style.strength).is_err() {
                style.strength = 1.0;
            }
        }
        self.preset = super::presets::present_name(&self.preset).to_owned();
        self.recent.truncate(RECENT_MAX);
        self.speeds
            .retain(|_, secs| secs.is_finite() && *secs > 0.0);
        self.saving = self.saving.repaired();
        self.version = Self::VERSION;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_serialization_and_unknown_fields() {
        let mut settings = AppSettings {
            theme: ThemeChoice::Light,
            styles: vec![StyleSource {
                path: "a.jpg".into(),
                strength: 0.5,
                edit: PictureEdit::default().turned(),
            }],
            ..AppSettings::default()
        };
        settings.remember(Path::new("/pictures/b.jpg"));
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(
            serde_json::from_str::<AppSettings>(&text).unwrap(),
            settings
        );
        let old: AppSettings = serde_json::from_str(r#"{"theme":"dark","gone":1}"#).unwrap();
        assert_eq!(old.theme, ThemeChoice::Dark);
        assert_eq!(old.transfer, AppSettings::default().transfer);
    }

    #[test]
    fn recent_files_are_newest_first_without_repeats() {
        let mut settings = AppSettings::default();
        for n in 0..RECENT_MAX + 3 {
            settings.remember(Path::new(&format!("/p/{n}.png")));
        }
        settings.remember(Path::new("/p/7.png"));
        assert_eq!(settings.recent.len(), RECENT_MAX);
        assert_eq!(settings.recent[0], Path::new("/p/7.png"));
        let repeats = settings.recent.iter().filter(|p| p.ends_with("7.png"));
        assert_eq!(repeats.count(), 1);
        assert_eq!(settings.open_folder.as_deref(), Some(Path::new("/p")));
    }

    #[test]
    fn damaged_settings_are_repaired() {
        let mut settings = AppSettings::default();
        settings.transfer.learning_rate = f64::NAN;
        settings.styles.push(StyleSource {
            path: "s.png".into(),
            strength: -1.0,
            edit: PictureEdit::default(),
        });
        let repaired = settings.repaired();
        repaired.transfer.validate().unwrap();
        let range = crate::settings::range::STRENGTH;
        range.check(repaired.styles[0].strength).unwrap();
    }
}

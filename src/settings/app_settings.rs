//! [`AppSettings`]: what the window remembers from one start to the next.
//!
//! The window reads and writes it through its own storage; nothing here touches files.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{DeviceChoice, InitialImage, PictureEdit, SaveChoices, TransferSettings};

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
    /// Where the window stood; `None` before the first time.
    pub window: Option<WindowPlace>,
    /// How large the window's text is, as a factor; 1 is usual.
    pub zoom: f32,
}

/// Where a window stands and how large it is, in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowPlace {
    /// Left upper corner with its frame, where the system says.
    pub position: Option<[f32; 2]>,
    /// Width and height without its frame.
    pub size: [f32; 2],
    /// Whether it fills the screen.
    pub maximized: bool,
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
            window: None,
            zoom: 1.0,
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

    /// The same without paths that are not text: a file of settings cannot hold them.
    #[must_use]
    pub fn with_text_paths_only(&self) -> Self {
        let is_text = |path: &PathBuf| path.to_str().is_some();
        let mut settings = self.clone();
        settings.recent.retain(is_text);
        settings.styles.retain(|style| is_text(&style.path));
        for path in [
            &mut settings.content,
            &mut settings.save_folder,
            &mut settings.open_folder,
        ] {
            path.take_if(|path| !is_text(path));
        }
        if let InitialImage::File(path) = &settings.transfer.initial_image
            && !is_text(path)
        {
            settings.transfer.initial_image = InitialImage::default();
        }
        settings.transfer.weights.take_if(|path| !is_text(path));
        settings
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
        if !(0.2..=5.0).contains(&self.zoom) {
            self.zoom = 1.0;
        }
        self.window = self.window.filter(|place| {
            let sides = place
                .size
                .iter()
                .all(|side| (100.0..20_000.0).contains(side));
            let mut position = place.position.iter().flatten();
            sides && position.all(|at| at.abs() < 50_000.0)
        });
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

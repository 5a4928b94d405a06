//! Presets: files of settings under `assets/presets`, inside the program.

use serde::{Deserialize, Serialize};

use super::TransferSettings;
use crate::{
    error::{Error, Result},
    network::Family,
};

/// A named set of settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Preset {
    /// The name the command line takes: `neural-style-pt`.
    pub name: String,
    /// The name shown in the window.
    pub title: String,
    /// Whose defaults it reproduces, or what it is good for; one or two sentences.
    pub about: String,
    /// The weight family the numbers are meant for; `None` when any will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Family>,
    /// The settings.
    pub settings: TransferSettings,
}

/// File name and text of each preset, in the order shown.
const FILES: &[(&str, &str)] = &[
    (
        "impasto.toml",
        include_str!("../../assets/presets/impasto.toml"),
    ),
    (
        "faithful.toml",
        include_str!("../../assets/presets/faithful.toml"),
    ),
    (
        "bold-strokes.toml",
        include_str!("../../assets/presets/bold-strokes.toml"),
    ),
    (
        "ink-and-line.toml",
        include_str!("../../assets/presets/ink-and-line.toml"),
    ),
    (
        "watercolor.toml",
        include_str!("../../assets/presets/watercolor.toml"),
    ),
    (
        "mosaic.toml",
        include_str!("../../assets/presets/mosaic.toml"),
    ),
    (
        "gram-classic.toml",
        include_str!("../../assets/presets/gram-classic.toml"),
    ),
    (
        "fine-detail.toml",
        include_str!("../../assets/presets/fine-detail.toml"),
    ),
    (
        "photo-to-photo.toml",
        include_str!("../../assets/presets/photo-to-photo.toml"),
    ),
    (
        "texture-only.toml",
        include_str!("../../assets/presets/texture-only.toml"),
    ),
    (
        "reconstruct-content.toml",
        include_str!("../../assets/presets/reconstruct-content.toml"),
    ),
    (
        "random-filters.toml",
        include_str!("../../assets/presets/random-filters.toml"),
    ),
    (
        "nnst-opt.toml",
        include_str!("../../assets/presets/nnst-opt.toml"),
    ),
    (
        "gatys-2016.toml",
        include_str!("../../assets/presets/gatys-2016.toml"),
    ),
    (
        "neural-style.toml",
        include_str!("../../assets/presets/neural-style.toml"),
    ),
    (
        "neural-style-pt.toml",
        include_str!("../../assets/presets/neural-style-pt.toml"),
    ),
    (
        "neural-style-fast.toml",
        include_str!("../../assets/presets/neural-style-fast.toml"),
    ),
    (
        "crowsonkb.toml",
        include_str!("../../assets/presets/crowsonkb.toml"),
    ),
    (
        "titu1994.toml",
        include_str!("../../assets/presets/titu1994.toml"),
    ),
    (
        "lapstyle.toml",
        include_str!("../../assets/presets/lapstyle.toml"),
    ),
];

/// All presets, the default first.
///
/// # Errors
/// Never for an undamaged program: a test reads every file.
pub fn presets() -> Result<Vec<Preset>> {
    FILES
        .iter()
        .map(|(file, text)| {
            toml::from_str(text)
                .map_err(|fault| Error::Internal(format!("preset {file} is damaged: {fault}")))
        })
        .collect()
}

/// The name by which a preset is known, for one that older settings may hold.
pub(super) fn present_name(name: &str) -> &str {
    match name {
        "watercolour" => "watercolor",
        name => name,
    }
}

/// The preset of that name.
///
/// # Errors
/// [`Error::Setting`] that lists the names there are.
pub fn preset(name: &str) -> Result<Preset> {
    let all = presets()?;
    let names: Vec<_> = all.iter().map(|preset| preset.name.clone()).collect();
    all.into_iter()
        .find(|preset| preset.name == present_name(name))
        .ok_or_else(|| {
            Error::setting(
                "preset",
                name,
                format!("choose one of {}", names.join(", ")),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_valid_and_named_like_its_file() {
        let all = presets().unwrap();
        assert_eq!(all.len(), FILES.len());
        for (preset, (file, _)) in all.iter().zip(FILES) {
            preset.settings.validate().unwrap();
            assert_eq!(format!("{}.toml", preset.name), *file);
            assert!(!preset.about.is_empty(), "{file} says nothing about itself");
        }
    }

    #[test]
    fn the_first_preset_is_the_default() {
        assert_eq!(presets().unwrap()[0].settings, TransferSettings::default());
    }
}

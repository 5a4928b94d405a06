//! The presets there are, what the list shows beside their names, and the name being typed.

use std::collections::BTreeMap;

use eframe::egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::settings::{AppSettings, Preset, TransferSettings};

/// The presets there are, and what the list shows beside their names.
#[derive(Default)]
pub(crate) struct Presets {
    /// Those of the user, then those of the program.
    pub(crate) list: Vec<Preset>,
    /// Rises with every change of the list.
    version: u64,
    pub(crate) pictures: BTreeMap<String, TextureHandle>,
    /// Names of the user's own.
    pub(crate) own: Vec<String>,
    pub(crate) naming: Option<Naming>,
}

/// The open question for a name.
pub(crate) struct Naming {
    /// The preset that gets another title; `None` saves a new one.
    pub(crate) old: Option<String>,
    pub(crate) typed: String,
}

impl Presets {
    /// The presets of the program only.
    pub(crate) fn new(list: Vec<Preset>) -> Self {
        Self {
            list,
            ..Self::default()
        }
    }

    /// Version of the list.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// Puts another list in place.
    pub(crate) fn put(&mut self, list: Vec<Preset>) {
        self.list = list;
        self.version += 1;
    }

    /// The settings that a reset goes back to: those of the preset, at the size of a first start.
    pub(crate) fn reset_settings(&self, name: &str) -> TransferSettings {
        let preset = self.named(name).map(|preset| preset.settings.clone());
        TransferSettings {
            size_px: AppSettings::default().transfer.size_px,
            ..preset.unwrap_or_default()
        }
    }

    /// A preset.
    pub(crate) fn named(&self, name: &str) -> Option<&Preset> {
        self.list.iter().find(|preset| preset.name == name)
    }

    /// The picture of a preset.
    pub(crate) fn picture(&self, name: &str) -> Option<&TextureHandle> {
        self.pictures.get(name)
    }

    /// Whether a preset is a user preset.
    pub(crate) fn is_user_preset(&self, name: &str) -> bool {
        self.own.iter().any(|own| own == name)
    }

    /// Whether a name is being typed.
    pub(crate) fn is_asking(&self) -> bool {
        self.naming.is_some()
    }

    pub(crate) fn show(&mut self, ctx: &Context, pictures: Vec<(String, ColorImage)>) {
        for (name, picture) in pictures {
            let texture = ctx.load_texture(&name, picture, TextureOptions::LINEAR);
            self.pictures.insert(name, texture);
        }
    }
}

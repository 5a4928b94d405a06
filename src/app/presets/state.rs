//! The presets there are, what the list shows beside their names, and the name being typed.

use std::collections::BTreeMap;

use eframe::egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::settings::Preset;

/// The presets there are, and what the list shows beside their names.
#[derive(Default)]
pub(crate) struct Presets {
    /// Those of the user, then those of the program.
    pub(crate) list: Vec<Preset>,
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

//! The pictures of the program's own presets: the sample pair painted with each.
//! `.ci/preset_pictures.sh` makes them.

use eframe::egui::ColorImage;

use crate::{
    app::io::picture::color_image,
    pixels::{Picture, preview_rgba8},
};

/// Longest side of a preset's picture in pixels.
pub(super) const PRESET_PX: usize = 96;

macro_rules! pictures {
    ($($name:literal),* $(,)?) => {
        &[$((
            $name,
            include_bytes!(concat!("../../../assets/presets/pictures/", $name, ".jpg")).as_slice(),
        )),*]
    };
}

/// JPEG files by the presets' names.
const PICTURES: &[(&str, &[u8])] = pictures![
    "impasto",
    "faithful",
    "bold-strokes",
    "ink-and-line",
    "watercolor",
    "mosaic",
    "gram-classic",
    "fine-detail",
    "photo-to-photo",
    "texture-only",
    "reconstruct-content",
    "random-filters",
    "nnst-opt",
    "gatys-2016",
    "neural-style",
    "neural-style-pt",
    "neural-style-fast",
    "crowsonkb",
    "titu1994",
    "lapstyle",
];

/// All of them, decoded.
pub(super) fn all() -> Vec<(String, ColorImage)> {
    let decoded = PICTURES.iter().filter_map(|&(name, bytes)| {
        let picture = Picture::from_bytes(bytes, name).ok()?;
        let small = preview_rgba8(&picture.planes, None, PRESET_PX);
        Some((name.to_owned(), color_image(&small)))
    });
    decoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_has_a_picture() {
        let pictures = all();
        for preset in crate::settings::presets().unwrap() {
            let has = pictures.iter().any(|(name, _)| *name == preset.name);
            assert!(has, "{} has no picture", preset.name);
        }
    }
}

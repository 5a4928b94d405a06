//! Words about presets.

pub(crate) const SAVE_PRESET: &str = "Save these settings as a preset";
pub(crate) const SAVE_PRESET_HINT: &str =
    "The preset keeps every setting but the size. It is a file in your settings folder.";
pub(crate) const RENAME_PRESET: &str = "Rename preset";
pub(crate) const PRESET_NAME: &str = "Name of the preset";
pub(crate) const PRESET_EXAMPLE: &str = "Quiet evening";
pub(crate) const PRESET_SAVED: &str = "The preset is saved.";
pub(crate) const USER_PRESET: &str = "A user preset.";

//! Words of the window as a whole, and on buttons that stand in many places.

pub(crate) const APP: &str = "Impasto";
pub(crate) const THEME: &str = "Light or dark";
pub(crate) const THEME_SYSTEM: &str = "As the system";
pub(crate) const THEME_DARK: &str = "Dark";
pub(crate) const THEME_LIGHT: &str = "Light";
pub(crate) const DISMISS: &str = "Dismiss";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const OPEN: &str = "Open";
pub(crate) const SAVE: &str = "Save";
pub(crate) const SHORTCUTS_TITLE: &str = "Shortcuts";

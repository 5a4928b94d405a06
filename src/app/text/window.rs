//! Words of the window as a whole, and on buttons that stand in many places.

use super::figures::bytes;

pub(crate) const APP: &str = "Impasto";
pub(crate) const THEME: &str = "Light or dark";
pub(crate) const THEME_SYSTEM: &str = "Same as the system";
pub(crate) const THEME_DARK: &str = "Dark";
pub(crate) const THEME_LIGHT: &str = "Light";
pub(crate) const TAKE_BACK: &str = "Undo";
pub(crate) const DISMISS: &str = "Dismiss";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const OPEN: &str = "Open";
pub(crate) const SAVE: &str = "Save";
pub(crate) const SHORTCUTS_TITLE: &str = "Shortcuts";

/// Threads by their number.
pub(crate) fn threads(threads: usize) -> String {
    let plural = if threads == 1 { "" } else { "s" };
    format!("{threads} thread{plural}")
}

/// The processor on the status line.
pub(crate) fn cpu(count: usize) -> String {
    format!("CPU, {}", threads(count))
}

/// Memory in use.
pub(crate) fn memory(used_bytes: u64) -> String {
    format!("Memory {}", bytes(used_bytes))
}

/// How fast steps are taken.
pub(crate) fn speed(steps_per_sec: f64) -> String {
    if steps_per_sec < 1.0 {
        format!("{:.1} s/step", 1.0 / steps_per_sec)
    } else {
        format!("{steps_per_sec:.1} steps/s")
    }
}

/// Sides of a picture.
pub(crate) fn sides((width, height): (usize, usize)) -> String {
    format!("{width} × {height} px")
}

//! A row of the table of keys and buttons, and how its keys are written.

use eframe::egui::{Key, Modifiers};

use crate::app::{
    command::{Command, features::ViewCommand},
    text,
};

/// Names a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActionId {
    StartOrPause,
    LeaveFullscreen,
    CloseSheet,
    BackToNow,
    Stop,
    Snapshot,
    SaveAs,
    Copy,
    Variations,
    Enqueue,
    GoOn,
    LookBack,
    FilmStart,
    FilmEnd,
    Branch,
    Zoom,
    Pan,
    ZoomIn,
    ZoomOut,
    Fit,
    OneToOne,
    CompareSplit,
    CompareSide,
    Blink,
    Fullscreen,
    TextSize,
    Drop,
    OpenContent,
    OpenStyle,
    Swap,
    Undo,
    Redo,
    Shortcuts,
}

/// Groups of the list of shortcuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Painting,
    View,
    Pictures,
}

impl Group {
    /// In the order of the list.
    pub(crate) const ALL: [Self; 3] = [Self::Painting, Self::View, Self::Pictures];

    /// Its head in the list.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Painting => text::GROUP_PAINTING,
            Self::View => text::GROUP_VIEW,
            Self::Pictures => text::GROUP_PICTURES,
        }
    }
}

/// What is pressed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keys {
    /// Any of these; the first one is named in texts.
    Pressed(&'static [(Modifiers, Key)]),
    /// Something that the view under the pointer or the system looks for, in words.
    Described(&'static str),
}

/// What follows.
#[derive(Clone, Debug)]
pub(crate) enum Does {
    /// The window does this.
    Command(Command),
    /// The canvas does this.
    View(ViewCommand),
    /// The view itself, where it is drawn.
    InPlace,
}

/// A row of the table.
#[derive(Clone, Debug)]
pub(crate) struct Action {
    pub(crate) id: ActionId,
    pub(crate) group: Group,
    pub(crate) keys: Keys,
    /// In the list of shortcuts.
    pub(crate) label: &'static str,
    /// On a button, without the key.
    pub(crate) tooltip: &'static str,
    pub(crate) does: Does,
}

impl Action {
    /// The keys as people write them.
    pub(crate) fn keys_text(&self) -> String {
        match self.keys {
            Keys::Pressed(keys) => keys.first().map_or_else(String::new, |key| key_text(*key)),
            Keys::Described(words) => words.to_owned(),
        }
    }

    /// The words of a button's tooltip, with the key.
    pub(crate) fn tooltip(&self) -> String {
        self.tooltip_of(self.tooltip)
    }

    /// Another button's words for the same, with the key.
    pub(crate) fn tooltip_of(&self, words: &str) -> String {
        format!("{words} ({})", self.keys_text())
    }
}

fn key_text((modifiers, key): (Modifiers, Key)) -> String {
    let mut words = String::new();
    if modifiers.command || modifiers.ctrl {
        words.push_str("Ctrl+");
    }
    // The shifted sign tells that Shift is held.
    if modifiers.shift && key != Key::Slash {
        words.push_str("Shift+");
    }
    words.push_str(match key {
        Key::Escape => "Esc",
        Key::Plus => "+",
        Key::Minus => "-",
        Key::Questionmark => "?",
        key => key.name(),
    });
    words
}

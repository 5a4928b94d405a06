//! What keys and buttons do: the one table that the toolbar, the shortcuts, the list of shortcuts
//! and the tooltips read.

use eframe::egui::{Key, Modifiers};

use crate::app::{
    command::{
        Command,
        features::{QueueCommand, VariationsCommand, ViewCommand},
        ids::{Compare, Role},
    },
    text,
};

/// Names a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActionId {
    StartOrPause,
    CloseSheet,
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

/// A row of the table.
pub(crate) fn action(id: ActionId) -> &'static Action {
    let named = ACTIONS.iter().find(|action| action.id == id);
    named.unwrap_or(&ACTIONS[0])
}

/// The tooltip of a button that does what a key does.
pub(crate) fn tooltip(id: ActionId) -> String {
    action(id).tooltip()
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

const COMMAND: Modifiers = Modifiers::COMMAND;
const NONE: Modifiers = Modifiers::NONE;
const COMMAND_SHIFT: Modifiers = Modifiers {
    shift: true,
    ..Modifiers::COMMAND
};

const fn command(
    id: ActionId,
    group: Group,
    keys: &'static [(Modifiers, Key)],
    (label, tooltip): (&'static str, &'static str),
    command: Command,
) -> Action {
    Action {
        id,
        group,
        keys: Keys::Pressed(keys),
        label,
        tooltip,
        does: Does::Command(command),
    }
}

const fn view(
    id: ActionId,
    keys: &'static [(Modifiers, Key)],
    words: &'static str,
    command: ViewCommand,
) -> Action {
    Action {
        id,
        group: Group::View,
        keys: Keys::Pressed(keys),
        label: words,
        tooltip: words,
        does: Does::View(command),
    }
}

const fn in_place(id: ActionId, group: Group, keys: &'static str, label: &'static str) -> Action {
    Action {
        id,
        group,
        keys: Keys::Described(keys),
        label,
        tooltip: label,
        does: Does::InPlace,
    }
}

/// The table, in the order of the list. Where one key has two rows, the first that is possible at
/// the moment takes it.
pub(crate) static ACTIONS: [Action; 31] = [
    command(
        ActionId::StartOrPause,
        Group::Painting,
        &[(NONE, Key::Space)],
        (text::START_OR_PAUSE, text::START_TOOLTIP),
        Command::StartOrPause,
    ),
    command(
        ActionId::CloseSheet,
        Group::Painting,
        &[(NONE, Key::Escape)],
        (text::CLOSE_SHEET, text::CLOSE_SHEET),
        Command::Variations(VariationsCommand::Close),
    ),
    command(
        ActionId::Stop,
        Group::Painting,
        &[(NONE, Key::Escape)],
        (text::STOP, text::STOP),
        Command::Stop,
    ),
    command(
        ActionId::Snapshot,
        Group::Painting,
        &[(NONE, Key::S)],
        (text::SNAPSHOT_LABEL, text::SNAPSHOT),
        Command::Snapshot,
    ),
    command(
        ActionId::SaveAs,
        Group::Painting,
        &[(COMMAND, Key::S)],
        (text::SAVE_AS, text::SAVE_AS),
        Command::SaveAs(None),
    ),
    in_place(ActionId::Copy, Group::Painting, "Ctrl+C", text::COPY_LABEL),
    command(
        ActionId::Variations,
        Group::Painting,
        &[(NONE, Key::V)],
        (text::VARIATIONS_LABEL, text::VARIATIONS_TOOLTIP),
        Command::Variations(VariationsCommand::Toggle),
    ),
    command(
        ActionId::Enqueue,
        Group::Painting,
        &[(NONE, Key::Q)],
        (text::ENQUEUE_LABEL, text::ENQUEUE),
        Command::Queue(QueueCommand::Add),
    ),
    command(
        ActionId::GoOn,
        Group::Painting,
        &[(NONE, Key::G)],
        (text::GO_ON_LABEL, text::GO_ON_TOOLTIP),
        Command::GoOn,
    ),
    in_place(ActionId::LookBack, Group::Painting, "← →", text::LOOK_BACK),
    in_place(
        ActionId::FilmStart,
        Group::Painting,
        "Home",
        text::FILM_START,
    ),
    in_place(ActionId::FilmEnd, Group::Painting, "End", text::BACK_TO_NOW),
    in_place(
        ActionId::Branch,
        Group::Painting,
        "Enter",
        text::BRANCH_LABEL,
    ),
    in_place(ActionId::Zoom, Group::View, "Scroll", text::ZOOM_TO_POINTER),
    in_place(
        ActionId::Pan,
        Group::View,
        "Drag, arrows",
        text::MOVE_PICTURE,
    ),
    view(
        ActionId::ZoomIn,
        &[(NONE, Key::Plus), (NONE, Key::Equals)],
        text::ZOOM_IN,
        ViewCommand::ZoomIn,
    ),
    view(
        ActionId::ZoomOut,
        &[(NONE, Key::Minus)],
        text::ZOOM_OUT,
        ViewCommand::ZoomOut,
    ),
    view(
        ActionId::Fit,
        &[(NONE, Key::F)],
        text::FIT,
        ViewCommand::Fit,
    ),
    view(
        ActionId::OneToOne,
        &[(NONE, Key::Num1)],
        text::ONE_TO_ONE,
        ViewCommand::OneToOne,
    ),
    view(
        ActionId::CompareSplit,
        &[(NONE, Key::C)],
        text::SPLIT,
        ViewCommand::Compare(Compare::Split),
    ),
    view(
        ActionId::CompareSide,
        &[(NONE, Key::D)],
        text::SIDE,
        ViewCommand::Compare(Compare::Side),
    ),
    in_place(ActionId::Blink, Group::View, "B", text::BLINK),
    command(
        ActionId::Fullscreen,
        Group::View,
        &[(NONE, Key::F11)],
        (text::FULLSCREEN, text::FULLSCREEN),
        Command::Fullscreen,
    ),
    in_place(
        ActionId::TextSize,
        Group::View,
        "Ctrl +/-/0",
        text::TEXT_SIZE,
    ),
    in_place(
        ActionId::Drop,
        Group::Pictures,
        "Drop, Ctrl+V",
        text::DROP_LABEL,
    ),
    command(
        ActionId::OpenContent,
        Group::Pictures,
        &[(COMMAND, Key::O)],
        (text::OPEN_CONTENT, text::OPEN_CONTENT),
        Command::Open(Role::Content),
    ),
    command(
        ActionId::OpenStyle,
        Group::Pictures,
        &[(COMMAND_SHIFT, Key::O)],
        (text::OPEN_STYLE, text::OPEN_STYLE),
        Command::Open(Role::Style(0)),
    ),
    command(
        ActionId::Swap,
        Group::Pictures,
        &[(NONE, Key::X)],
        (text::SWAP, text::SWAP),
        Command::Swap,
    ),
    command(
        ActionId::Undo,
        Group::Pictures,
        &[(COMMAND, Key::Z)],
        (text::UNDO, text::UNDO),
        Command::Undo,
    ),
    command(
        ActionId::Redo,
        Group::Pictures,
        &[(COMMAND_SHIFT, Key::Z), (COMMAND, Key::Y)],
        (text::REDO, text::REDO),
        Command::Redo,
    ),
    command(
        ActionId::Shortcuts,
        Group::Pictures,
        &[(NONE, Key::Questionmark), (Modifiers::SHIFT, Key::Slash)],
        (text::SHORTCUTS_LABEL, text::SHORTCUTS),
        Command::Shortcuts,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_its_name_and_says_what_it_does() {
        for row in &ACTIONS {
            assert_eq!(action(row.id).label, row.label, "{:?} stands twice", row.id);
            assert!(!row.label.is_empty() && !row.keys_text().is_empty());
            assert!(row.tooltip().ends_with(')'), "{}", row.tooltip());
        }
    }

    #[test]
    fn keys_are_written_as_on_the_keyboard() {
        assert_eq!(action(ActionId::Redo).keys_text(), "Ctrl+Shift+Z");
        assert_eq!(action(ActionId::Shortcuts).keys_text(), "?");
        assert_eq!(tooltip(ActionId::Stop), "Stop (Esc)");
        assert_eq!(action(ActionId::StartOrPause).keys_text(), "Space");
        assert_eq!(action(ActionId::OneToOne).keys_text(), "1");
    }

    #[test]
    fn a_key_has_two_rows_only_where_both_are_meant() {
        let pressed = |action: &'static Action| match action.keys {
            Keys::Pressed(keys) => keys,
            Keys::Described(_) => &[],
        };
        for (n, row) in ACTIONS.iter().enumerate() {
            for other in &ACTIONS[n + 1..] {
                let shared = pressed(row).iter().any(|key| pressed(other).contains(key));
                let meant = row.id == ActionId::CloseSheet && other.id == ActionId::Stop;
                assert_eq!(shared, meant, "{:?} and {:?}", row.id, other.id);
            }
        }
    }
}

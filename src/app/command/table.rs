//! What keys and buttons do: the one table that the toolbar, the shortcuts, the list of shortcuts
//! and the tooltips read.

use eframe::egui::{Key, Modifiers};

use crate::app::{
    command::{
        Command,
        action::{Action, ActionId, Does, Group, Keys},
        features::{QueueCommand, TimelineCommand, VariationsCommand, ViewCommand},
        ids::{Compare, Role},
    },
    text,
};

/// A row of the table.
pub(crate) fn action(id: ActionId) -> &'static Action {
    let named = ACTIONS.iter().find(|action| action.id == id);
    named.unwrap_or(&ACTIONS[0])
}

/// The tooltip of a button that does what a key does.
pub(crate) fn tooltip(id: ActionId) -> String {
    action(id).tooltip()
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
pub(crate) static ACTIONS: [Action; 33] = [
    command(
        ActionId::StartOrPause,
        Group::Painting,
        &[(NONE, Key::Space)],
        (text::START_OR_PAUSE, text::START_TOOLTIP),
        Command::StartOrPause,
    ),
    command(
        ActionId::LeaveFullscreen,
        Group::View,
        &[(NONE, Key::Escape)],
        (text::LEAVE_FULLSCREEN, text::LEAVE_FULLSCREEN),
        Command::LeaveFullscreen,
    ),
    command(
        ActionId::CloseSheet,
        Group::Painting,
        &[(NONE, Key::Escape)],
        (text::CLOSE_SHEET, text::CLOSE_SHEET),
        Command::Variations(VariationsCommand::Close),
    ),
    command(
        ActionId::BackToNow,
        Group::Painting,
        &[(NONE, Key::Escape)],
        (text::BACK_TO_NOW, text::BACK_TO_NOW),
        Command::Timeline(TimelineCommand::Look(None)),
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
                // Esc leaves what is open, one after the other.
                let escape = |id| {
                    use ActionId::{BackToNow, CloseSheet, LeaveFullscreen, Stop};
                    matches!(id, LeaveFullscreen | CloseSheet | BackToNow | Stop)
                };
                let meant = escape(row.id) && escape(other.id);
                assert_eq!(shared, meant, "{:?} and {:?}", row.id, other.id);
            }
        }
    }
}

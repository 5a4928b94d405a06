//! Keys, drops and pastes.
//!
//! Keys are taken before any widget sees them; in text fields they are text, and where a button has
//! the focus, Space presses it. What each key does stands in `command::table`.

use std::cmp::Reverse;

use eframe::egui::{self, Context, Event, Key, Popup};

use crate::app::{
    canvas::state::View,
    command::{
        Command,
        action::{Action, ActionId, Does, Keys},
        features::ViewCommand,
        table::ACTIONS,
    },
    io::names::paths_in,
    session::Session,
};

/// Turns keys, drops and pastes of this frame into commands.
pub(crate) fn shortcuts(
    ctx: &Context,
    session: &Session,
    view: &mut View,
    commands: &mut Vec<Command>,
) -> Vec<ViewCommand> {
    let mut asked = Vec::new();
    drops_and_pastes(ctx, commands);
    view.blink = false;
    // Esc ends the typing before this frame begins: it is not yet free for anything else.
    if session.asks() || view.typing || ctx.text_edit_focused() {
        return asked;
    }
    view.blink = ctx.input(|input| input.key_down(Key::B) && input.modifiers.is_none());
    let now = Now {
        popup: Popup::is_any_open(ctx),
        fullscreen: ctx.input(|input| input.viewport().fullscreen.unwrap_or(false)),
        pressable: has_pressable_focus(ctx),
    };
    let possible = ACTIONS
        .iter()
        .filter(|action| is_possible(action, session, now));
    let mut pressable: Vec<_> = possible
        .flat_map(|action| match action.keys {
            Keys::Pressed(keys) => keys.iter().map(|&key| (key, action)).collect(),
            Keys::Described(_) => Vec::new(),
        })
        .collect();
    // Those with more modifiers first: a shortcut also matches when Shift is held.
    pressable.sort_by_key(|((modifiers, _), _)| {
        Reverse(u8::from(modifiers.command) + u8::from(modifiers.shift))
    });
    ctx.input_mut(|input| {
        for ((modifiers, key), action) in pressable {
            if input.consume_key(modifiers, key) {
                match &action.does {
                    Does::Command(command) => commands.push(command.clone()),
                    Does::View(command) => asked.push(*command),
                    Does::InPlace => {}
                }
            }
        }
        let copies = |event: &Event| matches!(event, Event::Copy);
        if input.events.iter().any(copies) {
            commands.push(Command::Copy(None));
        }
    });
    asked
}

/// What decides which keys are free.
#[derive(Clone, Copy)]
struct Now {
    /// A menu is open: it closes first.
    popup: bool,
    fullscreen: bool,
    /// Something has the focus that Space presses.
    pressable: bool,
}

/// Whether the focus is on something that is pressed. What is dragged (a slider, the canvas, the
/// film) has no use for Space.
fn has_pressable_focus(ctx: &Context) -> bool {
    let focused = ctx.memory(egui::Memory::focused);
    let response = focused.and_then(|id| ctx.read_response(id));
    response.is_some_and(|response| {
        response.enabled() && response.sense.senses_click() && !response.sense.senses_drag()
    })
}

/// Whether a key does anything at the moment; keys that do not are left to the widgets.
fn is_possible(action: &Action, session: &Session, now: Now) -> bool {
    match action.id {
        ActionId::StartOrPause => !now.pressable,
        ActionId::GoOn => session.waits_for_start() && session.can_go_on(),
        ActionId::LeaveFullscreen => now.fullscreen && !now.popup,
        ActionId::CloseSheet => session.shows_sheet() && !now.popup,
        ActionId::BackToNow => session.timeline.moment.is_some() && !now.popup,
        ActionId::Stop => session.run.phase.is_active() && !now.popup,
        _ => true,
    }
}

fn drops_and_pastes(ctx: &Context, commands: &mut Vec<Command>) {
    let in_text = ctx.text_edit_focused();
    ctx.input(|input| {
        let dropped = &input.raw.dropped_files;
        if !dropped.is_empty() {
            let paths = dropped.iter().map(|file| file.path().to_owned());
            commands.push(Command::Drop(paths.collect()));
        }
        for event in &input.events {
            match event {
                Event::PasteImage(image) => commands.push(Command::Paste(image.clone())),
                Event::Paste(text) if !in_text => {
                    let paths = paths_in(text);
                    if !paths.is_empty() {
                        commands.push(Command::PasteFiles(paths));
                    }
                }
                _ => {}
            }
        }
    });
}

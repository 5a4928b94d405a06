//! Keys, drops and pastes.
//!
//! Keys are taken before any widget sees them, so that Space starts and pauses wherever the focus
//! is; in text fields they are text. What each key does stands in `command::table`.

use std::cmp::Reverse;

use eframe::egui::{Context, Event, Key, Popup};

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
    if session.asks() || ctx.text_edit_focused() {
        return asked;
    }
    view.blink = ctx.input(|input| input.key_down(Key::B) && input.modifiers.is_none());
    let popup = Popup::is_any_open(ctx);
    let possible = ACTIONS
        .iter()
        .filter(|action| is_possible(action, session, popup));
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

/// Whether a key does anything at the moment; keys that do not are left to the widgets.
fn is_possible(action: &Action, session: &Session, popup: bool) -> bool {
    match action.id {
        ActionId::GoOn => session.waits_for_start() && session.can_go_on(),
        // An open menu closes first.
        ActionId::CloseSheet => session.variations.is_open() && !popup,
        ActionId::Stop => session.run.phase.is_active() && !popup,
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
                        commands.push(Command::Drop(paths));
                    }
                }
                _ => {}
            }
        }
    });
}

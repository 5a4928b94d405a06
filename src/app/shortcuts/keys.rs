//! Keys.
//!
//! They are taken before any widget sees them, so that Space starts and pauses wherever the
//! focus is; in text fields they are text.

use eframe::egui::{Context, Event, Key, Modifiers};

use crate::app::{
    canvas::state::View,
    command::{
        Command,
        features::{QueueCommand, VariationsCommand, ViewCommand},
        ids::{Compare, Role},
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
    let shift = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    let table = [
        // Those with more modifiers first: a shortcut also matches when Shift is held.
        (shift, Key::Z, Command::Redo),
        (shift, Key::O, Command::Open(Role::Style(0))),
        (Modifiers::COMMAND, Key::Y, Command::Redo),
        (Modifiers::COMMAND, Key::Z, Command::Undo),
        (Modifiers::COMMAND, Key::S, Command::SaveAs(None)),
        (Modifiers::COMMAND, Key::O, Command::Open(Role::Content)),
        (Modifiers::NONE, Key::Space, Command::StartOrPause),
        (Modifiers::NONE, Key::S, Command::Snapshot),
        (Modifiers::NONE, Key::X, Command::Swap),
        (Modifiers::NONE, Key::Q, Command::Queue(QueueCommand::Add)),
        (Modifiers::NONE, Key::F11, Command::Fullscreen),
        (Modifiers::NONE, Key::Questionmark, Command::Shortcuts),
        (Modifiers::SHIFT, Key::Slash, Command::Shortcuts),
    ];
    let views = [
        (Key::F, ViewCommand::Fit),
        (Key::Num1, ViewCommand::OneToOne),
        (Key::Plus, ViewCommand::ZoomIn),
        (Key::Equals, ViewCommand::ZoomIn),
        (Key::Minus, ViewCommand::ZoomOut),
        (Key::C, ViewCommand::Compare(Compare::Split)),
        (Key::D, ViewCommand::Compare(Compare::Side)),
    ];
    let popup = egui::Popup::is_any_open(ctx);
    ctx.input_mut(|input| {
        for (modifiers, key, command) in table {
            if input.consume_key(modifiers, key) {
                commands.push(command);
            }
        }
        for (key, command) in views {
            if input.consume_key(Modifiers::NONE, key) {
                asked.push(command);
            }
        }
        let sheet = session.variations.is_open();
        if input.consume_key(Modifiers::NONE, Key::V) {
            commands.push(Command::Variations(VariationsCommand::Toggle));
        }
        let restarts = session.waits_for_start() && session.can_go_on();
        if restarts && input.consume_key(Modifiers::NONE, Key::G) {
            commands.push(Command::GoOn);
        }
        if sheet && !popup && input.consume_key(Modifiers::NONE, Key::Escape) {
            commands.push(Command::Variations(VariationsCommand::Close));
        }
        // An open menu closes first.
        let stops = session.run.phase.is_active() && !popup;
        if stops && input.consume_key(Modifiers::NONE, Key::Escape) {
            commands.push(Command::Stop);
        }
        if input
            .events
            .iter()
            .any(|event| matches!(event, Event::Copy))
        {
            commands.push(Command::Copy(None));
        }
    });
    asked
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

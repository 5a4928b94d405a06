//! The offer to go on where a window that is gone has stopped, and the page about kept sessions.

use eframe::egui::{Align, Id, Label, Layout, Modal, Ui};

use crate::app::{
    command::{Command, features::VaultCommand},
    session::Session,
    text,
    theme::{self, space},
    vault::state::Left,
    widgets,
};

/// Draws whichever is open.
pub(crate) fn vault_ui(ui: &Ui, session: &Session, commands: &mut Vec<Command>) {
    if let Some(left) = &session.vault.left {
        let frame = widgets::modal_frame(ui);
        let modal = Modal::new(Id::unique("left")).frame(frame);
        let shown = modal.show(ui.ctx(), |ui| left_ui(ui, left));
        if let Some(bring) = shown.inner {
            commands.push(Command::Vault(VaultCommand::Answer(bring)));
        } else if shown.should_close() {
            commands.push(Command::Vault(VaultCommand::Later));
        }
    } else if session.vault.shows {
        let frame = widgets::modal_frame(ui);
        let modal = Modal::new(Id::unique("sessions")).frame(frame);
        let shown = modal.show(ui.ctx(), |ui| page_ui(ui, session, commands));
        if shown.should_close() || shown.inner {
            commands.push(Command::Vault(VaultCommand::Show(false)));
        }
    }
}

/// Answers whether to bring it back, once that is said.
fn left_ui(ui: &mut Ui, left: &Left) -> Option<bool> {
    ui.set_width(420.0);
    ui.heading(text::LEFT_HEAD);
    ui.add_space(space::M);
    let file = &left.file;
    let run = file.run.as_ref().zip(left.step);
    if let Some((run, step)) = run {
        let time = time_of(run.began_secs);
        let words = text::left_at(&time, step, run.steps, run.stopped);
        ui.add(Label::new(words).wrap());
    }
    let unsaved = file.kept.iter().filter(|kept| kept.saved.is_none()).count();
    if unsaved > 0 {
        ui.label(text::left_unsaved(unsaved));
    }
    if !file.queue.is_empty() {
        ui.label(text::left_queue(file.queue.len()));
    }
    ui.add_space(space::L);
    let mut answer = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let (icon, label) = match run {
            Some(_) => (
                egui_material_icons::icons::ICON_PLAY_ARROW,
                text::LEFT_GO_ON,
            ),
            None => (egui_material_icons::icons::ICON_HISTORY, text::LEFT_BRING),
        };
        let go = widgets::labeled(ui, icon, label, widgets::Emphasis::Primary);
        if ui.memory(|memory| memory.focused().is_none()) {
            go.request_focus();
        }
        if go.clicked() {
            answer = Some(true);
        }
        let later = ui.button(text::LEFT_NOT_NOW);
        if later.on_hover_text(text::LEFT_NOT_NOW_TOOLTIP).clicked() {
            answer = Some(false);
        }
    });
    answer
}

/// The time of day, with the day where that is another; empty where it is not known.
fn time_of(secs: i64) -> String {
    let Ok(then) = jiff::Timestamp::from_second(secs) else {
        return String::new();
    };
    let then = then.to_zoned(jiff::tz::TimeZone::system());
    let today = jiff::Zoned::now().date() == then.date();
    let format = if today { "%H:%M" } else { "%B %-d, %H:%M" };
    if secs > 0 {
        then.strftime(format).to_string()
    } else {
        String::new()
    }
}

/// Answers whether it was closed.
fn page_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) -> bool {
    ui.set_width(460.0);
    ui.heading(text::SESSIONS_HEAD);
    ui.add_space(space::S);
    ui.add(Label::new(text::SESSIONS_ABOUT).wrap());
    ui.add_space(space::S);
    let room = session.vault.room.as_ref();
    let words = room.map_or_else(String::new, |(bytes, folder)| {
        text::sessions_room(*bytes, folder)
    });
    ui.add(Label::new(theme::small(ui, words)).wrap());
    ui.add_space(space::L);
    let mut ask = |command| commands.push(Command::Vault(command));
    let mut closes = false;
    ui.horizontal(|ui| {
        if ui.button(text::SESSIONS_SHOW).clicked() {
            ask(VaultCommand::Reveal);
        }
        let empty = ui.button(text::SESSIONS_EMPTY);
        if empty.on_hover_text(text::SESSIONS_EMPTY_TOOLTIP).clicked() {
            ask(VaultCommand::Empty);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            closes = ui.button(text::CLOSE).clicked();
        });
    });
    closes
}

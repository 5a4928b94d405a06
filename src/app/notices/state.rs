//! Short notices that go by themselves, each with a button or two, and the error that waits.

use eframe::egui::Context;

use crate::app::command::Command;

/// Seconds that a notice stays: long enough to read two lines twice.
const STAYS_SECS: f64 = 7.0;
/// Seconds that one with a button stays: long enough to think about it, too.
const OFFER_STAYS_SECS: f64 = 14.0;
/// Notices shown at a time; older ones go first.
const MOST: usize = 4;

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Something was done.
    Done,
    /// Something to know.
    Note,
    /// Something did not work.
    Trouble,
}

#[derive(Clone, Debug)]
pub(crate) struct Toast {
    pub(crate) number: u64,
    pub(crate) mood: Mood,
    pub(crate) text: String,
    pub(crate) actions: Vec<(String, Command)>,
    /// Set when first drawn.
    until_secs: Option<f64>,
}

/// The notices of the moment.
#[derive(Debug, Default)]
pub(crate) struct Toasts {
    pub(crate) shown: Vec<Toast>,
    last_number: u64,
}

impl Toasts {
    /// Adds a notice.
    pub(crate) fn add(&mut self, mood: Mood, text: impl Into<String>) {
        self.push(mood, text.into(), Vec::new());
    }

    /// Adds a notice with a button.
    pub(crate) fn add_with(
        &mut self,
        mood: Mood,
        text: impl Into<String>,
        label: impl Into<String>,
        command: Command,
    ) {
        self.push(mood, text.into(), vec![(label.into(), command)]);
    }

    /// Adds a notice with a choice.
    pub(crate) fn push(&mut self, mood: Mood, text: String, actions: Vec<(String, Command)>) {
        log::info!("{}", text.replace('\n', " "));
        self.last_number += 1;
        self.shown.retain(|toast| toast.text != text);
        self.shown.push(Toast {
            number: self.last_number,
            mood,
            text,
            actions,
            until_secs: None,
        });
        if self.shown.len() > MOST {
            self.shown.remove(0);
        }
    }

    /// Takes a notice away.
    pub(crate) fn dismiss(&mut self, number: u64) {
        self.shown.retain(|toast| toast.number != number);
    }

    /// Takes away the notices whose button does this: what they speak of is no longer so.
    pub(crate) fn retract(&mut self, does: impl Fn(&Command) -> bool) {
        self.shown.retain(|toast| {
            let mut actions = toast.actions.iter();
            !actions.any(|(_, command)| does(command))
        });
    }

    /// Takes away what has been there long enough, and asks for a frame when the next is due.
    pub(crate) fn expire(&mut self, ctx: &Context) {
        let now = ctx.input(|input| input.time);
        for toast in &mut self.shown {
            let stays = if toast.actions.is_empty() {
                STAYS_SECS
            } else {
                OFFER_STAYS_SECS
            };
            toast.until_secs.get_or_insert(now + stays);
        }
        self.shown
            .retain(|toast| toast.until_secs.is_some_and(|until| until > now));
        let next = self.shown.iter().filter_map(|toast| toast.until_secs);
        if let Some(next) = next.reduce(f64::min) {
            ctx.request_repaint_after(std::time::Duration::from_secs_f64(next - now));
        }
    }
}

/// An error that waits to be read.
pub(crate) struct Banner {
    pub(crate) text: String,
    /// Offered remedies.
    pub(crate) remedies: Vec<(String, Command)>,
}

//! Short notices that go by themselves, in a corner of the canvas, each with at most one button.

use eframe::egui::{self, Align, Align2, Area, Color32, Context, Id, Layout, RichText, Stroke};

use crate::app::{
    command::Command,
    text::DISMISS,
    theme::{self, space},
    widgets,
};

/// Seconds that a notice stays: long enough to read two lines twice.
const STAYS_SECS: f64 = 7.0;
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
struct Toast {
    number: u64,
    mood: Mood,
    text: String,
    action: Option<(String, Command)>,
    /// Set when first drawn.
    until_secs: Option<f64>,
}

/// The notices of the moment.
#[derive(Debug, Default)]
pub(crate) struct Toasts {
    shown: Vec<Toast>,
    last_number: u64,
}

impl Toasts {
    /// Adds a notice.
    pub(crate) fn add(&mut self, mood: Mood, text: impl Into<String>) {
        self.push(mood, text.into(), None);
    }

    /// Adds a notice with a button.
    pub(crate) fn add_with(
        &mut self,
        mood: Mood,
        text: impl Into<String>,
        label: impl Into<String>,
        command: Command,
    ) {
        self.push(mood, text.into(), Some((label.into(), command)));
    }

    fn push(&mut self, mood: Mood, text: String, action: Option<(String, Command)>) {
        log::info!("{}", text.replace('\n', " "));
        self.last_number += 1;
        self.shown.retain(|toast| toast.text != text);
        self.shown.push(Toast {
            number: self.last_number,
            mood,
            text,
            action,
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
            !toast
                .action
                .as_ref()
                .is_some_and(|(_, command)| does(command))
        });
    }

    /// Takes away what has been there long enough, and asks for a frame when the next is due.
    pub(crate) fn expire(&mut self, ctx: &Context) {
        let now = ctx.input(|input| input.time);
        for toast in &mut self.shown {
            toast.until_secs.get_or_insert(now + STAYS_SECS);
        }
        self.shown
            .retain(|toast| toast.until_secs.is_some_and(|until| until > now));
        let next = self.shown.iter().filter_map(|toast| toast.until_secs);
        if let Some(next) = next.reduce(f64::min) {
            ctx.request_repaint_after(std::time::Duration::from_secs_f64(next - now));
        }
    }

    /// Draws the notices in the lower right corner of `canvas`.
    pub(crate) fn ui(&self, ui: &egui::Ui, canvas: egui::Rect, commands: &mut Vec<Command>) {
        if self.shown.is_empty() {
            return;
        }
        let corner = canvas.right_bottom() - egui::vec2(space::M, space::M);
        Area::new(Id::unique("toasts"))
            .order(egui::Order::Foreground)
            .pivot(Align2::RIGHT_BOTTOM)
            .fixed_pos(corner)
            .show(ui.ctx(), |ui| {
                ui.spacing_mut().item_spacing.y = space::S;
                let width = (canvas.width() - 2.0 * space::M).min(360.0);
                for toast in &self.shown {
                    toast_ui(ui, toast, width, commands);
                }
            });
    }
}

fn toast_ui(ui: &mut egui::Ui, toast: &Toast, width: f32, commands: &mut Vec<Command>) {
    let colors = theme::palette(ui);
    let (icon, color): (_, Color32) = match toast.mood {
        Mood::Done => (egui_material_icons::icons::ICON_CHECK_CIRCLE, colors.good),
        Mood::Note => (egui_material_icons::icons::ICON_INFO, colors.content),
        Mood::Trouble => (egui_material_icons::icons::ICON_ERROR, colors.danger),
    };
    theme::card(ui)
        .fill(colors.panel)
        .stroke(Stroke::new(1.0, colors.outline))
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(egui::Margin::symmetric(12, 8))
        .show(ui, |ui| {
            ui.set_width(width - 24.0);
            ui.horizontal_top(|ui| {
                ui.label(icon.rich_text().size(16.0).color(color));
                let closes = theme::size::SMALL_TOOL + space::S;
                ui.allocate_ui_with_layout(
                    egui::vec2(ui.available_width() - closes, 0.0),
                    Layout::top_down(Align::Min),
                    |ui| {
                        ui.add(egui::Label::new(RichText::new(&toast.text)).wrap());
                        if let Some((label, command)) = &toast.action
                            && ui.link(theme::strong(label)).clicked()
                        {
                            commands.push(command.clone());
                            commands.push(Command::DismissToast(toast.number));
                        }
                    },
                );
                ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                    if widgets::small_tool(ui, egui_material_icons::icons::ICON_CLOSE, DISMISS)
                        .clicked()
                    {
                        commands.push(Command::DismissToast(toast.number));
                    }
                });
            });
        });
}

//! Draws the notices in a corner of the canvas.

use eframe::egui::{self, Align, Align2, Area, Color32, Id, Layout, Rect, RichText, Stroke, Ui};

use crate::app::{
    command::Command,
    notices::state::{Mood, Toast, Toasts},
    text,
    theme::{self, space},
    widgets,
};

/// Draws the notices in the lower right corner of `canvas`.
pub(crate) fn toasts_ui(ui: &Ui, toasts: &Toasts, canvas: Rect, commands: &mut Vec<Command>) {
    if toasts.shown.is_empty() {
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
            for toast in &toasts.shown {
                toast_ui(ui, toast, width, commands);
            }
        });
}

fn toast_ui(ui: &mut Ui, toast: &Toast, width: f32, commands: &mut Vec<Command>) {
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
                        for (label, command) in &toast.actions {
                            if ui.link(theme::strong(label)).clicked() {
                                commands.push(command.clone());
                                commands.push(Command::DismissToast(toast.number));
                            }
                        }
                    },
                );
                ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                    if widgets::small_tool(
                        ui,
                        egui_material_icons::icons::ICON_CLOSE,
                        text::DISMISS,
                    )
                    .clicked()
                    {
                        commands.push(Command::DismissToast(toast.number));
                    }
                });
            });
        });
}

//! What lies over the picture: the hint of the first start, progress before the first preview,
//! and errors that wait to be read.

use eframe::egui::{
    self, Align, Align2, Area, Id, Layout, Margin, Order, Rect, RichText, Stroke, Ui, vec2,
};
use egui_material_icons::icons::{ICON_ERROR, ICON_SPACE_BAR};

use crate::app::{
    command::Command,
    session::{Session, run::Phase},
    text,
    theme::{self, space},
    widgets,
};

/// Draws them.
pub(super) fn overlays_ui(ui: &Ui, session: &Session, canvas: Rect, commands: &mut Vec<Command>) {
    let first = !session.app.hint_seen && session.run.phase == Phase::Idle;
    if first && session.is_ready() {
        let at = canvas.center_bottom() - vec2(0.0, 28.0);
        floating(ui, "first hint", Align2::CENTER_BOTTOM, at, hint_ui);
    }
    let waiting = session.run.phase == Phase::Preparing
        || session.run.phase == Phase::Running && session.run.now.is_none();
    if waiting || session.pictures.loading > 0 {
        let words = if waiting {
            text::PREPARING
        } else {
            text::LOADING
        };
        let at = canvas.center_top() + vec2(0.0, 20.0);
        floating(ui, "waiting", Align2::CENTER_TOP, at, |ui| {
            ui.horizontal(|ui| {
                widgets::waiting_ui(ui);
                ui.label(words);
            });
        });
    }
    if session.banner.is_some() {
        let at = canvas.center_top() + vec2(0.0, 16.0);
        floating(ui, "banner", Align2::CENTER_TOP, at, |ui| {
            ui.set_max_width((canvas.width() - 80.0).min(560.0));
            banner_ui(ui, session, commands);
        });
    }
}

fn floating(ui: &Ui, name: &str, pivot: Align2, at: egui::Pos2, contents: impl FnOnce(&mut Ui)) {
    Area::new(Id::unique(name))
        .order(Order::Middle)
        .pivot(pivot)
        .fixed_pos(at)
        .show(ui.ctx(), |ui| {
            let colors = theme::palette(ui);
            theme::card(ui)
                .fill(colors.panel)
                .stroke(Stroke::new(1.0, colors.outline))
                .shadow(ui.visuals().popup_shadow)
                .inner_margin(Margin::symmetric(16, 11))
                .show(ui, contents);
        });
}

fn hint_ui(ui: &mut Ui) {
    let colors = theme::palette(ui);
    ui.vertical(|ui| {
        ui.horizontal(|ui| {
            let icon = ICON_SPACE_BAR.rich_text().size(20.0).color(colors.accent);
            ui.label(icon);
            ui.label(RichText::new(text::FIRST_HINT).heading());
        });
        for line in text::FIRST_HINT_MORE {
            ui.label(theme::small(ui, line));
        }
    });
}

fn banner_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let Some(banner) = &session.banner else {
        return;
    };
    let colors = theme::palette(ui);
    ui.horizontal_top(|ui| {
        ui.label(ICON_ERROR.rich_text().size(18.0).color(colors.danger));
        ui.vertical(|ui| {
            ui.add(egui::Label::new(&banner.text).wrap());
            ui.add_space(space::XS);
            ui.horizontal(|ui| {
                for (label, command) in &banner.remedies {
                    if ui.button(label).clicked() {
                        commands.push(command.clone());
                        commands.push(Command::DismissBanner);
                    }
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if ui.button(text::CLOSE).clicked() {
                        commands.push(Command::DismissBanner);
                    }
                });
            });
        });
    });
}

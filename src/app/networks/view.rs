//! The network among the controls and on the status line.

use eframe::egui::{Align, Button, Layout, Ui, WidgetInfo};

use crate::app::{
    command::{Command, features::NetworksCommand},
    networks::state::title,
    session::Session,
    text,
    theme::{self, size},
};

/// The network's line among the controls.
pub(crate) fn control_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.set_min_height(size::SMALL_TOOL);
        ui.label(text::NETWORK).on_hover_text(text::NETWORK_TOOLTIP);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let name = title(session.settings());
            let button = Button::new(&name)
                .truncate()
                .min_size(egui::vec2(144.0, 0.0));
            let button = ui.add(button).on_hover_text(text::NETWORK_TOOLTIP);
            button.widget_info(|| {
                let label = format!("{}: {name}", text::NETWORK);
                WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), label)
            });
            if button.clicked() {
                commands.push(Command::Networks(NetworksCommand::Open));
            }
        });
    });
}

/// The network's name on the status line.
pub(crate) fn status_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let run = &session.run;
    let name = if run.phase.is_active() && !run.weights.is_empty() {
        text::sentence(&run.weights)
    } else {
        title(session.settings())
    };
    let button = ui.add(Button::new(theme::small(ui, &name)).frame(false));
    button.widget_info(|| {
        let label = format!("{}: {name}", text::NETWORKS);
        WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), label)
    });
    let hand = egui::CursorIcon::PointingHand;
    if button
        .on_hover_cursor(hand)
        .on_hover_text(text::NETWORK_TOOLTIP)
        .clicked()
    {
        commands.push(Command::Networks(NetworksCommand::Open));
    }
}

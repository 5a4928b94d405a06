//! The queue in the top bar: add, look, take out, begin.

use eframe::egui::{self, Align, Label, Layout, Popup, ScrollArea, Ui, vec2};
use egui_material_icons::icons::{ICON_CLOSE, ICON_PLAY_ARROW, ICON_PLAYLIST_ADD, ICON_QUEUE};

use crate::app::{
    action_button::action_button,
    command::{Command, action::ActionId, features::QueueCommand},
    queue::state::Queued,
    session::Session,
    text,
    theme::{self, size, space},
    widgets::{self, Emphasis},
};

/// Height of a waiting run's picture.
const PICTURE: f32 = 32.0;

/// Draws both tools.
pub(crate) fn queue_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let ready = session.is_ready();
    action_button(ui, ICON_PLAYLIST_ADD, ActionId::Enqueue, ready, commands);
    let waiting = &session.queue.waiting;
    if waiting.is_empty() {
        return;
    }
    let name = text::queue(waiting.len());
    let button = widgets::labeled(ui, ICON_QUEUE, &name, Emphasis::Plain);
    Popup::menu(&button)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| menu_ui(ui, session, commands));
}

fn menu_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    ui.set_width(320.0);
    ScrollArea::vertical().max_height(300.0).show(ui, |ui| {
        for queued in &session.queue.waiting {
            row_ui(ui, queued, commands);
        }
    });
    widgets::hairline(ui);
    ui.add(Label::new(theme::small(ui, text::QUEUE_HINT)).wrap());
    let idle = !session.run.phase.is_active();
    if idle {
        let start = widgets::labeled(ui, ICON_PLAY_ARROW, text::START_QUEUE, Emphasis::Primary);
        if start.clicked() {
            commands.push(Command::Queue(QueueCommand::Start));
            ui.close();
        }
    }
}

fn row_ui(ui: &mut Ui, queued: &Queued, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.set_min_height(PICTURE + space::XS);
        let pictures = [&queued.content.thumbnail, &queued.styles[0].shown.thumbnail];
        for thumbnail in pictures {
            let shown = egui::Image::from_texture(thumbnail)
                .fit_to_exact_size(vec2(PICTURE * 1.4, PICTURE))
                .corner_radius(theme::CONTROL_RADIUS);
            ui.add(shown);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let name = format!("{}: {}", text::DEQUEUE, queued.title());
            if widgets::small_tool(ui, ICON_CLOSE, &name).clicked() {
                commands.push(Command::Queue(QueueCommand::Remove(queued.id)));
            }
            ui.allocate_ui_with_layout(
                vec2(ui.available_width(), size::SMALL_TOOL),
                Layout::left_to_right(Align::Center),
                |ui| ui.add(Label::new(queued.title()).truncate()),
            );
        });
    });
}

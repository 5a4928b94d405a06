//! The right panel: settings in three depths.
//!
//! Controls change a copy of the settings; when anything differs after a frame, the copy goes
//! out as one command. What takes effect at the next start only says so where it was changed.

use eframe::egui::{ScrollArea, Ui};

use crate::{
    app::{
        command::Command,
        controls::{basic, desk::Desk, expert, layers, state::Controls},
        session::Session,
        text,
        theme::{self, space},
        widgets,
    },
    settings::ControlDepth,
};

/// Draws the panel.
pub(crate) fn controls_ui(
    ui: &mut Ui,
    session: &Session,
    controls: &mut Controls,
    commands: &mut Vec<Command>,
) {
    let mut depth = session.app.depth;
    let width = ui.available_width() - f32::from(theme::SCROLL_ROOM);
    let chosen = ui
        .scope(|ui| {
            ui.set_max_width(width);
            depths_ui(ui, &mut depth)
        })
        .inner;
    if chosen {
        commands.push(Command::Depth(depth));
    }
    ui.add_space(space::S);
    controls.follow(&session.app, &session.presets);
    let mut desk = Desk {
        settings: &mut controls.settings,
        preset: &controls.reset,
        changed: controls.changed,
        at_work: session.running_with(),
        session,
        commands,
    };
    ScrollArea::vertical()
        .id_salt(depth as u8)
        .auto_shrink([false, false])
        .content_margin(egui::Margin {
            right: theme::SCROLL_ROOM,
            ..egui::Margin::ZERO
        })
        .show(ui, |ui| match depth {
            ControlDepth::Basic => basic::basic_ui(ui, &mut desk),
            ControlDepth::Layers => layers::layers_ui(ui, &mut desk),
            ControlDepth::Expert => expert::expert_ui(ui, &mut desk),
        });
    if controls.settings != *session.settings() {
        controls.compare();
        let settings = Box::new(controls.settings.clone());
        commands.push(Command::Settings(settings));
    }
}

fn depths_ui(ui: &mut Ui, depth: &mut ControlDepth) -> bool {
    widgets::segments(
        ui,
        depth,
        &[
            (
                ControlDepth::Basic,
                text::DEPTH_BASIC,
                text::DEPTH_BASIC_TOOLTIP,
            ),
            (
                ControlDepth::Layers,
                text::DEPTH_LAYERS,
                text::DEPTH_LAYERS_TOOLTIP,
            ),
            (
                ControlDepth::Expert,
                text::DEPTH_EXPERT,
                text::DEPTH_EXPERT_TOOLTIP,
            ),
        ],
    )
}

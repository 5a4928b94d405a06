//! The question how the film is exported.

use eframe::egui::{self, Align, Button, Id, Layout, Modal, Ui, WidgetInfo};

use crate::{
    app::{
        command::{Command, features::ExportCommand, ids::ExportChoices},
        session::Session,
        text,
        theme::{self, space},
        widgets,
    },
    pixels::AnimationFormat,
};

/// Draws the question, if it is open.
pub(crate) fn export_ui(ui: &Ui, session: &Session, commands: &mut Vec<Command>) {
    let export = &session.export;
    if !export.asks {
        return;
    }
    let mut choices = export.choices;
    let frame = widgets::modal_frame(ui);
    let shown = Modal::new(Id::unique("export"))
        .frame(frame)
        .show(ui.ctx(), |ui| question_ui(ui, session, &mut choices));
    let closed = shown.should_close().then_some(false);
    let answer = shown.inner.or(closed).map(ExportCommand::Answer);
    let chosen = (choices != export.choices).then_some(ExportCommand::Choose(choices));
    let asked = chosen.into_iter().chain(answer);
    commands.extend(asked.map(Command::Export));
}

/// Answers whether to go on, once that is decided.
fn question_ui(ui: &mut Ui, session: &Session, choices: &mut ExportChoices) -> Option<bool> {
    ui.set_width(420.0);
    ui.heading(text::EXPORT_HEAD);
    ui.add_space(space::M);
    ui.label(theme::small(ui, text::FORMAT));
    formats_ui(ui, session, choices);
    ui.add_space(space::S);
    ui.label(theme::small(ui, text::EXPORT_SIZE));
    let size = text::EXPORT_SIZE_TOOLTIP;
    let sizes = [
        (Some(320), "320", size),
        (Some(640), "640", size),
        (Some(1080), "1080", size),
        (None, text::EXPORT_FULL, size),
    ];
    widgets::segments(ui, &mut choices.longest_px, &sizes);
    ui.add_space(space::S);
    ui.label(theme::small(ui, text::EXPORT_LENGTH));
    let length = text::EXPORT_LENGTH_TOOLTIP;
    let lengths = [
        (4.0, "4 s", length),
        (8.0, "8 s", length),
        (16.0, "16 s", length),
    ];
    widgets::segments(ui, &mut choices.secs, &lengths);
    ui.add_space(space::M);
    let frames = session.timeline.frames(&session.run);
    let options = choices.options(&frames);
    let facts = text::export_facts(frames.len(), options.size_px, options.frames_per_sec);
    ui.label(theme::small(ui, facts));
    ui.add_space(space::L);
    let mut answer = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let icon = egui_material_icons::icons::ICON_MOVIE;
        let possible =
            choices.format != AnimationFormat::Mp4 || session.export.ffmpeg == Some(true);
        ui.add_enabled_ui(possible && !frames.is_empty(), |ui| {
            let go = widgets::labeled(ui, icon, text::EXPORT_GO, widgets::Emphasis::Primary);
            if go.clicked() {
                answer = Some(true);
            }
        });
        if ui.button(text::CANCEL).clicked() {
            answer = Some(false);
        }
    });
    answer
}

/// The formats side by side; MP4 only where it can be made.
fn formats_ui(ui: &mut Ui, session: &Session, choices: &mut ExportChoices) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let gaps = 3.0 * space::XS;
        let width = (ui.available_width() - gaps) / 4.0;
        let colors = theme::palette(ui);
        let formats = AnimationFormat::ALL.into_iter().zip(text::EXPORT_FORMATS);
        for (format, (name, tooltip)) in formats {
            let there = format != AnimationFormat::Mp4 || session.export.ffmpeg == Some(true);
            let on = choices.format == format;
            let button = Button::new(name)
                .min_size(egui::vec2(width, 30.0))
                .selected(on);
            let button = if on {
                button.stroke(egui::Stroke::new(1.0, colors.accent))
            } else {
                button
            };
            let response = ui.add_enabled(there, button);
            response.widget_info(|| WidgetInfo::selected(egui::Role::RadioButton, there, on, name));
            if response.clicked() {
                choices.format = format;
            }
            response
                .on_hover_text(tooltip)
                .on_disabled_hover_text(text::NO_FFMPEG);
        }
    });
}

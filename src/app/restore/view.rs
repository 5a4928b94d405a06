//! Asks what to do with a picture that remembers.

use eframe::egui::{self, Align, Id, Label, Layout, Modal, Ui, vec2};

use crate::app::{
    command::{Command, features::RestoreAnswer},
    restore::state::Offer,
    session::Session,
    text,
    theme::{self, space},
    widgets,
};

/// Draws the offer, if there is one.
pub(crate) fn offer_ui(ui: &Ui, session: &Session, commands: &mut Vec<Command>) {
    let Some(offer) = &session.offer else {
        return;
    };
    let frame = widgets::modal_frame(ui);
    let shown = Modal::new(Id::unique("restore"))
        .frame(frame)
        .show(ui.ctx(), |ui| question_ui(ui, offer));
    let nothing = shown.should_close().then_some(RestoreAnswer::Nothing);
    if let Some(answer) = shown.inner.or(nothing) {
        commands.push(Command::Restore(answer));
    }
}

fn question_ui(ui: &mut Ui, offer: &Offer) -> Option<RestoreAnswer> {
    ui.set_width(520.0);
    ui.heading(text::RESTORE_HEAD);
    ui.add_space(space::M);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        let image = egui::Image::from_texture(&offer.shown.thumbnail)
            .alt_text(&offer.shown.picture.name)
            .max_size(vec2(190.0, 150.0))
            .corner_radius(theme::CARD_RADIUS);
        ui.add(image);
        ui.vertical(|ui| facts_ui(ui, offer));
    });
    ui.add_space(space::L);
    answers_ui(ui, offer)
}

fn facts_ui(ui: &mut Ui, offer: &Offer) {
    let (remembered, colors) = (&offer.remembered, theme::palette(ui));
    let record = &remembered.record;
    ui.add(Label::new(theme::strong(&offer.shown.picture.name)).truncate());
    // Rows of text, not of buttons.
    ui.spacing_mut().interact_size.y = 16.0;
    for (role, input, found) in remembered.inputs() {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            ui.label(theme::small(ui, format!("{role}:")));
            ui.add(Label::new(&input.name).truncate());
            let note = match found {
                None => Some((text::NOT_FOUND, colors.danger)),
                Some(found) if !found.unchanged => Some((text::CHANGED_SINCE, colors.caution)),
                Some(_) => None,
            };
            if let Some((words, color)) = note {
                ui.label(theme::small(ui, words).color(color));
            }
        });
    }
    let words = text::made(offer.shown.size_px(), record.step, record.secs);
    ui.label(theme::small(ui, words));
    let computed = &record.computed;
    let words = text::computed(&computed.weights, &computed.device, computed.threads);
    ui.add(Label::new(theme::small(ui, words)).wrap());
    ui.label(theme::small(ui, &record.program));
    if remembered.has_regions() {
        let words = theme::small(ui, text::RESTORE_REGIONS).color(colors.caution);
        ui.add(Label::new(words).wrap());
    }
}

fn answers_ui(ui: &mut Ui, offer: &Offer) -> Option<RestoreAnswer> {
    let mut answer = None;
    ui.horizontal(|ui| {
        ui.set_min_height(theme::size::TOOL);
        for (label, is) in [
            (text::RESTORE_AS_CONTENT, RestoreAnswer::AsContent),
            (text::RESTORE_AS_STYLE, RestoreAnswer::AsStyle),
        ] {
            if ui.button(label).clicked() {
                answer = Some(is);
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let complete = offer.remembered.is_complete();
            ui.add_enabled_ui(complete, |ui| {
                let icon = egui_material_icons::icons::ICON_SETTINGS_BACKUP_RESTORE;
                let emphasis = widgets::Emphasis::Primary;
                let button = widgets::labeled(ui, icon, text::RESTORE_ALL, emphasis);
                if button.on_disabled_hover_text(text::NOT_FOUND).clicked() {
                    answer = Some(RestoreAnswer::Everything);
                }
            });
            if ui.button(text::RESTORE_SETTINGS).clicked() {
                answer = Some(RestoreAnswer::Settings);
            }
        });
    });
    answer
}

//! The list of presets, each with a picture: those of the program and the user's own.

use eframe::egui::{
    self, Align, ComboBox, CursorIcon, Image, Layout, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    vec2,
};
use egui_material_icons::icons::{ICON_BOOKMARK_ADD, ICON_DELETE, ICON_EDIT, ICON_UNDO};

use crate::{
    app::{
        command::{Command, features::PresetsCommand},
        controls::desk::Desk,
        geometry::contain,
        text,
        theme::{self, size, space},
        widgets,
    },
    settings::Preset,
};

/// Size of a preset's picture in the list, in points.
const PICTURE: [f32; 2] = [48.0, 32.0];
/// Most of the presets at one glance.
const LIST_HEIGHT: f32 = 520.0;

/// Draws the choice of a preset.
pub(crate) fn preset_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let session = desk.session;
    let current = session
        .presets
        .list
        .iter()
        .find(|preset| preset.name == session.app.preset);
    let title = current.map_or("", |preset| preset.title.as_str());
    let changed = desk.changed;
    widgets::head_with_tools(ui, text::PRESET, |ui| {
        if widgets::small_tool(ui, ICON_BOOKMARK_ADD, text::SAVE_PRESET).clicked() {
            let ask = PresetsCommand::Name(None);
            desk.commands.push(Command::Presets(ask));
        }
        if changed {
            let name = format!("{} {}", text::RESET, text::PRESET);
            if widgets::small_tool(ui, ICON_UNDO, &name).clicked() {
                let name = session.app.preset.clone();
                let choose = PresetsCommand::Choose(name);
                desk.commands.push(Command::Presets(choose));
            }
            ui.label(theme::small(ui, text::PRESET_CHANGED));
        }
    });
    let combo = ComboBox::from_id_salt(text::PRESET)
        .width(ui.available_width())
        .height(LIST_HEIGHT)
        .selected_text(title)
        .show_ui(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            for preset in &session.presets.list {
                row_ui(ui, desk, preset);
            }
        });
    combo.response.widget_info(|| {
        let mut info = WidgetInfo::labeled(egui::Role::ComboBox, ui.is_enabled(), text::PRESET);
        info.current_text_value = Some(title.to_owned());
        info
    });
    if let Some(preset) = current {
        ui.add(egui::Label::new(theme::small(ui, &preset.about)).wrap());
    }
}

fn row_ui(ui: &mut Ui, desk: &mut Desk<'_>, preset: &Preset) {
    let session = desk.session;
    let gallery = &session.presets;
    let (on, own) = (
        preset.name == session.app.preset,
        gallery.is_user_preset(&preset.name),
    );
    let height = PICTURE[1] + space::XS;
    ui.horizontal(|ui| {
        let tools = if own {
            2.0 * (size::SMALL_TOOL + space::XS)
        } else {
            0.0
        };
        let width = ui.available_width() - tools;
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
        let response = response.on_hover_cursor(CursorIcon::PointingHand);
        response.widget_info(|| {
            WidgetInfo::selected(egui::Role::Button, ui.is_enabled(), on, &preset.title)
        });
        let colors = theme::palette(ui);
        let radius = theme::CONTROL_RADIUS;
        if on || response.hovered() || response.has_focus() {
            let fill = if on { colors.chosen } else { colors.lifted };
            ui.painter().rect_filled(rect, radius, fill);
        }
        if response.has_focus() {
            let stroke = Stroke::new(1.5, colors.accent);
            let inside = StrokeKind::Inside;
            ui.painter().rect_stroke(rect, radius, stroke, inside);
        }
        let place = egui::Rect::from_min_size(rect.min + vec2(2.0, 2.0), PICTURE.into());
        ui.painter().rect_filled(place, 4, colors.sunken);
        if let Some(picture) = gallery.picture(&preset.name) {
            let frame = contain(place, picture.size_vec2());
            Image::from_texture(picture)
                .corner_radius(4)
                .paint_at(ui, frame);
        }
        let font = egui::TextStyle::Body.resolve(ui.style());
        let at = place.right_center() + vec2(space::S, 0.0);
        let galley = ui.painter().layout(
            preset.title.clone(),
            font,
            colors.text,
            (rect.right() - at.x - space::XS).max(20.0),
        );
        let at = at - vec2(0.0, galley.size().y / 2.0);
        ui.painter().galley(at, galley, colors.text);
        if response.clicked() {
            let name = preset.name.clone();
            let choose = PresetsCommand::Choose(name);
            desk.commands.push(Command::Presets(choose));
            ui.close();
        }
        response.on_hover_text(&preset.about);
        if own {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                user_preset_tools_ui(ui, preset, desk.commands);
            });
        }
    });
}

/// Rename and delete, beside a user preset.
pub(crate) fn user_preset_tools_ui(ui: &mut Ui, preset: &Preset, commands: &mut Vec<Command>) {
    let of = |name: &str| format!("{name} {}", preset.title);
    let name = preset.name.clone();
    for (icon, label, command) in [
        (
            ICON_DELETE,
            text::DELETE,
            PresetsCommand::Delete(name.clone()),
        ),
        (ICON_EDIT, text::RENAME, PresetsCommand::Name(Some(name))),
    ] {
        if widgets::small_tool(ui, icon, &of(label)).clicked() {
            commands.push(Command::Presets(command));
            ui.close();
        }
    }
}

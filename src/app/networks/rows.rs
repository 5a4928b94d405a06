//! The list of networks.

use eframe::egui::{Align2, CursorIcon, FontId, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::ICON_CHECK;

use crate::app::{
    command::{Command, features::NetworksCommand, ids::Row},
    networks::state::{Networks, VGG19_NAME},
    session::Session,
    text,
    theme::{self, size, space},
};

const ROW_HEIGHT: f32 = 42.0;

/// Draws the list.
pub(super) fn rows_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let networks = &session.networks;
    let in_use = networks.row_of(session.settings());
    ui.spacing_mut().item_spacing.y = 2.0;
    for row in networks.rows() {
        if row == Row::Random {
            ui.add_space(space::S);
            ui.label(theme::small(ui, text::CURIOUS));
            ui.add_space(2.0);
        }
        let used = in_use.as_ref() == Some(&row);
        if row_ui(ui, networks, &row, used) {
            commands.push(Command::Networks(NetworksCommand::Look(row)));
        }
    }
}

/// Name of a row, and a few words under it.
pub(super) fn names(networks: &Networks, row: &Row) -> (String, String) {
    let (title, words) = match row {
        Row::Embedded => (text::VGG16, text::INSIDE),
        Row::Missing => (text::VGG19, text::VGG19_MISSING),
        Row::Random => (text::RANDOM, text::RANDOM_SHORT),
        Row::Shuffled => (text::SHUFFLED, text::SHUFFLED_SHORT),
        Row::Kept(name) => {
            let entry = networks.entry(name);
            let bytes = entry.map_or(0, |entry| entry.bytes);
            if name == VGG19_NAME {
                return (text::VGG19.to_owned(), text::on_this_computer(bytes));
            }
            let network = entry.and_then(|entry| entry.network);
            let network = network.map_or(text::UNKNOWN, |network| network.title());
            return (name.clone(), format!("{network}, {}", text::bytes(bytes)));
        }
    };
    (title.to_owned(), words.to_owned())
}

fn row_ui(ui: &mut Ui, networks: &Networks, row: &Row, used: bool) -> bool {
    let (title, words) = names(networks, row);
    let shown = networks.shown == *row;
    let sides = vec2(ui.available_width(), ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(sides, Sense::click());
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    response.widget_info(|| {
        let name = format!("{title}, {words}");
        WidgetInfo::selected(egui::Role::RadioButton, ui.is_enabled(), shown, name)
    });
    let colors = theme::palette(ui);
    let fill = match (shown, response.hovered()) {
        (true, _) => Some(colors.chosen),
        (false, true) => Some(colors.lifted),
        (false, false) => None,
    };
    let painter = ui.painter().with_clip_rect(rect);
    if let Some(fill) = fill {
        painter.rect_filled(rect, theme::CONTROL_RADIUS, fill);
    }
    if response.has_focus() {
        let stroke = Stroke::new(1.5, colors.accent);
        painter.rect_stroke(rect, theme::CONTROL_RADIUS, stroke, StrokeKind::Inside);
    }
    let left = rect.left_top() + vec2(10.0, 6.0);
    let font = theme::strong_font(ui);
    painter.text(left, Align2::LEFT_TOP, title, font, colors.text);
    let small = egui::TextStyle::Small.resolve(ui.style());
    let under = left + vec2(0.0, 16.0);
    painter.text(under, Align2::LEFT_TOP, words, small, colors.weak);
    if used {
        let at = rect.right_center() - vec2(10.0, 0.0);
        let font = FontId::new(size::ICON, ICON_CHECK.font_family());
        painter.text(
            at,
            Align2::RIGHT_CENTER,
            ICON_CHECK.codepoint,
            font,
            colors.accent,
        );
    }
    response.clicked()
}

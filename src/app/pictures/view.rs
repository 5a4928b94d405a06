//! The left panel: content and style images, each a place to drop, open and paste.

use std::path::Path;

use eframe::egui::{
    self, Align, Align2, FontId, Label, Layout, Popup, Rect, ScrollArea, Sense, Stroke, StrokeKind,
    Ui, UiBuilder, WidgetInfo, vec2,
};
use egui_material_icons::icons::{
    ICON_ADD, ICON_ADD_PHOTO_ALTERNATE, ICON_CLOSE, ICON_FOLDER_OPEN, ICON_HISTORY, ICON_SWAP_VERT,
};

use crate::{
    app::{
        brushes::view::{brush_ui, chosen_ui},
        command::{
            Command,
            ids::{Role, Source},
        },
        drops::{state::note_card, view::target_ui},
        geometry::cover,
        pictures::edit::edit_ui,
        session::{Session, picture::Shown},
        slider::Rail,
        text,
        theme::{self, size, space},
        widgets,
    },
    settings::range,
};

/// Width to height of a card's picture: between upright and wide ones.
const CARD_ASPECT: f32 = 1.45;
/// Height of the line under a card, in points.
const CAPTION: f32 = 24.0;

/// Draws the panel.
pub(crate) fn pictures_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .content_margin(egui::Margin {
            right: theme::SCROLL_ROOM,
            ..egui::Margin::ZERO
        })
        .show(ui, |ui| {
            widgets::head_with_tools(ui, text::CONTENT, |ui| {
                recent_ui(ui, session, Role::Content, commands);
                if widgets::small_tool(ui, ICON_FOLDER_OPEN, text::OPEN_CONTENT).clicked() {
                    commands.push(Command::Open(Role::Content));
                }
            });
            let content = session.pictures.content.as_ref();
            card_ui(ui, session, content, Role::Content, commands);
            ui.vertical_centered(|ui| {
                if widgets::tool(ui, ICON_SWAP_VERT, text::SWAP, true).clicked() {
                    commands.push(Command::Swap);
                }
            });
            widgets::head_with_tools(ui, text::STYLE, |ui| {
                recent_ui(ui, session, Role::Style(0), commands);
                if widgets::small_tool(ui, ICON_FOLDER_OPEN, text::OPEN_STYLE).clicked() {
                    commands.push(Command::Open(Role::Style(0)));
                }
                if widgets::small_tool(ui, ICON_ADD, text::ADD_STYLE).clicked() {
                    commands.push(Command::Open(Role::NewStyle));
                }
            });
            if session.pictures.styles.is_empty() {
                card_ui(ui, session, None, Role::Style(0), commands);
            }
            for n in 0..session.pictures.styles.len() {
                let shown = &session.pictures.styles[n].shown;
                card_ui(ui, session, Some(shown), Role::Style(n), commands);
                if session.pictures.styles.len() > 1 {
                    share_ui(ui, session, n, commands);
                }
                brush_ui(ui, session, (n, shown), commands);
                ui.add_space(space::S);
            }
            chosen_ui(ui, session, commands);
            if session.pictures_wait() {
                let hint = theme::small(ui, text::PICTURES_WAIT);
                ui.add(Label::new(hint.color(theme::palette(ui).caution)).wrap());
            }
        });
}

/// The menu of pictures opened lately.
fn recent_ui(ui: &mut Ui, session: &Session, role: Role, commands: &mut Vec<Command>) {
    let name = format!("{} ({})", text::RECENT, role.name());
    let button = widgets::small_tool(ui, ICON_HISTORY, &name);
    Popup::menu(&button).show(|ui| {
        ui.set_min_width(180.0);
        ui.set_max_width(260.0);
        ui.label(theme::small(ui, text::RECENT));
        for path in &session.app.recent {
            let label = path.file_name().unwrap_or(path.as_os_str());
            let button = egui::Button::new(label.to_string_lossy().into_owned())
                .frame_when_inactive(false)
                .truncate();
            if ui
                .add(button)
                .on_hover_text(path.display().to_string())
                .clicked()
            {
                commands.push(Command::Load(role, path.clone()));
                ui.close();
            }
        }
        if session.app.recent.is_empty() {
            ui.label(text::NO_RECENT);
        }
        widgets::hairline(ui);
        if ui
            .add(egui::Button::new(text::BY_PATH).frame_when_inactive(false))
            .clicked()
        {
            commands.push(Command::OpenByPath(role));
            ui.close();
        }
    });
}

/// A picture with its name and size, or an invitation to drop one.
fn card_ui(
    ui: &mut Ui,
    session: &Session,
    shown: Option<&Shown>,
    role: Role,
    commands: &mut Vec<Command>,
) {
    let colors = theme::palette(ui);
    let width = ui.available_width();
    let (rect, mut response) =
        ui.allocate_exact_size(vec2(width, width / CARD_ASPECT), Sense::click());
    let source = match role {
        Role::Style(n) => Source::Style(n),
        _ => Source::Content,
    };
    let on_canvas = shown.is_some() && session.source() == source;
    // Its caption belongs to it; what is scrolled away takes no drop.
    let whole = rect.with_max_y(rect.max.y + CAPTION);
    note_card(ui.ctx(), whole.intersect(ui.clip_rect()), role);
    let target = session.drops.landing(ui.ctx()) == Some(role);
    let radius = theme::CARD_RADIUS;
    ui.painter().rect_filled(rect, radius, colors.sunken);
    let name = if let Some(shown) = shown {
        picture_ui(ui, rect, shown);
        shown.picture.name.as_str()
    } else {
        empty_ui(ui, rect);
        text::EMPTY_CARD
    };
    let label = format!("{}: {name}", role.name());
    let stroke = if response.has_focus() {
        Stroke::new(2.0, colors.accent)
    } else if response.hovered() || on_canvas {
        Stroke::new(1.5, colors.weak)
    } else {
        Stroke::new(1.0, colors.outline)
    };
    ui.painter()
        .rect_stroke(rect, radius, stroke, StrokeKind::Inside);
    if session.drops.hovering > 0 {
        target_ui(ui, rect, role, target);
    }
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &label));
    response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
    if response.clicked() {
        commands.push(match shown {
            Some(_) => Command::Show(source),
            None => Command::Open(role),
        });
    }
    let tooltip = match role {
        Role::Content => text::CONTENT_HINT,
        _ => text::STYLE_HINT,
    };
    response.on_hover_text(tooltip);
    if let Some(shown) = shown {
        edit_tools_ui(ui, rect, shown, role, commands);
        caption_ui(ui, session, shown, role, commands);
    }
}

/// Turn and cut, in the picture's corner.
fn edit_tools_ui(ui: &mut Ui, card: Rect, shown: &Shown, role: Role, commands: &mut Vec<Command>) {
    let room = vec2(2.0 * size::SMALL_TOOL + 2.0, size::SMALL_TOOL);
    let place = Align2::RIGHT_BOTTOM.align_size_within_rect(room, card.shrink(5.0));
    let fill = theme::palette(ui).panel.gamma_multiply(0.88);
    ui.painter()
        .rect_filled(place.expand(1.0), theme::CONTROL_RADIUS, fill);
    let tools = UiBuilder::new()
        .max_rect(place)
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(tools, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        edit_ui(ui, shown, role, commands);
    });
}

/// The thumbnail, filling the card.
fn picture_ui(ui: &Ui, rect: Rect, shown: &Shown) {
    // Cut to the card's shape, never stretched.
    let uv = cover(rect, shown.thumbnail.size_vec2());
    egui::Image::from_texture(&shown.thumbnail)
        .uv(uv)
        .corner_radius(theme::CARD_RADIUS)
        .paint_at(ui, rect);
}

fn empty_ui(ui: &Ui, rect: Rect) {
    let colors = theme::palette(ui);
    let dashes = egui::Shape::dashed_line(
        &[
            rect.shrink(8.0).left_top(),
            rect.shrink(8.0).right_top(),
            rect.shrink(8.0).right_bottom(),
            rect.shrink(8.0).left_bottom(),
            rect.shrink(8.0).left_top(),
        ],
        Stroke::new(1.0, colors.weak),
        5.0,
        4.0,
    );
    ui.painter().extend(dashes);
    let icon = ICON_ADD_PHOTO_ALTERNATE;
    ui.painter().text(
        rect.center() - vec2(0.0, 10.0),
        Align2::CENTER_CENTER,
        icon.codepoint,
        FontId::new(28.0, icon.font_family()),
        colors.weak,
    );
    ui.painter().text(
        rect.center() + vec2(0.0, 18.0),
        Align2::CENTER_CENTER,
        text::EMPTY_CARD,
        egui::TextStyle::Small.resolve(ui.style()),
        colors.weak,
    );
}

fn caption_ui(
    ui: &mut Ui,
    session: &Session,
    shown: &Shown,
    role: Role,
    commands: &mut Vec<Command>,
) {
    ui.horizontal(|ui| {
        ui.set_min_height(20.0);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            if let Role::Style(n) = role
                && session.pictures.styles.len() > 1
                && widgets::small_tool(ui, ICON_CLOSE, text::REMOVE_STYLE).clicked()
            {
                commands.push(Command::RemoveStyle(n));
            }
            ui.label(theme::small(ui, text::sides(shown.size_px())));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let name = &shown.original.name;
                let stem = Path::new(name)
                    .file_stem()
                    .map_or(name.as_str().into(), |stem| stem.to_string_lossy());
                ui.add(Label::new(stem.as_ref()).truncate()).on_hover_text(
                    shown
                        .original
                        .path
                        .as_ref()
                        .map_or_else(|| name.clone(), |path| path.display().to_string()),
                );
            });
        });
    });
}

/// The strength of one style among several.
fn share_ui(ui: &mut Ui, session: &Session, n: usize, commands: &mut Vec<Command>) {
    let mut strength = session.pictures.styles[n].strength;
    let all: f64 = session
        .pictures
        .styles
        .iter()
        .map(|style| style.strength)
        .sum();
    ui.horizontal(|ui| {
        ui.set_min_height(size::SMALL_TOOL);
        ui.spacing_mut().slider_width = ui.available_width() - 44.0;
        let rail = Rail {
            keeps_outside: true,
            ..Rail::even(0.0..=4.0)
        };
        let response = rail.show(ui, &mut strength);
        let name = format!("{} {}", text::STRENGTH, n + 1);
        response.widget_info(|| WidgetInfo::slider(true, strength, &name));
        if response.on_hover_text(text::STRENGTH_TOOLTIP).changed() {
            let strength = strength.clamp(range::STRENGTH.min, range::STRENGTH.max);
            commands.push(Command::Strength(n, strength));
        }
        let share = if all > 0.0 {
            100.0 * strength / all
        } else {
            0.0
        };
        ui.label(theme::figures(ui, format!("{share:.0} %")));
    });
}

//! The small widgets that views are made of: tool buttons, section heads, segmented choices.

use eframe::egui::{
    self, Align, Align2, Button, CornerRadius, CursorIcon, FontId, Layout, Response, RichText,
    Sense, Stroke, Ui, WidgetInfo, vec2,
};
use egui_material_icons::MaterialIcon;

use crate::app::theme::{self, size, space};

/// A button with an icon only, of the top bar's size. `name` is its accessible name and tooltip.
pub(crate) fn tool(ui: &mut Ui, icon: MaterialIcon, name: &str, enabled: bool) -> Response {
    let state = if enabled { State::Off } else { State::Disabled };
    icon_button(ui, icon, name, state, (size::TOOL, size::ICON))
}

/// A button with an icon only that can be on.
pub(crate) fn toggle(ui: &mut Ui, icon: MaterialIcon, name: &str, on: bool) -> Response {
    let state = if on { State::On } else { State::Off };
    let sizes = (size::TOOL - 4.0, size::ICON - 1.0);
    icon_button(ui, icon, name, state, sizes)
}

/// A button with an icon only for cards and rows.
pub(crate) fn small_tool(ui: &mut Ui, icon: MaterialIcon, name: &str) -> Response {
    let sizes = (size::SMALL_TOOL, size::SMALL_ICON);
    icon_button(ui, icon, name, State::Off, sizes)
}

/// A button with an icon only beside small text.
pub(crate) fn tiny_tool(ui: &mut Ui, icon: MaterialIcon, name: &str) -> Response {
    icon_button(ui, icon, name, State::Off, (20.0, size::SMALL_ICON))
}

/// What an icon button looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Off,
    On,
    Disabled,
}

fn icon_button(
    ui: &mut Ui,
    icon: MaterialIcon,
    name: &str,
    state: State,
    (side, icon_size): (f32, f32),
) -> Response {
    let (enabled, on) = (state != State::Disabled, state == State::On);
    let sense = if enabled {
        Sense::click()
    } else {
        Sense::hover()
    };
    let (rect, response) = ui.allocate_exact_size(theme::square(side), sense);
    let response = if enabled {
        response.on_hover_cursor(CursorIcon::PointingHand)
    } else {
        response
    };
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(egui::Role::Button, enabled, name);
        info.selected = on.then_some(true);
        info
    });
    if ui.is_rect_visible(rect) {
        let colors = theme::palette(ui);
        let fill = if on {
            Some(colors.chosen)
        } else if enabled && (response.hovered() || response.has_focus()) {
            Some(colors.lifted)
        } else {
            None
        };
        if let Some(fill) = fill {
            ui.painter().rect_filled(rect, theme::CONTROL_RADIUS, fill);
        }
        if response.has_focus() {
            let stroke = Stroke::new(1.5, colors.accent);
            let radius = theme::CONTROL_RADIUS;
            let inside = egui::StrokeKind::Inside;
            ui.painter().rect_stroke(rect, radius, stroke, inside);
        }
        let color = match (enabled, on) {
            (false, _) => colors.weak.gamma_multiply(0.45),
            (true, true) => colors.accent,
            (true, false) if response.hovered() => colors.text,
            (true, false) => colors.weak,
        };
        ui.painter().text(
            rect.center(),
            Align2::CENTER_CENTER,
            icon.codepoint,
            FontId::new(icon_size, icon.font_family()),
            color,
        );
    }
    response.on_hover_text(name)
}

/// A button with icon and text. The primary one has the accent's color.
pub(crate) fn labeled(
    ui: &mut Ui,
    icon: MaterialIcon,
    label: &str,
    emphasis: Emphasis,
) -> Response {
    let colors = theme::palette(ui);
    let (fill, text) = match emphasis {
        Emphasis::Primary => (colors.accent, colors.on_accent),
        Emphasis::Plain => (colors.raised, colors.text),
    };
    ui.scope(|ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        if emphasis == Emphasis::Primary {
            for state in [
                &mut widgets.inactive,
                &mut widgets.hovered,
                &mut widgets.active,
            ] {
                state.weak_bg_fill = colors.accent_lifted;
                state.fg_stroke.color = colors.on_accent;
                state.bg_stroke = Stroke::NONE;
            }
            widgets.inactive.weak_bg_fill = fill;
        }
        let button = Button::new((
            RichText::new(icon.codepoint)
                .family(icon.font_family())
                .size(17.0)
                .color(text),
            theme::strong(label).color(text),
        ))
        .gap(6.0)
        .min_size(vec2(0.0, size::TOOL));
        let response = ui.add(button).on_hover_cursor(CursorIcon::PointingHand);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), label));
        if response.has_focus() {
            let stroke = Stroke::new(1.5, colors.text);
            let outside = egui::StrokeKind::Outside;
            let rect = response.rect.expand(1.0);
            ui.painter()
                .rect_stroke(rect, theme::CONTROL_RADIUS + 1, stroke, outside);
        }
        response
    })
    .inner
}

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Emphasis {
    /// The one that is next.
    Primary,
    /// All others.
    Plain,
}

/// Choices side by side, one of them on. Answers whether another was chosen.
pub(crate) fn segments<T: Copy + PartialEq>(
    ui: &mut Ui,
    value: &mut T,
    choices: &[(T, &str, &str)],
) -> bool {
    let colors = theme::palette(ui);
    let before = *value;
    let height = ui.spacing().interact_size.y + 2.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let radius = CornerRadius::same(theme::CONTROL_RADIUS + 1);
    ui.painter().rect_filled(rect, radius, colors.sunken);
    let inner = rect.shrink(2.0);
    let width = inner.width() / choices.len() as f32;
    for (n, &(choice, label, tooltip)) in choices.iter().enumerate() {
        let cell = egui::Rect::from_min_size(
            inner.min + vec2(width * n as f32, 0.0),
            vec2(width, inner.height()),
        );
        let id = ui.scope_id().with(("segment", choices[0].1, label));
        let mut response = ui
            .interact(cell, id, Sense::click())
            .on_hover_cursor(CursorIcon::PointingHand);
        if response.clicked() {
            *value = choice;
        }
        let on = choice == *value;
        response.widget_info(|| {
            WidgetInfo::selected(egui::Role::RadioButton, ui.is_enabled(), on, label)
        });
        if on {
            let fill = if ui.visuals().dark_mode {
                colors.lifted
            } else {
                colors.raised
            };
            ui.painter().rect_filled(cell, theme::CONTROL_RADIUS, fill);
        }
        if response.has_focus() {
            let stroke = Stroke::new(1.5, colors.accent);
            let inside = egui::StrokeKind::Inside;
            ui.painter()
                .rect_stroke(cell, theme::CONTROL_RADIUS, stroke, inside);
        }
        let color = if on || response.hovered() {
            colors.text
        } else {
            colors.weak
        };
        let font = if on {
            theme::strong_font(ui)
        } else {
            egui::TextStyle::Body.resolve(ui.style())
        };
        let color = if ui.is_enabled() {
            color
        } else {
            ui.visuals().disable(color)
        };
        ui.painter()
            .text(cell.center(), Align2::CENTER_CENTER, label, font, color);
        if !tooltip.is_empty() {
            response = response.on_hover_text(tooltip);
        }
        drop(response);
    }
    *value != before
}

/// The head of a group: a semi-bold line with room above.
pub(crate) fn head(ui: &mut Ui, title: &str) {
    ui.add_space(space::S);
    ui.label(theme::strong(title));
    ui.add_space(2.0);
}

/// The head of a panel's section with tools at its right end.
pub(crate) fn head_with_tools(ui: &mut Ui, title: &str, tools: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.set_min_height(size::SMALL_TOOL);
        ui.label(theme::strong(title));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            tools(ui);
        });
    });
}

/// Sliders are lighter than buttons: a thin rail and a small handle.
pub(crate) fn slider_look(ui: &mut Ui) {
    let colors = theme::palette(ui);
    ui.spacing_mut().interact_size.y = 16.0;
    let visuals = ui.visuals_mut();
    visuals.selection.bg_fill = colors.accent;
    for state in [&mut visuals.widgets.hovered, &mut visuals.widgets.active] {
        state.fg_stroke = Stroke::new(2.0, colors.accent);
    }
}

/// Three dots, one lit after the other: four frames a second, because each frame is taken from
/// the painting's time where no graphics card draws.
pub(crate) fn waiting_ui(ui: &mut Ui) {
    const FRAMES_PER_SEC: f64 = 4.0;
    let (rect, _) = ui.allocate_exact_size(vec2(26.0, 14.0), Sense::hover());
    let colors = theme::palette(ui);
    let now = ui.input(|input| input.time);
    let lit = (now * FRAMES_PER_SEC) as u64 % 3;
    for dot in 0..3_u8 {
        let center = rect.left_center() + vec2(4.0 + 9.0 * f32::from(dot), 0.0);
        let color = if lit == u64::from(dot) {
            colors.accent
        } else {
            colors.outline
        };
        ui.painter().circle_filled(center, 3.0, color);
    }
    let pause = std::time::Duration::from_secs_f64(1.0 / FRAMES_PER_SEC);
    ui.ctx().request_repaint_after(pause);
}

/// A hairline across.
pub(crate) fn hairline(ui: &mut Ui) {
    ui.add_space(space::S);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter()
        .rect_filled(rect, 0.0, theme::palette(ui).outline);
    ui.add_space(space::S);
}

/// The frame of questions over the whole window.
pub(crate) fn modal_frame(ui: &Ui) -> egui::Frame {
    egui::Frame::window(ui.style()).inner_margin(20)
}

//! The bar above the picture: what is shown, how it is compared, how large.

use eframe::egui::{Align, ComboBox, Layout, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::{
    ICON_ADD, ICON_COMPARE, ICON_CROP_SQUARE, ICON_FIT_SCREEN, ICON_REMOVE, ICON_SPLITSCREEN_RIGHT,
};

use crate::app::{
    canvas::state::View,
    command::{
        Command,
        action::ActionId,
        features::ViewCommand,
        ids::{Compare, Source},
        table::tooltip,
    },
    session::Session,
    text,
    theme::{self, size, space},
    widgets,
};

/// The name of a source.
pub(super) fn source_name(session: &Session, source: Source) -> String {
    match source {
        Source::Now => text::NOW.to_owned(),
        Source::Content => text::CONTENT.to_owned(),
        Source::Style(n) if session.pictures.styles.len() > 1 => {
            format!("{} {}", text::STYLE, n + 1)
        }
        Source::Style(_) => text::STYLE.to_owned(),
        Source::Moment => text::MOMENT.to_owned(),
        Source::Instant => text::INSTANT.to_owned(),
        Source::Snapshot(id) => session
            .kept(id)
            .map_or_else(String::new, |kept| kept.name.clone()),
    }
}

/// Draws the bar.
pub(super) fn bar_ui(
    ui: &mut Ui,
    session: &Session,
    view: &mut View,
    asked: &mut Vec<ViewCommand>,
    commands: &mut Vec<Command>,
) {
    let frame = egui::Frame::new()
        .fill(theme::palette(ui).panel)
        .inner_margin(egui::Margin::symmetric(space::S as i8, 4));
    frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.set_min_height(size::TOOL - 4.0);
            ui.spacing_mut().item_spacing.x = 2.0;
            let source = session.source();
            if let Some(chosen) = source_ui(ui, session, text::SHOWS, source) {
                commands.push(Command::Show(chosen));
            }
            ui.add_space(space::S);
            for (icon, name, compare) in [
                (ICON_CROP_SQUARE, text::SINGLE, Compare::Single),
                (
                    ICON_COMPARE,
                    &tooltip(ActionId::CompareSplit),
                    Compare::Split,
                ),
                (
                    ICON_SPLITSCREEN_RIGHT,
                    &tooltip(ActionId::CompareSide),
                    Compare::Side,
                ),
            ] {
                let on = view.compare == compare;
                if widgets::toggle(ui, icon, name, on).clicked() && !on {
                    view.compare = compare;
                }
            }
            if view.compare != Compare::Single {
                ui.add_space(space::XS);
                if let Some(chosen) = source_ui(ui, session, text::COMPARE_WITH, view.with) {
                    view.with = chosen;
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                zoom_ui(ui, session, view, asked);
            });
        });
    });
}

fn zoom_ui(ui: &mut Ui, session: &Session, view: &View, asked: &mut Vec<ViewCommand>) {
    if widgets::toggle(ui, ICON_FIT_SCREEN, &tooltip(ActionId::Fit), view.fits()).clicked() {
        asked.push(ViewCommand::Fit);
    }
    // Where large text leaves no room, wheel and keys still zoom.
    if ui.available_width() < 124.0 {
        return;
    }
    if widgets::tool(ui, ICON_ADD, &tooltip(ActionId::ZoomIn), true).clicked() {
        asked.push(ViewCommand::ZoomIn);
    }
    let percent = session.size_px(session.source()).map_or(100.0, |(w, h)| {
        // The bar stands above the canvas: its width is the canvas's, its height is not needed
        // to more than a few percent before the first frame.
        let canvas = ui
            .data(|data| data.get_temp(egui::Id::unique("canvas")))
            .unwrap_or(ui.max_rect());
        100.0 * view.zoom(canvas, vec2(w as f32, h as f32)) * ui.pixels_per_point()
    });
    let label = egui::Button::new(theme::figures(ui, format!("{percent:.0} %")))
        .frame_when_inactive(false)
        .min_size(vec2(54.0, size::TOOL - 4.0));
    let one = ui.add(label);
    one.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, tooltip(ActionId::OneToOne)));
    if one.on_hover_text(tooltip(ActionId::OneToOne)).clicked() {
        asked.push(ViewCommand::OneToOne);
    }
    if widgets::tool(ui, ICON_REMOVE, &tooltip(ActionId::ZoomOut), true).clicked() {
        asked.push(ViewCommand::ZoomOut);
    }
}

/// A list of everything that can be shown; answers what was chosen.
fn source_ui(ui: &mut Ui, session: &Session, name: &str, current: Source) -> Option<Source> {
    let mut sources = Vec::new();
    if session.run.now.is_some() {
        sources.push(Source::Now);
    }
    if session.timeline.screen.is_some() && session.timeline.moment.is_some() {
        sources.push(Source::Moment);
    }
    if session.texture(Source::Instant).is_some() {
        sources.push(Source::Instant);
    }
    sources.push(Source::Content);
    sources.extend((0..session.pictures.styles.len()).map(Source::Style));
    sources.extend(
        session
            .snapshots
            .kept
            .iter()
            .map(|kept| Source::Snapshot(kept.id)),
    );
    let shown = source_name(session, current);
    let narrow = ui.max_rect().width() < 520.0;
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(name)
        .width(if narrow { 84.0 } else { 112.0 })
        .truncate()
        .selected_text(&shown)
        .show_ui(ui, |ui| {
            for source in sources {
                let label = source_name(session, source);
                if ui.selectable_label(source == current, label).clicked() {
                    chosen = Some(source);
                }
            }
        });
    combo.response.widget_info(|| {
        let mut info = WidgetInfo::labeled(egui::Role::ComboBox, ui.is_enabled(), name);
        info.current_text_value = Some(shown.clone());
        info
    });
    combo.response.on_hover_text(name);
    chosen
}

//! The strip of kept pictures.

use eframe::egui::{
    self, CursorIcon, Id, Label, Rect, ScrollArea, Sense, Spinner, Stroke, StrokeKind, TextEdit,
    Ui, WidgetInfo, vec2,
};
use egui_material_icons::icons::{ICON_MORE_HORIZ, ICON_PHOTO_CAMERA};

use crate::app::{
    command::{Command, action::ActionId, ids::Source, table::tooltip},
    geometry::cover,
    session::Session,
    snapshots::state::Kept,
    text,
    theme::{self, space},
    widgets,
};
use crate::choice::Choice as _;

/// Height of a caption under a thumbnail.
const CAPTION: f32 = 20.0;
/// Narrowest thumbnail in points: its name must be readable.
const NARROWEST: f32 = 72.0;
/// Width of the button beside a caption.
const MORE: f32 = 20.0;

/// Draws the strip.
pub(crate) fn snapshots_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    widgets::head_with_tools(ui, text::SNAPSHOTS, |ui| {
        if widgets::small_tool(ui, ICON_PHOTO_CAMERA, &tooltip(ActionId::Snapshot)).clicked() {
            commands.push(Command::Snapshot);
        }
    });
    if session.snapshots.kept.is_empty() {
        ui.add(Label::new(theme::small(ui, text::NO_SNAPSHOTS)).wrap());
        return;
    }
    let height = ui.available_height() - CAPTION - space::S;
    ScrollArea::horizontal()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.horizontal_top(|ui| {
                // The newest is what one looks for.
                for kept in session.snapshots.kept.iter().rev() {
                    kept_ui(ui, session, kept, height, commands);
                }
            });
        });
}

fn kept_ui(ui: &mut Ui, session: &Session, kept: &Kept, height: f32, commands: &mut Vec<Command>) {
    let planes = &kept.snapshot.picture.planes;
    let aspect = planes.width as f32 / planes.height as f32;
    let width = (height * aspect).clamp(NARROWEST, 2.0 * height.max(NARROWEST));
    ui.vertical(|ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 2.0;
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
        let marked = response.hovered() || response.has_focus();
        thumbnail_ui(ui, session, kept, rect, marked);
        let details = details(kept);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &kept.name));
        if response.clicked() {
            let on = session.source() == Source::Snapshot(kept.id);
            commands.push(Command::Show(if on {
                Source::Now
            } else {
                Source::Snapshot(kept.id)
            }));
        }
        response.context_menu(|ui| menu_ui(ui, kept, commands));
        response
            .on_hover_cursor(CursorIcon::PointingHand)
            .on_hover_text(details);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            name_ui(ui, kept, width - MORE, commands);
            more_ui(ui, kept, commands);
        });
    });
}

/// What led to a snapshot: when, how good, with which settings.
fn details(kept: &Kept) -> String {
    let (snapshot, planes) = (&kept.snapshot, &kept.snapshot.picture.planes);
    let settings = &snapshot.record.settings;
    let measures = settings.style_measures.keys().map(|measure| measure.name());
    let measures = measures.collect::<Vec<_>>().join(", ");
    let saved = kept
        .saved
        .as_ref()
        .map_or_else(String::new, |path| format!("\n{}", path.display()));
    let sides = text::sides((planes.width, planes.height));
    if snapshot.record.instant.is_some() {
        return format!("{}\n{sides}{saved}", text::IN_ONE_PASS);
    }
    let moment = text::sentence(&text::moment(snapshot.step, snapshot.loss, snapshot.secs));
    let weights = text::weights(
        settings.content_weight,
        settings.style_weight,
        settings.tv_weight,
    );
    let measures = text::measured_by(&measures);
    format!("{moment}\n{sides}\n{weights}\n{measures}{saved}")
}

/// What can be done with a snapshot, for those who do not think of the second mouse button.
fn more_ui(ui: &mut Ui, kept: &Kept, commands: &mut Vec<Command>) {
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let name = format!("{} {}", text::MORE, kept.name);
        let button = widgets::tiny_tool(ui, ICON_MORE_HORIZ, &name);
        egui::Popup::menu(&button).show(|ui| menu_ui(ui, kept, commands));
    });
}

fn thumbnail_ui(ui: &Ui, session: &Session, kept: &Kept, rect: Rect, hovered: bool) {
    let colors = theme::palette(ui);
    let radius = theme::CONTROL_RADIUS;
    ui.painter().rect_filled(rect, radius, colors.sunken);
    if let Some(shown) = &kept.shown {
        egui::Image::from_texture(&shown.thumbnail)
            .uv(cover(rect, shown.thumbnail.size_vec2()))
            .corner_radius(radius)
            .paint_at(ui, rect);
    } else {
        let place = Rect::from_center_size(rect.center(), vec2(16.0, 16.0));
        Spinner::new().paint_at(ui, place);
    }
    let on = session.source() == Source::Snapshot(kept.id);
    let stroke = match (on, hovered) {
        (true, _) => Stroke::new(2.0, colors.accent),
        (false, true) => Stroke::new(1.5, colors.weak),
        (false, false) => Stroke::new(1.0, colors.outline),
    };
    ui.painter()
        .rect_stroke(rect, radius, stroke, StrokeKind::Inside);
}

fn menu_ui(ui: &mut Ui, kept: &Kept, commands: &mut Vec<Command>) {
    ui.set_min_width(170.0);
    let id = kept.id;
    for (label, command) in [
        (text::SAVE_THIS, Some(Command::SaveAs(Some(id)))),
        (text::COPY, Some(Command::Copy(Some(id)))),
        (text::CONTINUE, Some(Command::ContinueFrom(id))),
        (text::TAKE_SETTINGS, Some(Command::SettingsOf(id))),
        (text::REVEAL, Some(Command::Reveal(id))),
        (text::RENAME, None),
        (text::DELETE, Some(Command::Delete(id))),
    ] {
        let button = egui::Button::new(label).frame_when_inactive(false);
        let possible = label != text::REVEAL || kept.saved.is_some();
        let response = ui.add_enabled(possible, button);
        if response
            .on_disabled_hover_text(text::REVEAL_UNSAVED)
            .clicked()
        {
            match command {
                Some(command) => commands.push(command),
                None => ui.data_mut(|data| {
                    data.insert_temp(Id::unique("renaming"), (id.0, kept.name.clone(), true));
                }),
            }
            ui.close();
        }
    }
}

/// The name, or a field for a new one after "Rename" or a double click.
fn name_ui(ui: &mut Ui, kept: &Kept, width: f32, commands: &mut Vec<Command>) {
    let key = Id::unique("renaming");
    let renaming: Option<(u64, String, bool)> = ui.data(|data| data.get_temp(key));
    let Some((_, mut name, first)) = renaming.filter(|(id, ..)| *id == kept.id.0) else {
        let label = ui
            .scope(|ui| {
                ui.set_max_width(width);
                let name = Label::new(theme::small(ui, &kept.name));
                ui.add(name.truncate().sense(Sense::click()))
            })
            .inner;
        if label.double_clicked() {
            let state = (kept.id.0, kept.name.clone(), true);
            ui.data_mut(|data| data.insert_temp(key, state));
        }
        return;
    };
    let field = ui.add(
        TextEdit::singleline(&mut name)
            .desired_width(width)
            .margin(egui::Margin::symmetric(3, 0))
            .font(egui::TextStyle::Small),
    );
    field.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &name, &name, "");
        info.label = Some(text::RENAME.to_owned());
        info
    });
    if first {
        field.request_focus();
    }
    if field.lost_focus() {
        ui.data_mut(|data| data.remove::<(u64, String, bool)>(key));
        let kept_name = name.trim();
        let given_up = ui.input(|input| input.key_pressed(egui::Key::Escape));
        if !kept_name.is_empty() && !given_up {
            commands.push(Command::Rename(kept.id, kept_name.to_owned()));
        }
    } else {
        ui.data_mut(|data| data.insert_temp(key, (kept.id.0, name, false)));
    }
}

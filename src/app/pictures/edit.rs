//! Turn and cut: the tools on a picture's card.

use eframe::egui::{Popup, Ui};
use egui_material_icons::icons::{ICON_CROP, ICON_ROTATE_90_DEGREES_CW};

use crate::{
    app::{
        command::{Command, ids::Role},
        session::picture::Shown,
        text, theme, widgets,
    },
    settings::PictureEdit,
};

/// Shapes that a picture can be cut to.
const ASPECTS: [(&str, (u32, u32)); 7] = [
    ("1 : 1", (1, 1)),
    ("4 : 3", (4, 3)),
    ("3 : 4", (3, 4)),
    ("3 : 2", (3, 2)),
    ("2 : 3", (2, 3)),
    ("16 : 9", (16, 9)),
    ("9 : 16", (9, 16)),
];

/// The tools of a picture's card: turn and cut.
pub(crate) fn edit_ui(ui: &mut Ui, shown: &Shown, role: Role, commands: &mut Vec<Command>) {
    let of = |name: &str| match role {
        Role::Style(n) if n > 0 => format!("{name} ({} {})", role.name(), n + 1),
        _ => format!("{name} ({})", role.name()),
    };
    let mut ask = |edit| commands.push(Command::Edit(role, edit));
    if widgets::small_tool(ui, ICON_ROTATE_90_DEGREES_CW, &of(text::TURN)).clicked() {
        ask(shown.edit.turned());
    }
    let button = widgets::small_tool(ui, ICON_CROP, &of(text::CUT));
    Popup::menu(&button).show(|ui| {
        ui.set_min_width(150.0);
        ui.label(theme::small(ui, text::CUT));
        let whole = [(text::CUT_NOTHING, None)];
        let shapes = ASPECTS.map(|(label, aspect)| (label, Some(aspect)));
        for (label, aspect) in whole.into_iter().chain(shapes) {
            let on = shown.edit.aspect == aspect;
            if ui.selectable_label(on, label).clicked() {
                ask(PictureEdit {
                    aspect,
                    ..shown.edit
                });
                ui.close();
            }
        }
    });
}

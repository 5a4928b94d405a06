//! The list of shortcuts.

use eframe::egui::{Grid, Ui, vec2};

use crate::app::{
    text,
    theme::{self, space},
};

pub(crate) fn shortcuts_ui(ui: &mut Ui) {
    ui.heading(text::SHORTCUTS_TITLE);
    ui.add_space(space::M);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 28.0;
        for (title, list) in text::SHORTCUT_LIST {
            ui.vertical(|ui| {
                ui.label(theme::strong(*title).color(theme::palette(ui).accent));
                ui.add_space(space::XS);
                Grid::new(title)
                    .spacing(vec2(space::L, space::S))
                    .show(ui, |ui| {
                        for (keys, what) in *list {
                            ui.label(theme::strong(*keys));
                            ui.label(*what);
                            ui.end_row();
                        }
                    });
            });
        }
    });
    ui.add_space(space::L);
}

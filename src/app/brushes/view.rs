//! Under a style image: learn it, or what has been learnt.

use eframe::egui::{self, Align, Layout, ProgressBar, Ui, WidgetInfo};
use egui_material_icons::icons::{ICON_CLOSE, ICON_SCHOOL};

use crate::app::{
    command::{Command, features::BrushesCommand},
    session::{Session, picture::Shown},
    text,
    theme::{self, size, space},
    widgets,
};

/// Draws it.
pub(crate) fn brush_ui(
    ui: &mut Ui,
    session: &Session,
    (n, shown): (usize, &Shown),
    commands: &mut Vec<Command>,
) {
    let brushes = &session.brushes;
    ui.horizontal(|ui| {
        ui.set_min_height(size::SMALL_TOOL);
        ui.spacing_mut().item_spacing.x = space::XS;
        if let Some(learning) = brushes.lesson_on(&shown.picture) {
            let (step, steps) = learning
                .report
                .map_or((0, 0), |report| (report.step, report.steps));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let stop = widgets::small_tool(ui, ICON_CLOSE, text::STOP_LEARNING);
                if stop.clicked() && !learning.stops {
                    commands.push(Command::Brushes(BrushesCommand::Stop));
                }
                let share = step as f32 / steps.max(1) as f32;
                let words = text::learning(step, steps);
                let bar = ProgressBar::new(share).text(theme::small(ui, words.clone()));
                let bar = ui.add(bar);
                bar.widget_info(|| {
                    WidgetInfo::labeled(egui::Role::ProgressIndicator, true, &words)
                });
            });
            return;
        }
        let known = brushes.of(&shown.picture);
        let label = if known.is_some() {
            text::LEARN_AGAIN
        } else {
            text::LEARN
        };
        let icon = ICON_SCHOOL.rich_text().size(size::SMALL_ICON);
        let button = egui::Button::new((icon, theme::small(ui, label))).frame_when_inactive(false);
        let button = ui.add_enabled(brushes.learning.is_none(), button);
        button.widget_info(|| {
            WidgetInfo::labeled(egui::Role::Button, brushes.learning.is_none(), label)
        });
        let tooltip = match known {
            Some(known) => text::learnt(&known.name),
            None => text::LEARN_TOOLTIP.to_owned(),
        };
        if button.on_hover_text(tooltip).clicked() {
            commands.push(Command::Brushes(BrushesCommand::Learn(n)));
        }
    });
}

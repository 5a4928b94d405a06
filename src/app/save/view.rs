//! Asks how a picture is saved: format, depth, quality, record. The system asks where to.

use eframe::egui::{self, Align, Id, Layout, Modal, Ui, WidgetInfo};

use crate::{
    app::{
        command::{Command, ids::SaveSize},
        session::Session,
        slider::Rail,
        text,
        theme::{self, space},
        widgets,
    },
    settings::{PictureFormat, SaveChoices, range},
};

/// Draws the question, if it is open.
pub(crate) fn saving_ui(ui: &Ui, session: &Session, commands: &mut Vec<Command>) {
    let Some(id) = session.saving else {
        return;
    };
    let mut choices = session.app.saving;
    let mut size = session.save_size;
    let kept = session.kept(id);
    let larger = kept.and_then(|kept| {
        let planes = &kept.snapshot.picture.planes;
        let goes_on = kept.run == session.run.id && session.run.phase.is_active();
        Some(((planes.width, planes.height), kept.larger_px()?, goes_on))
    });
    let frame = widgets::modal_frame(ui);
    let shown = Modal::new(Id::unique("saving"))
        .frame(frame)
        .show(ui.ctx(), |ui| {
            question_ui(ui, &mut choices, |ui| {
                if let Some(larger) = larger {
                    size_ui(ui, &mut size, larger);
                }
            })
        });
    if size != session.save_size {
        commands.push(Command::SaveSize(size));
    }
    if choices != session.app.saving {
        commands.push(Command::SaveChoices(choices));
    }
    let answer = match shown.inner {
        Some(true) => Some(Some(id)),
        Some(false) => Some(None),
        None if shown.should_close() => Some(None),
        None => None,
    };
    if let Some(answer) = answer {
        commands.push(Command::SaveAnswered(answer));
    }
}

/// Answers whether to go on, once that is decided.
fn question_ui(
    ui: &mut Ui,
    choices: &mut SaveChoices,
    size_ui: impl FnOnce(&mut Ui),
) -> Option<bool> {
    ui.set_width(400.0);
    ui.heading(text::SAVE_TITLE);
    ui.add_space(space::M);
    size_ui(ui);
    ui.label(theme::small(ui, text::FORMAT));
    let formats: Vec<_> = PictureFormat::ALL
        .into_iter()
        .zip(text::FORMATS)
        .map(|(format, (name, tooltip))| (format, name, tooltip))
        .collect();
    widgets::segments(ui, &mut choices.format, &formats);
    ui.add_space(space::S);
    if choices.format.is_deep() {
        ui.label(theme::small(ui, text::DEPTH));
        let depths = [
            (false, text::DEPTH_8, text::DEPTH_8_TOOLTIP),
            (true, text::DEPTH_16, text::DEPTH_16_TOOLTIP),
        ];
        widgets::segments(ui, &mut choices.sixteen_bits, &depths);
    } else if choices.format == PictureFormat::Jpeg {
        quality_ui(ui, choices);
    }
    ui.add_space(space::M);
    ui.checkbox(&mut choices.remember, text::REMEMBER)
        .on_hover_text(text::REMEMBER_TOOLTIP);
    ui.add_space(space::L);
    let mut answer = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let icon = egui_material_icons::icons::ICON_SAVE;
        let save = widgets::labeled(ui, icon, text::SAVE_DOTS, widgets::Emphasis::Primary);
        if save.clicked() {
            answer = Some(true);
        }
        if ui.button(text::CANCEL).clicked() {
            answer = Some(false);
        }
    });
    answer
}

/// How large, for a picture of a run that will end with more pixels.
fn size_ui(
    ui: &mut Ui,
    size: &mut SaveSize,
    (now, end, goes_on): ((usize, usize), (usize, usize), bool),
) {
    ui.add(egui::Label::new(theme::small(ui, text::smaller_than(end))).wrap());
    let label = text::size_now(now);
    let mut sizes = vec![
        (SaveSize::Now, label.as_str(), text::SIZE_NOW_TOOLTIP),
        (
            SaveSize::Enlarged,
            text::SIZE_ENLARGED,
            text::SIZE_ENLARGED_TOOLTIP,
        ),
    ];
    if goes_on {
        sizes.push((
            SaveSize::Finished,
            text::SIZE_FINISHED,
            text::SIZE_FINISHED_TOOLTIP,
        ));
    }
    widgets::segments(ui, size, &sizes);
    ui.add_space(space::S);
}

fn quality_ui(ui: &mut Ui, choices: &mut SaveChoices) {
    let mut quality = f64::from(choices.jpeg_quality);
    ui.horizontal(|ui| {
        ui.label(theme::small(ui, text::JPEG_QUALITY));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(theme::figures(ui, format!("{quality:.0}")));
        });
    });
    ui.scope(|ui| {
        ui.spacing_mut().slider_width = ui.available_width();
        let rail = Rail {
            whole: true,
            ..Rail::even(range::JPEG_QUALITY.min..=range::JPEG_QUALITY.max)
        };
        let response = rail.show(ui, &mut quality);
        response.widget_info(|| WidgetInfo::slider(true, quality, text::JPEG_QUALITY));
    });
    choices.jpeg_quality = quality.round() as u8;
}

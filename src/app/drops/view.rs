//! The targets that light up under hovering files, and the question what dropped files are.

use eframe::egui::{self, Align2, Id, Label, Modal, Rect, Stroke, StrokeKind, Ui};

use crate::app::{
    command::{Command, features::DropAnswer, ids::Role},
    drops::state::note_canvas,
    session::Session,
    text,
    theme::{self, space},
    widgets,
};

/// Names shown of many dropped files.
const NAMES: usize = 6;

/// The canvas as two targets, drawn while files hover.
pub(crate) fn canvas_targets_ui(ui: &Ui, session: &Session, canvas: Rect) {
    let targets = note_canvas(ui.ctx(), canvas);
    if session.drops.hovering == 0 {
        return;
    }
    let over = session
        .drops
        .at
        .filter(|at| canvas.contains(*at))
        .and_then(|_| session.drops.landing(ui.ctx()));
    for (rect, role) in targets {
        let rect = rect.shrink(space::M);
        target_ui(ui, rect, role, over == Some(role));
    }
}

/// A target with its words.
pub(crate) fn target_ui(ui: &Ui, rect: Rect, role: Role, lit: bool) {
    let colors = theme::palette(ui);
    let shade = colors.canvas.gamma_multiply(if lit { 0.85 } else { 0.6 });
    let radius = theme::CARD_RADIUS;
    ui.painter().rect_filled(rect, radius, shade);
    let stroke = if lit {
        Stroke::new(3.0, colors.accent)
    } else {
        Stroke::new(1.0, colors.outline)
    };
    ui.painter()
        .rect_stroke(rect, radius, stroke, StrokeKind::Inside);
    let color = if lit { colors.accent } else { colors.text };
    let words = text::drop_here(role.name());
    let galley = ui.painter().layout(
        words,
        theme::strong_font(ui),
        color,
        (rect.width() - space::M).max(20.0),
    );
    let place = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect);
    ui.painter().galley(place.min, galley, color);
}

/// Draws the question, if it is open.
pub(crate) fn drops_ui(ui: &Ui, session: &Session, commands: &mut Vec<Command>) {
    let Some(paths) = &session.drops.question else {
        return;
    };
    let frame = widgets::modal_frame(ui);
    let shown = Modal::new(Id::unique("dropped"))
        .frame(frame)
        .show(ui.ctx(), |ui| question_ui(ui, paths));
    let nothing = shown.should_close().then_some(DropAnswer::Nothing);
    if let Some(answer) = shown.inner.or(nothing) {
        commands.push(Command::Dropped(answer));
    }
}

fn question_ui(ui: &mut Ui, paths: &[std::path::PathBuf]) -> Option<DropAnswer> {
    ui.set_width(440.0);
    let name = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        name.to_string_lossy().into_owned()
    };
    let first = paths.first().map(name).unwrap_or_default();
    ui.add(
        Label::new(
            egui::RichText::new(text::dropped_head(paths.len(), &first))
                .text_style(egui::TextStyle::Heading),
        )
        .wrap(),
    );
    ui.add_space(space::S);
    if paths.len() > 1 {
        for path in paths.iter().take(NAMES) {
            ui.add(Label::new(theme::small(ui, name(path))).truncate());
        }
        if paths.len() > NAMES {
            ui.label(theme::small(ui, text::and_more(paths.len() - NAMES)));
        }
        ui.add_space(space::S);
    }
    let mut answer = None;
    let choices: &[(&str, &str, DropAnswer)] = match paths.len() {
        1 => &[
            (text::DROP_CONTENT, text::CONTENT_HINT, DropAnswer::Contents),
            (text::DROP_STYLE, text::STYLE_HINT, DropAnswer::Styles),
        ],
        2 => &[
            (
                text::DROP_CONTENTS,
                text::DROP_CONTENTS_HINT,
                DropAnswer::Contents,
            ),
            (
                text::DROP_STYLES,
                text::DROP_STYLES_HINT,
                DropAnswer::Styles,
            ),
            (text::DROP_BOTH, text::DROP_BOTH_HINT, DropAnswer::Both),
        ],
        _ => &[
            (
                text::DROP_CONTENTS,
                text::DROP_CONTENTS_HINT,
                DropAnswer::Contents,
            ),
            (
                text::DROP_STYLES,
                text::DROP_STYLES_HINT,
                DropAnswer::Styles,
            ),
        ],
    };
    for &(label, hint, choice) in choices {
        let button = egui::Button::new(theme::strong(label))
            .min_size(egui::vec2(ui.available_width(), theme::size::TOOL));
        if ui.add(button).clicked() {
            answer = Some(choice);
        }
        ui.label(theme::small(ui, hint));
        ui.add_space(space::S);
    }
    if ui.button(text::CANCEL).clicked() {
        answer = Some(DropAnswer::Nothing);
    }
    answer
}

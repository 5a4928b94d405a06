//! The line above the film: where the run or the moment stands, and what can be done with it.

use eframe::egui::{Align, Button, Layout, Ui};
use egui_material_icons::icons::{
    ICON_ALT_ROUTE, ICON_CLOSE, ICON_LAST_PAGE, ICON_MOVIE, ICON_PHOTO_CAMERA, ICON_TUNE,
};

use crate::app::{
    command::{
        Command,
        action::ActionId,
        features::{ExportCommand, TimelineCommand},
        table::{action, tooltip},
    },
    session::{
        Session,
        run::{Phase, Run},
    },
    text,
    theme::{self, size, space},
    widgets,
};

/// Draws the line.
pub(super) fn head_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let (words, right) = progress_words(&session.run);
    ui.horizontal(|ui| {
        ui.set_min_height(size::SMALL_TOOL);
        ui.spacing_mut().item_spacing.x = space::S;
        if let Some(frame) = session.timeline.frame_shown() {
            let colors = theme::palette(ui);
            ui.label(theme::strong(text::LOOKING_BACK).color(colors.accent));
            ui.label(text::moment(frame.step, frame.loss, frame.secs));
            moment_tools_ui(ui, session, commands);
        } else {
            ui.label(theme::strong(&words));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            export_ui(ui, session, commands);
            ui.label(right.as_str());
            let run = &session.run;
            if session.timeline.moment.is_some()
                && run.phase.is_active()
                && ui.available_width() > 110.0
            {
                let now = text::now_at(run.step(), run.steps);
                ui.label(theme::small(ui, now));
            }
        });
    });
}

/// The way to an export, or how far one is.
fn export_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let command = Command::Export;
    let Some(under_way) = &session.export.under_way else {
        if !session.timeline.reels.is_empty()
            && widgets::small_tool(ui, ICON_MOVIE, text::EXPORT).clicked()
        {
            commands.push(command(ExportCommand::Ask));
        }
        return;
    };
    if widgets::small_tool(ui, ICON_CLOSE, text::EXPORT_CANCEL).clicked() {
        commands.push(command(ExportCommand::Cancel));
    }
    ui.label(theme::small(ui, text::exporting(under_way.progress())));
    // The thread does not wake the window for each frame.
    let pause = std::time::Duration::from_millis(200);
    ui.ctx().request_repaint_after(pause);
}

/// What can be done with the moment that is looked at.
fn moment_tools_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let Some(moment) = session.timeline.moment else {
        return;
    };
    let icon = ICON_ALT_ROUTE;
    let label = (
        icon.rich_text().size(size::SMALL_ICON),
        theme::strong(text::BRANCH),
    );
    let branch = ui.add(Button::new(label).gap(5.0).min_size(egui::vec2(0.0, 22.0)));
    branch.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), text::BRANCH)
    });
    if branch.on_hover_text(text::BRANCH_TOOLTIP).clicked() {
        commands.push(Command::Timeline(TimelineCommand::Branch(moment)));
    }
    ui.spacing_mut().item_spacing.x = 2.0;
    if widgets::small_tool(
        ui,
        ICON_PHOTO_CAMERA,
        &action(ActionId::Snapshot).tooltip_of(text::KEEP_MOMENT),
    )
    .clicked()
    {
        commands.push(Command::Snapshot);
    }
    if widgets::small_tool(ui, ICON_TUNE, text::MOMENT_SETTINGS).clicked() {
        commands.push(Command::Timeline(TimelineCommand::SettingsOf(moment)));
    }
    if widgets::small_tool(ui, ICON_LAST_PAGE, &tooltip(ActionId::FilmEnd)).clicked() {
        commands.push(Command::Timeline(TimelineCommand::Look(None)));
    }
}

/// "Step 143 of 300 · level 3 of 5, 362 × 271 px", and the time left.
fn progress_words(run: &Run) -> (String, String) {
    let (step, steps) = (run.step(), run.steps);
    let mut words = match run.phase {
        Phase::Idle => return (text::NOT_STARTED.to_owned(), String::new()),
        Phase::Preparing => return (text::PREPARING.to_owned(), String::new()),
        Phase::Finished => text::finished(step),
        Phase::Stopped => text::stopped(step, steps),
        Phase::Paused => text::paused(step, steps),
        Phase::Running => text::running(step, steps),
    };
    let level = run.levels.get(run.level());
    if let Some(level) = level.filter(|_| run.phase.is_active()) {
        let place = (run.level() + 1, run.levels.len());
        words.push_str(&text::level(place, (level.width, level.height)));
    }
    let right = match run.phase {
        Phase::Running | Phase::Paused => run.pace.left_secs().map(text::left),
        _ => Some(text::took(run.pace.secs())),
    };
    (words, right.unwrap_or_default())
}

/// The same for readers of screens.
pub(super) fn progress_text(run: &Run) -> String {
    progress_words(run).0
}

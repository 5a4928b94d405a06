//! Says what the next run takes.

use eframe::egui::{Label, Ui};

use crate::{
    app::{
        command::Command,
        estimate::state::kind,
        session::{Session, run::Phase},
        text,
        theme::{self, space},
    },
    settings::TransferSettings,
    transfer::plan,
};

/// Seconds that the next run takes; `None` until its kind was measured.
pub(crate) fn estimate_secs(session: &Session) -> Option<f64> {
    let job = session.job()?;
    let secs = *session.app.speeds.get(&kind(&job))?;
    let content = &job.content.planes;
    let work: f64 = plan(&job.settings, content.width, content.height)
        .iter()
        .map(|level| (level.width * level.height) as f64 * f64::from(level.steps))
        .sum();
    Some(secs * work / 1e6)
}

/// Says under the size what the next run takes.
pub(crate) fn estimate_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let forecast = session.estimate.forecast;
    let time = estimate_secs(session).map(text::about);
    let Some(forecast) = forecast.filter(|_| session.is_ready()) else {
        return;
    };
    let memory = format!("{} of memory", text::bytes(forecast.needed_bytes));
    let words = match &time {
        Some(time) => format!("{time}, {memory}"),
        None if session.run.phase == Phase::Idle => format!("{}, {memory}", text::MEASURING),
        None => memory,
    };
    ui.add_space(space::XS);
    let largest = text::largest(forecast.largest_px);
    ui.add(Label::new(theme::small(ui, words)).wrap())
        .on_hover_text(format!("{}\n{largest}", text::ESTIMATE_TOOLTIP));
    if forecast.fits() {
        return;
    }
    let caution = theme::palette(ui).caution;
    let free = text::bytes(forecast.free_bytes.unwrap_or(0));
    let words = theme::small(ui, format!("More than the {free} that are free."));
    ui.add(Label::new(words.color(caution)).wrap());
    if ui.link(largest).clicked() {
        let settings = TransferSettings {
            size_px: Some(forecast.largest_px),
            ..session.settings().clone()
        };
        commands.push(Command::Settings(Box::new(settings)));
    }
}

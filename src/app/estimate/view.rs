//! Says what the next run takes.

use eframe::egui::{Label, Ui};

use crate::{
    app::{
        command::Command,
        session::{Session, run::Phase},
        text,
        theme::{self, space},
    },
    settings::TransferSettings,
};

/// Says under the size what the next run takes.
pub(crate) fn estimate_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let forecast = session.estimate.forecast;
    let time = session.run_secs().map(text::about);
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

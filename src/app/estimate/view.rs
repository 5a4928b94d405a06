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
    let Some(forecast) = forecast.filter(|_| session.is_ready()) else {
        return;
    };
    let measuring = session.run.phase == Phase::Idle;
    let words = text::estimate(session.run_secs(), measuring, forecast.needed_bytes);
    ui.add_space(space::XS);
    let largest = text::largest(forecast.largest_px);
    ui.add(Label::new(theme::small(ui, words)).wrap())
        .on_hover_text(format!("{}\n{largest}", text::ESTIMATE_TOOLTIP));
    if forecast.fits() {
        return;
    }
    let caution = theme::palette(ui).caution;
    let free = forecast.free_bytes.unwrap_or(0);
    let words = theme::small(ui, text::more_than_free(free));
    ui.add(Label::new(words.color(caution)).wrap());
    if ui.link(largest).clicked() {
        let settings = TransferSettings {
            size_px: Some(forecast.largest_px),
            ..session.settings().clone()
        };
        commands.push(Command::Settings(Box::new(settings)));
    }
}

//! Errors are shown, with what helps.

use crate::{
    app::{
        App,
        command::{Command, features::NetworksCommand},
        notices::state::Banner,
        text,
    },
    error::{Error, Result},
    settings::TransferSettings,
    worker,
};

impl App {
    /// Shows an error until it is read.
    pub(crate) fn complain(&mut self, error: &Error) {
        log::error!("{error}");
        let mut remedies = Vec::new();
        if let Error::Memory { largest_px, .. } | Error::DeviceMemory { largest_px, .. } = error {
            let smaller = TransferSettings {
                size_px: Some(*largest_px),
                ..self.session.settings().clone()
            };
            let use_it = Command::Settings(Box::new(smaller));
            remedies.push((text::use_px(*largest_px), use_it));
        }
        if matches!(error, Error::Memory { .. }) {
            remedies.push((text::FORCE.to_owned(), Command::Start { force: true }));
        }
        remedies.extend(self.device_remedies(error));
        if matches!(error, Error::Weights { .. } | Error::FamilyUnknown { .. }) {
            let open = Command::Networks(NetworksCommand::Open);
            remedies.push((text::NETWORKS_OPEN.to_owned(), open));
        }
        self.session.banner = Some(Banner {
            text: text::sentence(&error.to_string()),
            remedies,
        });
    }

    /// Complains when something did not go out.
    pub(crate) fn expect(&mut self, result: Result<()>) {
        if let Err(error) = result {
            self.complain(&error);
        }
    }

    pub(crate) fn send(&mut self, command: worker::Command) {
        let sent = self.worker.send(command);
        self.expect(sent);
    }
}

//! Where a choice of device takes effect, and what helps when one fails.

use crate::{
    app::{App, command::Command, text},
    error::Error,
    settings::DeviceChoice,
    worker,
};

impl App {
    /// Tells the worker what to compute on and asks what there is.
    pub(crate) fn begin_devices(&mut self, for_session: Option<DeviceChoice>) {
        self.session.devices.for_session = for_session;
        self.send(worker::Command::UseDevice(self.session.device()));
        self.look_for_devices();
    }

    /// Asks the worker what there is; the answer comes as an event.
    pub(crate) fn look_for_devices(&mut self) {
        let threads = self.session.threads;
        self.send(worker::Command::ListDevices { threads });
    }

    /// Computes the next runs on this.
    pub(crate) fn choose_device(&mut self, choice: DeviceChoice) {
        self.session.app.device = choice;
        self.session.devices.for_session = None;
        self.send(worker::Command::UseDevice(choice));
    }

    /// What helps when a device fails.
    pub(crate) fn device_remedies(&self, error: &Error) -> Vec<(String, Command)> {
        let mut remedies = Vec::new();
        if matches!(error, Error::DeviceMemory { .. } | Error::Device { .. })
            && self.session.device() != DeviceChoice::Cpu
        {
            remedies.push((text::USE_CPU.to_owned(), Command::Device(DeviceChoice::Cpu)));
        }
        remedies
    }
}

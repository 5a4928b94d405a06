//! What the window knows about devices, and what it does with a choice of one.

use crate::{
    app::{
        App,
        command::{Command, features::DeviceCommand},
        text,
    },
    error::Error,
    settings::DeviceChoice,
    transfer::DeviceInfo,
    worker,
};

/// What the window knows about devices.
#[derive(Default)]
pub(crate) struct Devices {
    /// What the worker has found; empty until it has looked.
    pub(crate) list: Vec<DeviceInfo>,
    /// The choice of the command line: for this session only.
    pub(crate) for_session: Option<DeviceChoice>,
    /// What the run at hand is computed on; `None` is the processor.
    pub(crate) in_use: Option<DeviceChoice>,
}

impl Devices {
    /// The device of the run at hand, unless it is the processor.
    pub(crate) fn at_work(&self) -> Option<&DeviceInfo> {
        let choice = self.in_use?;
        self.list.iter().find(|device| device.choice == choice)
    }
}

impl App {
    /// Tells the worker what to compute on and asks what there is.
    pub(super) fn begin_devices(&mut self, for_session: Option<DeviceChoice>) {
        self.session.devices.for_session = for_session;
        self.send(worker::Command::UseDevice(self.session.device()));
        self.look_for_devices();
    }

    /// Asks the worker what there is; the answer comes as an event.
    pub(super) fn look_for_devices(&mut self) {
        let threads = self.session.threads;
        self.send(worker::Command::ListDevices { threads });
    }

    pub(super) fn handle_device(&mut self, command: DeviceCommand) {
        match command {
            DeviceCommand::Choose(choice) => {
                self.session.app.device = choice;
                self.session.devices.for_session = None;
                self.send(worker::Command::UseDevice(choice));
            }
        }
    }

    /// What helps when a device fails.
    pub(super) fn device_remedies(&self, error: &Error) -> Vec<(String, Command)> {
        let mut remedies = Vec::new();
        if let Error::DeviceMemory { largest_px, .. } = error {
            let mut smaller = self.session.settings().clone();
            smaller.size_px = Some(*largest_px);
            remedies.push((
                format!("Use {largest_px} px"),
                Command::Settings(Box::new(smaller)),
            ));
        }
        if matches!(error, Error::DeviceMemory { .. } | Error::Device { .. })
            && self.session.device() != DeviceChoice::Cpu
        {
            let choose = DeviceCommand::Choose(DeviceChoice::Cpu);
            remedies.push((text::USE_CPU.to_owned(), Command::Device(choose)));
        }
        remedies
    }
}

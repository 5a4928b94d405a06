//! What the window knows about devices.

use crate::{settings::DeviceChoice, transfer::DeviceInfo};

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

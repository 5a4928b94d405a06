//! Words about devices.

use super::figures::bytes;
use crate::{settings::DeviceChoice, transfer::DeviceInfo};

pub(crate) const DEVICE: &str = "Device";
pub(crate) const COMPUTE_ON: &str = "Compute on";
pub(crate) const COMPUTE_ON_TOOLTIP: &str = "Automatic takes a graphics device that works and has enough memory, else the CPU. \
     Takes effect at the next start.";
pub(crate) const DEVICE_AUTO: &str = "Automatic";
pub(crate) const USE_CPU: &str = "Compute on the CPU";

/// A device in a list of choices.
pub(crate) fn device_choice(choice: DeviceChoice) -> String {
    match choice {
        DeviceChoice::Auto => DEVICE_AUTO.to_owned(),
        DeviceChoice::Cpu => "CPU".to_owned(),
        DeviceChoice::On(id) => id.title(),
    }
}

/// A line about a device: name and memory, or why it cannot be used.
pub(crate) fn device_line(device: &DeviceInfo) -> String {
    let choice = device_choice(device.choice);
    match (&device.fault, device.memory) {
        (Some(fault), _) => format!("{choice}: {fault}"),
        (None, Some(memory)) => format!(
            "{choice}: {}, {} of {} free",
            device.name,
            bytes(memory.free_bytes),
            bytes(memory.total_bytes)
        ),
        (None, None) => format!("{choice}: {}", device.name),
    }
}

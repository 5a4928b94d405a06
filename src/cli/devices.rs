//! `impasto devices`: what can be computed on.

use clap::Args;
use serde_json::json;

use super::output;
use crate::{
    error::Result,
    settings::DeviceChoice,
    transfer::{Compute, DeviceInfo},
};

/// What a command computes on.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct DeviceArguments {
    /// What to compute on: auto, or a name from `impasto devices`, such as cpu or cuda:0. auto takes
    /// the first graphics device that passes its test and has the memory, otherwise the processor.
    #[arg(long, value_name = "DEVICE", default_value = "auto")]
    pub(super) device: DeviceChoice,
}

#[derive(Debug, Args)]
pub(super) struct DevicesArguments {
    /// Print one JSON object a device.
    #[arg(long)]
    json: bool,
}

/// Lists the processor and every other device, those that cannot be used with the reason.
///
/// # Errors
/// When nobody reads any more.
pub(super) fn run(arguments: &DevicesArguments) -> Result<()> {
    for device in Compute::new(None)?.devices() {
        if arguments.json {
            output::json(&json!({
                "device": device.choice.to_string(),
                "name": device.name,
                "usable": device.fault.is_none(),
                "why_not": device.fault,
                "free_bytes": device.memory.map(|memory| memory.free_bytes),
                "total_bytes": device.memory.map(|memory| memory.total_bytes),
            }))?;
        } else {
            output::line(&line(&device))?;
        }
    }
    Ok(())
}

fn line(device: &DeviceInfo) -> String {
    let name = device.choice.to_string();
    let gb = |bytes: u64| bytes as f64 / 1e9;
    match (&device.fault, device.memory) {
        (Some(fault), _) => format!("{name:8} not usable: {fault}"),
        (None, Some(memory)) => format!(
            "{name:8} {}, {:.1} of {:.1} GB free",
            device.name,
            gb(memory.free_bytes),
            gb(memory.total_bytes)
        ),
        (None, None) => format!("{name:8} {}", device.name),
    }
}

/// For commands that look at a device whatever a run would need: what `auto` stands for.
pub(super) fn first_sound(compute: &mut Compute, choice: DeviceChoice) -> DeviceChoice {
    if choice != DeviceChoice::Auto {
        return choice;
    }
    let sound = |device: &DeviceInfo| device.choice != DeviceChoice::Cpu && device.fault.is_none();
    let found = compute.devices().into_iter().find(sound);
    found.map_or(DeviceChoice::Cpu, |device| device.choice)
}

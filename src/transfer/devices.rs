//! Which device a run gets.
//!
//! An explicit choice is met or is an error: it never falls back in silence. The automatic one
//! takes the first device that is there, opens, computes what the processor computes and has the
//! memory; else the processor, with one line that says why.

use std::sync::Arc;

use rayon::ThreadPool;

use super::self_test;
use crate::{
    error::{Error, Result},
    settings::DeviceChoice,
    vgg::{
        Engine,
        device::{Accelerator, DeviceId, DeviceMemory, Fault, Kind, Machine, caught, plain_words},
        fast::FastEngine,
        weights::Weights,
    },
};

/// Of a device's free memory this share is left to others, and this much besides: a desktop needs
/// some, and some systems page rather than fail.
const SPARE_SHARE: f64 = 0.1;
const SPARE_BYTES: u64 = 300_000_000;

/// A device as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceInfo {
    /// How it is chosen.
    pub choice: DeviceChoice,
    /// What its maker calls it; empty when there is none.
    pub name: String,
    /// Its memory, where it tells.
    pub memory: Option<DeviceMemory>,
    /// Why it cannot be used.
    pub fault: Option<String>,
}

/// What a run is computed on.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Chosen {
    /// The processor; with a word why, where another device might have been expected.
    Cpu { remark: Option<String> },
    /// A graphics device, open.
    Device(DeviceId),
}

/// What a run needs of a device.
#[derive(Clone, Copy, Debug)]
pub(super) struct Need {
    /// Memory, estimated.
    pub(super) bytes: u64,
    /// Whether to try with less all the same.
    pub(super) force: bool,
}

/// The devices of a machine; those that were opened stay so.
pub(super) struct Devices {
    machine: Box<dyn Machine>,
    open: Vec<Open>,
}

struct Open {
    id: DeviceId,
    accelerator: Box<dyn Accelerator>,
    passed: bool,
}

impl Devices {
    pub(super) fn of(machine: Box<dyn Machine>) -> Self {
        Self {
            machine,
            open: Vec::new(),
        }
    }

    /// Settles what a run is computed on.
    ///
    /// # Errors
    /// When an explicit choice cannot be met. A device with too little memory is
    /// [`Error::DeviceMemory`] without a size that would fit: the caller knows that.
    pub(super) fn choose(
        &mut self,
        choice: DeviceChoice,
        need: Need,
        pool: &Arc<ThreadPool>,
    ) -> Result<Chosen> {
        let id = match choice {
            DeviceChoice::Cpu => return Ok(Chosen::Cpu { remark: None }),
            DeviceChoice::Auto => return Ok(self.first_fit(need, pool)),
            DeviceChoice::On(id) => id,
        };
        match self.ready(id, need, pool) {
            Ok(()) => Ok(Chosen::Device(id)),
            Err(fault @ Fault::LittleMemory { .. }) => Err(Error::DeviceMemory {
                device: id.to_string(),
                why: fault.to_string(),
                largest_px: 0,
            }),
            Err(fault) => Err(unusable(id, &fault)),
        }
    }

    fn first_fit(&mut self, need: Need, pool: &Arc<ThreadPool>) -> Chosen {
        let mut reasons = Vec::new();
        for kind in self.machine.kinds() {
            let count = match self.count(kind) {
                Ok(0) => Err(Fault::NoDevice(kind)),
                counted => counted,
            };
            let count = count.unwrap_or_else(|fault| {
                reasons.push(fault.to_string());
                0
            });
            for index in 0..count {
                let id = DeviceId { kind, index };
                match self.ready(id, need, pool) {
                    Ok(()) => return Chosen::Device(id),
                    Err(fault @ Fault::NoDevice(_)) => reasons.push(fault.to_string()),
                    Err(fault) => reasons.push(format!("{id}: {fault}")),
                }
            }
        }
        let remark = (!reasons.is_empty())
            .then(|| format!("computing on the processor: {}", reasons.join("; ")));
        Chosen::Cpu { remark }
    }

    /// Opens a device and makes sure that it can take the run.
    fn ready(&mut self, id: DeviceId, need: Need, pool: &Arc<ThreadPool>) -> Result<(), Fault> {
        let open = self.opened(id)?;
        if let Some(memory) = open.accelerator.memory()
            && !need.force
        {
            let free = usable_bytes(memory);
            if need.bytes > free {
                return Err(Fault::LittleMemory {
                    needed_mb: need.bytes / 1_000_000,
                    free_mb: free / 1_000_000,
                });
            }
        }
        if !open.passed {
            let test = caught(|| {
                let weights = Weights::embedded()?;
                let mut cpu = FastEngine::on(&weights, Arc::clone(pool));
                let mut device = open.accelerator.engine(&weights)?;
                self_test::quick(device.as_mut(), &mut cpu)
            });
            let checks = test.map_err(|error| match Fault::of(&error, id.kind) {
                Fault::DoesNotOpen(words) => Fault::SelfTest(words),
                fault => fault,
            })?;
            if let Some(check) = checks.iter().find(|check| !check.passed()) {
                return Err(Fault::SelfTest(check.to_string()));
            }
            open.passed = true;
        }
        Ok(())
    }

    fn count(&self, kind: Kind) -> Result<usize, Fault> {
        if !self.machine.kinds().contains(&kind) {
            return Err(Fault::NotBuilt(kind));
        }
        caught(|| self.machine.count(kind)).map_err(|error| Fault::of(&error, kind))
    }

    fn opened(&mut self, id: DeviceId) -> Result<&mut Open, Fault> {
        let place = if let Some(place) = self.open.iter().position(|open| open.id == id) {
            place
        } else {
            match self.count(id.kind)? {
                0 => return Err(Fault::NoDevice(id.kind)),
                count if id.index >= count => return Err(Fault::NoSuchDevice { id, count }),
                _ => {}
            }
            let opened = caught(|| self.machine.open(id));
            let accelerator = opened.map_err(|error| Fault::of(&error, id.kind))?;
            self.open.push(Open {
                id,
                accelerator,
                passed: false,
            });
            self.open.len() - 1
        };
        Ok(&mut self.open[place])
    }

    /// An engine on a device, and the device's name.
    ///
    /// # Errors
    /// When it does not open, fails or is out of memory.
    pub(super) fn engine(
        &mut self,
        id: DeviceId,
        weights: &Arc<Weights>,
    ) -> Result<(Box<dyn Engine>, String)> {
        let open = self.opened(id).map_err(|fault| unusable(id, &fault))?;
        let engine = caught(|| open.accelerator.engine(weights));
        let engine = engine.map_err(|error| failed(&id.to_string(), &error))?;
        Ok((engine, open.accelerator.name()))
    }

    /// Memory of an open device that a run may take.
    pub(super) fn usable_bytes(&self, device: &str) -> Option<u64> {
        let open = self
            .open
            .iter()
            .find(|open| open.id.to_string() == device)?;
        open.accelerator.memory().map(usable_bytes)
    }

    /// Everything there is besides the processor, and for each kind that is not there, why.
    pub(super) fn list(&mut self) -> Vec<DeviceInfo> {
        let mut list = Vec::new();
        for kind in Kind::ALL {
            let choice = |index| DeviceChoice::On(DeviceId { kind, index });
            let absent = |fault: &Fault| DeviceInfo {
                choice: choice(0),
                name: String::new(),
                memory: None,
                fault: Some(fault.to_string()),
            };
            let count = match self.count(kind) {
                Ok(0) => Err(Fault::NoDevice(kind)),
                counted => counted,
            };
            let count = count.unwrap_or_else(|fault| {
                list.push(absent(&fault));
                0
            });
            for index in 0..count {
                list.push(match self.opened(DeviceId { kind, index }) {
                    Ok(open) => DeviceInfo {
                        choice: choice(index),
                        name: open.accelerator.name(),
                        memory: open.accelerator.memory(),
                        fault: None,
                    },
                    Err(fault) => DeviceInfo {
                        choice: choice(index),
                        ..absent(&fault)
                    },
                });
            }
        }
        list
    }
}

fn usable_bytes(memory: DeviceMemory) -> u64 {
    let others = (memory.free_bytes as f64 * SPARE_SHARE) as u64;
    memory.free_bytes.saturating_sub(others + SPARE_BYTES)
}

fn unusable(id: DeviceId, fault: &Fault) -> Error {
    Error::Device {
        device: id.to_string(),
        why: fault.to_string(),
        advice: fault.advice().to_owned(),
    }
}

/// A failure of a device on the way, in the words of its library.
pub(super) fn failed(device: &str, error: &Error) -> Error {
    Error::Device {
        device: device.to_owned(),
        why: plain_words(error),
        advice: "Continue from the last picture, on this device or on the CPU; `impasto selftest` \
                 tells whether the device works"
            .to_owned(),
    }
}

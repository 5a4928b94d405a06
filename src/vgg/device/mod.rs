//! Graphics devices: what there is, how it is opened, and what can be wrong with it.
//!
//! [`Machine`] is what a computer offers; [`ThisMachine`] asks the libraries, tests bring others.
//! Its answers are the libraries' own and it may panic, as they do: [`fault`] turns both into
//! words. Which device a run gets is decided by `transfer`.

mod fault;
mod this_machine;

use std::{fmt, sync::Arc};

pub use self::{
    fault::{Fault, caught, is_out_of_memory, plain_words},
    this_machine::ThisMachine,
};
use super::{Engine, weights::Weights};
use crate::error::Result;

/// Whose interface a device is reached through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// NVIDIA's.
    Cuda,
    /// Apple's.
    Metal,
}

impl Kind {
    /// All of them, the preferred one first.
    pub const ALL: [Self; 2] = [Self::Cuda, Self::Metal];

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Cuda => "CUDA",
            Self::Metal => "Metal",
        }
    }
}

/// Names one device of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeviceId {
    /// Whose interface.
    pub kind: Kind,
    /// Its number among those, from 0.
    pub index: usize,
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Cuda => write!(f, "cuda:{}", self.index),
            Kind::Metal => f.write_str("metal"),
        }
    }
}

/// Memory of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceMemory {
    /// Not in use by anyone.
    pub free_bytes: u64,
    /// All of it.
    pub total_bytes: u64,
}

/// An open device.
pub trait Accelerator: Send {
    /// What its maker calls it.
    fn name(&self) -> String;

    /// Its memory at this moment; `None` where it does not tell.
    fn memory(&self) -> Option<DeviceMemory>;

    /// An engine on it.
    ///
    /// # Errors
    /// When the device fails or is out of memory.
    fn engine(&self, weights: &Arc<Weights>) -> Result<Box<dyn Engine>>;
}

/// What a computer offers besides its processor.
pub trait Machine: Send {
    /// The kinds that the program was built with, the preferred one first.
    fn kinds(&self) -> Vec<Kind>;

    /// How many devices of a kind there are. May panic: see [`caught`].
    ///
    /// # Errors
    /// When the library says so.
    fn count(&self, kind: Kind) -> Result<usize>;

    /// Opens a device. May panic: see [`caught`].
    ///
    /// # Errors
    /// When the library says so.
    fn open(&self, id: DeviceId) -> Result<Box<dyn Accelerator>>;
}

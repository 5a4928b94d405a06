//! Graphics devices: what there is, how it is opened, and what can be wrong with it.
//!
//! [`Machine`] is what a computer offers; [`ThisMachine`] asks the libraries, tests bring others.
//! Its answers are the libraries' own and it may panic, as they do: [`fault`] turns both into
//! words. Which device a run gets is decided by `transfer`.

mod cuda;
mod fault;
mod kinds;
mod metal;
mod this_machine;

use std::sync::Arc;

pub use self::{
    fault::{Fault, caught, is_out_of_memory, plain_words},
    kinds::{DeviceId, Kind, KindDescription},
    this_machine::ThisMachine,
};
use super::{Engine, weights::Weights};
use crate::error::Result;

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

/// What a kind that the program was built without counts.
#[cfg(not(all(feature = "cuda", feature = "metal")))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "what kinds that are built count may fail"
)]
fn none() -> Result<usize> {
    Ok(0)
}

/// What a kind that the program was built without opens.
#[cfg(not(all(feature = "cuda", feature = "metal")))]
fn absent(_index: usize) -> Result<Box<dyn Accelerator>> {
    Err(crate::error::Error::Internal(
        "this program was built without such devices".to_owned(),
    ))
}

//! Graphics devices: what there is, how it is opened, and what can be wrong with it.
//!
//! [`Machine`] is what a computer offers; [`ThisMachine`] asks the libraries, tests bring others.
//! Its answers are the libraries' own and it may panic, as they do: [`fault`] turns both into
//! words. Which device a run gets is decided by `transfer`.

mod accelerator;
mod cuda;
mod fault;
mod kinds;
mod metal;
mod this_machine;

pub use self::{
    accelerator::{Accelerator, DeviceMemory, KindDescription},
    fault::{Fault, caught, is_out_of_memory, plain_words},
    kinds::{DeviceId, Kind},
    this_machine::ThisMachine,
};
use crate::error::Result;

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

//! What an open device gives, and what there is to know about a kind of them.

use std::sync::Arc;

#[cfg(not(all(feature = "cuda", feature = "metal")))]
use crate::error::Error;
use crate::{
    error::Result,
    vgg::{Engine, weights::Weights},
};

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

/// What there is to know about a kind of device, and how to reach one.
pub struct KindDescription {
    /// Name for people.
    pub title: &'static str,
    /// What is missing where there is none.
    pub absent: &'static str,
    /// What to do where the program was built without it.
    pub build: &'static str,
    /// Whether there can be several, told apart by number.
    pub numbered: bool,
    /// Whether the program was built with it.
    pub built: bool,
    /// How many there are. May panic: see [`super::caught`].
    pub count: fn() -> Result<usize>,
    /// Opens the one of this number. May panic: see [`super::caught`].
    pub open: fn(usize) -> Result<Box<dyn Accelerator>>,
}

/// What a kind that the program was built without counts.
#[cfg(not(all(feature = "cuda", feature = "metal")))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "what kinds that are built count may fail"
)]
pub(super) fn none() -> Result<usize> {
    Ok(0)
}

/// What a kind that the program was built without opens.
#[cfg(not(all(feature = "cuda", feature = "metal")))]
pub(super) fn absent(_index: usize) -> Result<Box<dyn Accelerator>> {
    Err(Error::Internal(
        "this program was built without such devices".to_owned(),
    ))
}

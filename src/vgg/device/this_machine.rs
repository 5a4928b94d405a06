//! [`Machine`] on the libraries that the program was built with.

use super::{Accelerator, DeviceId, Kind, Machine};
use crate::error::Result;

/// The computer at hand.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThisMachine;

impl Machine for ThisMachine {
    fn kinds(&self) -> Vec<Kind> {
        let built = |kind: &Kind| kind.description().built;
        Kind::ALL.into_iter().filter(built).collect()
    }

    fn count(&self, kind: Kind) -> Result<usize> {
        (kind.description().count)()
    }

    fn open(&self, id: DeviceId) -> Result<Box<dyn Accelerator>> {
        (id.kind.description().open)(id.index)
    }
}

//! A run as it stands between two steps, whole: on the same machine and with the same number format
//! it goes on from there as if it had never stopped, picture for picture.
//!
//! What follows from pictures and settings (targets, levels, the network) is made anew; only what the
//! steps have left behind is put down: the picture, its average, the optimizer's memory, counted
//! random draws, correspondences, and the picture that neighbors were matched to.

mod file;

use super::record::Record;
use crate::{error::Result, state::State};

/// A run between two steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// How the picture of the moment came about: its pictures, its settings, its steps.
    pub record: Record,
    pub(super) state: State,
}

impl Checkpoint {
    /// The level and the steps taken there.
    ///
    /// # Errors
    /// When they are missing.
    pub(super) fn place(&self) -> Result<(usize, u32)> {
        let mut place = State::default();
        for (name, numbers) in self.state.values() {
            if matches!(name, "level" | "level_steps") {
                place.put(name, numbers.clone());
            }
        }
        let level = place.take_whole("level")?;
        let steps = place.take_whole("level_steps")?;
        Ok((
            usize::try_from(level).unwrap_or(usize::MAX),
            u32::try_from(steps).unwrap_or(u32::MAX),
        ))
    }
}

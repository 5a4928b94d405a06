//! Which weights a run asks for, and how they are had.

use std::{path::PathBuf, sync::Arc};

use super::Weights;
use crate::{
    error::Result,
    network::{Network, WeightsKind},
};

/// What decides a run's weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightsChoice {
    /// The network they must fit.
    pub network: Network,
    /// A file, or a name of the folder; without one, the program's own. Not read for random ones.
    pub file: Option<PathBuf>,
    /// As trained, or not.
    pub kind: WeightsKind,
    /// Seed of random weights and of shuffling.
    pub seed: u64,
}

impl Weights {
    /// The weights of a choice.
    ///
    /// # Errors
    /// As [`Weights::find`].
    pub fn chosen(choice: &WeightsChoice) -> Result<Arc<Self>> {
        let find = || Self::find(choice.network, choice.file.as_deref());
        match choice.kind {
            WeightsKind::Trained => find(),
            WeightsKind::Random => Ok(Self::random(choice.network, choice.seed)),
            WeightsKind::Shuffled => Ok(find()?.shuffled(choice.seed)),
        }
    }
}

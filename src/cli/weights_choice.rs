//! Which weights a picture is painted with: trained ones, or for the curious others.

use clap::Args;

use crate::{
    network::{Normalization, WeightsKind},
    settings::TransferSettings,
};

/// What is done with the network's weights.
#[derive(Clone, Debug, Args)]
pub(super) struct WeightsVariation {
    /// Trained weights, random ones, or trained ones with shuffled filters.
    #[arg(long)]
    weights_kind: Option<WeightsKind>,
    /// Seed of random and shuffled weights.
    #[arg(long, value_name = "N")]
    weights_seed: Option<u64>,
    /// Whether each filter is scaled to a mean of 1 over the input pictures. Random weights need it.
    #[arg(long, alias = "normalisation")]
    normalization: Option<Normalization>,
}

impl WeightsVariation {
    /// Whether random weights were chosen.
    pub(super) fn is_random(&self) -> bool {
        matches!(self.weights_kind, Some(WeightsKind::Random))
    }

    /// Overrides what was chosen.
    pub(super) fn put(&self, settings: &mut TransferSettings) {
        if let Some(kind) = self.weights_kind {
            settings.weights_kind = kind;
        }
        if let Some(seed) = self.weights_seed {
            settings.weights_seed = seed;
        }
        if let Some(normalization) = self.normalization {
            settings.normalization = normalization;
        }
    }
}

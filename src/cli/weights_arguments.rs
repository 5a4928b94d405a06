//! The arguments of `impasto weights`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use crate::network::Family;

/// What can be done with weights.
#[derive(Debug, Subcommand)]
pub(super) enum WeightsCommand {
    /// Keep the weights of a file: VGG-16 or VGG-19 as safetensors, Keras .h5, PyTorch .pth or
    /// .caffemodel.
    Import {
        /// The file.
        file: PathBuf,
        /// Which training the weights come from, where the file does not tell.
        #[arg(long)]
        family: Option<Family>,
        /// The name to keep it under [default: network and family, as in vgg19-oxford].
        #[arg(long)]
        name: Option<String>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Download weights (80 MB) and keep them. An interrupted download continues where it stopped.
    Fetch {
        /// What to get.
        what: Fetchable,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Show which tensors a file holds and whether it can be imported.
    Show {
        /// The file.
        file: PathBuf,
    },
    /// List the weights that are kept.
    List {
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Check that all weights are as they were imported.
    Verify,
    /// Delete weights.
    Remove {
        /// The name that `weights list` shows.
        name: String,
    },
}

/// Weights that can be fetched.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Fetchable {
    /// Oxford's VGG-19 as Keras publishes it.
    Vgg19,
}

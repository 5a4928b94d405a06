//! Which network looks at the pictures, and with what it computes: shared by most commands.

use std::path::PathBuf;

use clap::Args;

use crate::network::Network;

/// Which network looks at the pictures, and with what it computes.
#[derive(Clone, Debug, Args)]
pub(super) struct EngineArguments {
    /// The network: vgg16 is built in, `impasto weights fetch vgg19` downloads vgg19.
    #[arg(long, value_name = "vgg16|vgg19")]
    pub(super) network: Option<Network>,
    /// A file with the network's weights, or a name that `impasto weights list` shows.
    #[arg(long, value_name = "FILE")]
    pub(super) weights: Option<PathBuf>,
    /// Threads to compute with [default: all].
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
}

//! The networks' weights: the embedded VGG-16, files, and the folder of imported ones.
//!
//! [`formats`] reads files, [`detect`] finds out what their tensors mean, [`import`] turns them
//! into this program's own form ([`native`]), [`folder`] keeps them, [`fetch`] gets VGG-19.
//!
//! Whatever the file, what comes out is one form: convolutions in the network's order, f32,
//! `[out, in, 3, 3]`, the first one in RGB order and scaled such that its input is
//! 255·rgb − [`Family::mean`](crate::network::Family::mean). Engines see nothing else.

mod choice;
mod data;
mod detect;
mod fetch;
mod folder;
mod formats;
mod import;
mod native;
mod normalize;
mod reading;
mod variations;

use std::{path::Path, sync::Arc};

pub use choice::WeightsChoice;
pub use data::{Convolution, Weights};
pub use fetch::{Fetch, OnProgress, Progress};
pub use folder::{Entry, FOLDER_VARIABLE, Folder};
pub use formats::Format;
pub use import::{ImportOptions, Imported, Inspected};
pub use reading::begins_like_weights;

use super::{Topology, VggImage};
use crate::{error::Result, network::Network};

impl Weights {
    /// The VGG-16 inside the program (see `weights/README.md` for author and license).
    ///
    /// # Errors
    /// Never for an undamaged program.
    pub fn embedded() -> Result<Arc<Self>> {
        native::embedded()
    }

    /// Reads a file of any format that is known; see [`Format`]. Network, layers, family and order
    /// of colors are detected by names, shapes and the first filter; the deviation of
    /// torchvision's family is folded into the first convolution.
    ///
    /// # Errors
    /// When the file cannot be read, is damaged, holds neither VGG-16 nor VGG-19, or does not tell
    /// its family.
    pub fn from_file(path: &Path) -> Result<Arc<Self>> {
        let name = path.display().to_string();
        Self::from_bytes(&reading::read(path)?, &name, None).map(Arc::new)
    }

    /// Random weights after He et al. (2015) with a seed: for speed measurements and for the
    /// curious (He, Wang and Hopcroft 2016 paint with an untrained network).
    pub fn random(network: Network, seed: u64) -> Arc<Self> {
        variations::random(network, seed)
    }

    /// These weights with the nine values of each 3x3 filter in a random order: what is left of
    /// the network when it knows which channels go together, and no shapes.
    pub fn shuffled(&self, seed: u64) -> Arc<Self> {
        variations::shuffled(self, seed)
    }

    /// These weights scaled such that every channel of every feature map has mean 1 over `images`
    /// (Gatys, Ecker and Bethge 2015), computed on the processor. The pictures must be large
    /// enough for the deepest layer: 16 pixels a side.
    ///
    /// # Errors
    /// When a picture does not fit or memory runs out.
    pub fn normalized(
        self: &Arc<Self>,
        images: &[VggImage<'_>],
        topology: Topology,
        threads: Option<usize>,
    ) -> Result<Arc<Self>> {
        normalize::normalized(self, images, topology, threads)
    }
}

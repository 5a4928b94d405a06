//! Which weights a run asks for, and where they are found.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Weights,
    folder::{Entry, Folder},
};
use crate::{
    error::{Error, Result},
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
    /// The weights a run needs: those of `file` if given (a file, or a name of the folder), else
    /// the embedded ones, else the best of the folder.
    ///
    /// # Errors
    /// When `file` holds another network, or none is given and there are no weights of `network`.
    pub fn find(network: Network, file: Option<&Path>) -> Result<Arc<Self>> {
        let in_folder = |path: &Path| {
            let folder = Folder::standard().ok()?;
            folder.named(path.to_str()?)
        };
        let weights = match file {
            Some(path) if !path.exists() => match in_folder(path) {
                Some(entry) => entry.load()?,
                None => Self::from_file(path)?,
            },
            Some(path) => match Entry::at(path) {
                Some(entry) => entry.load()?,
                None => Self::from_file(path)?,
            },
            None if network == Network::Vgg16 => Self::embedded()?,
            None => {
                let folder = Folder::standard()?;
                let entry = folder.best(network)?.ok_or_else(|| Error::Weights {
                    name: network.title().to_owned(),
                    why: "this network's weights are not inside the program".to_owned(),
                    advice: "Get them with `impasto weights fetch vgg19`, or from a file with \
                             `impasto weights import FILE`, or choose VGG-16",
                })?;
                entry.load()?
            }
        };
        if weights.network == network {
            Ok(weights)
        } else {
            Err(Error::Weights {
                name: weights.origin.clone(),
                why: format!(
                    "it holds {}, not {}",
                    weights.network.title(),
                    network.title()
                ),
                advice: "Choose the network that the file holds, or another file",
            })
        }
    }

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

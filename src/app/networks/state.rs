//! What the window knows about networks and their weights.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Instant,
};

use crate::{
    app::{command::ids::Row, text},
    network::{Network, WeightsKind},
    settings::TransferSettings,
    vgg::weights::{Entry, Progress},
};

/// What goes on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Work {
    /// A download.
    Fetching {
        /// When it was begun, and how much was there by then.
        since: Option<(Instant, u64)>,
        /// How far it is.
        progress: Option<Progress>,
        /// What becomes of it when it ends before the last byte.
        leaving: Option<Leaving>,
    },
    /// A download that is held, with what is there.
    Paused(Option<Progress>),
    /// A file is read, compared or removed.
    Busy,
}

/// How the user leaves a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaving {
    /// To go on later.
    Paused,
    /// For good.
    Canceled,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// Which training a file comes from.
    Family(PathBuf),
    /// Whether to remove weights.
    Remove(String),
}

/// What the window knows about networks.
#[derive(Debug, Default)]
pub(crate) struct Networks {
    /// The one inside the program.
    pub(crate) embedded: Option<Entry>,
    /// Those in the folder.
    pub(crate) kept: Vec<Entry>,
    /// The one whose facts are shown.
    pub(crate) shown: Row,
    pub(crate) work: Option<Work>,
    pub(crate) question: Option<Question>,
    /// Results of comparing with digests, by name.
    pub(crate) verified: BTreeMap<String, Result<(), String>>,
    /// What did not work last.
    pub(crate) trouble: Option<String>,
    /// Hosts that VGG-19 comes from, its size and digest.
    pub(crate) source: Source,
}

/// Where VGG-19 comes from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    pub(crate) hosts: Vec<String>,
    pub(crate) bytes: u64,
    pub(crate) md5: String,
}

/// The name under which a fetched VGG-19 is kept.
pub(crate) const VGG19_NAME: &str = "vgg19-oxford";

impl Networks {
    /// Weights of the folder.
    pub(crate) fn entry(&self, name: &str) -> Option<&Entry> {
        self.kept.iter().find(|entry| entry.name == name)
    }

    /// The list in its order.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let mut rows = vec![Row::Embedded];
        if self.entry(VGG19_NAME).is_none() {
            rows.push(Row::Missing);
        }
        // The fetched one right after the embedded one.
        let (fetched, others): (Vec<_>, Vec<_>) =
            self.kept.iter().partition(|entry| entry.name == VGG19_NAME);
        let kept = fetched.into_iter().chain(others);
        rows.extend(kept.map(|entry| Row::Kept(entry.name.clone())));
        rows.extend([Row::Random, Row::Shuffled]);
        rows
    }

    /// Which of the list settings ask for.
    pub(crate) fn row_of(&self, settings: &TransferSettings) -> Option<Row> {
        match (settings.weights_kind, &settings.weights) {
            (WeightsKind::Random, _) => Some(Row::Random),
            (WeightsKind::Shuffled, _) => Some(Row::Shuffled),
            (WeightsKind::Trained, Some(path)) => {
                let named = |entry: &&Entry| entry.path == *path || Path::new(&entry.name) == path;
                let entry = self.kept.iter().find(named)?;
                Some(Row::Kept(entry.name.clone()))
            }
            (WeightsKind::Trained, None) => Some(match settings.network {
                Network::Vgg16 => Row::Embedded,
                Network::Vgg19 => match self.entry(VGG19_NAME) {
                    Some(entry) => Row::Kept(entry.name.clone()),
                    None => Row::Missing,
                },
            }),
        }
    }
}

/// The network of settings in a few words.
pub(crate) fn title(settings: &TransferSettings) -> String {
    let network = settings.network.title();
    match (settings.weights_kind, &settings.weights) {
        (WeightsKind::Random, _) => format!("{network}, {}", text::RANDOM.to_lowercase()),
        (WeightsKind::Shuffled, _) => format!("{network}, {}", text::SHUFFLED.to_lowercase()),
        (WeightsKind::Trained, None) => network.to_owned(),
        (WeightsKind::Trained, Some(path)) => {
            let name = path.file_stem().unwrap_or(path.as_os_str());
            name.to_string_lossy().into_owned()
        }
    }
}

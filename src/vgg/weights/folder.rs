//! The folder of imported weights: `NAME.safetensors`, and `NAME.safetensors.sha256` beside it as
//! `sha256sum -c` reads it.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Serialize;

use super::{Weights, native, reading};
use crate::{
    choice::Choice as _,
    error::{Error, Result},
    files, folders,
    network::{Family, Layer, Network},
};

/// Names another folder than the user's standard one.
pub const FOLDER_VARIABLE: &str = "IMPASTO_WEIGHTS_DIR";

/// A folder of weights.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// One file of the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its name in the folder, without ending.
    pub name: String,
    /// Where it lies; empty for the one inside the program.
    pub path: PathBuf,
    /// Its network; `None` when its header cannot be read.
    pub network: Option<Network>,
    /// Its family; `None` when its header cannot be read.
    pub family: Option<Family>,
    /// The last layer it holds; `None` when its header does not say.
    pub deepest: Option<Layer>,
    /// Who made the weights, as far as known.
    pub authors: String,
    /// The file it was made from.
    pub source: String,
    /// What the license of the source is, as far as known.
    pub license: String,
    /// The digest it should have, lower-case hex; empty when the file beside it is missing.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

impl Folder {
    /// The folder that [`FOLDER_VARIABLE`] names, else `weights` in the user's data folder.
    ///
    /// # Errors
    /// When the user has no home folder.
    pub fn standard() -> Result<Self> {
        let folder = folders::of_user(FOLDER_VARIABLE, "weights");
        folder.map(Self).ok_or_else(|| Error::Weights {
            name: "folder".to_owned(),
            why: "you have no home folder to keep weights in".to_owned(),
            advice: "Name a folder in the variable IMPASTO_WEIGHTS_DIR",
        })
    }

    /// Some other folder.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is. It may not exist yet.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What is in it, by name.
    ///
    /// # Errors
    /// When the folder exists and cannot be read.
    pub fn entries(&self) -> Result<Vec<Entry>> {
        let fault = |fault| {
            let advice = "Check that you may read the folder";
            Error::file("read", &self.0, fault, advice)
        };
        let listing = match fs::read_dir(&self.0) {
            Ok(listing) => listing,
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(other) => return Err(fault(other)),
        };
        let mut entries = Vec::new();
        for file in listing {
            let path = file.map_err(fault)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if let Some(name) = name.strip_suffix(".safetensors") {
                entries.push(self.entry(name));
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.safetensors"))
    }

    fn digest_file(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.safetensors.sha256"))
    }

    fn entry(&self, name: &str) -> Entry {
        let path = self.file(name);
        let words = native::words(&path).unwrap_or_default();
        let digest = fs::read_to_string(self.digest_file(name)).unwrap_or_default();
        let digest = digest.split_whitespace().next().unwrap_or_default();
        let bytes = fs::metadata(&path).map_or(0, |data| data.len());
        Entry::new(name, path, &words, digest, bytes)
    }

    /// Deletes weights.
    ///
    /// # Errors
    /// When there are none of that name, or the file cannot be deleted.
    pub fn remove(&self, name: &str) -> Result<()> {
        check_name(name)?;
        for path in [self.digest_file(name), self.file(name)] {
            let advice = "`impasto weights list` shows the names there are";
            match fs::remove_file(&path) {
                Err(fault)
                    if fault.kind() != io::ErrorKind::NotFound || path == self.file(name) =>
                {
                    return Err(Error::file("remove", &path, fault, advice));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The entry of a name, if there is one.
    pub(super) fn named(&self, name: &str) -> Option<Entry> {
        (check_name(name).is_ok() && self.file(name).is_file()).then(|| self.entry(name))
    }

    /// `name`, or where it is taken `name-2`, `name-3` and so on.
    pub(super) fn free_name(&self, name: &str) -> String {
        let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
        std::iter::once(name.to_owned())
            .chain(numbered)
            .find(|name| !self.file(name).exists())
            .unwrap_or_else(|| name.to_owned())
    }

    /// The entry that is used for a network when no file is given: whole ones before those cut
    /// short, Oxford's before others, since its pictures are the better ones, then by name.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(super) fn best(&self, network: Network) -> Result<Option<Entry>> {
        let entries = self.entries()?.into_iter();
        Ok(entries
            .filter(|entry| entry.network == Some(network))
            .min_by_key(|entry| {
                let foreign = entry.family != Some(Family::Oxford);
                (!entry.is_whole(), foreign, entry.name.clone())
            }))
    }

    /// Writes a new entry: whole or not at all.
    pub(super) fn keep(&self, name: &str, bytes: &[u8]) -> Result<Entry> {
        check_name(name)?;
        let path = self.file(name);
        if path.exists() {
            return Err(Error::Weights {
                name: name.to_owned(),
                why: "weights of this name are there already".to_owned(),
                advice: "Give another --name, or remove them first (`impasto weights remove NAME`)",
            });
        }
        let fault = |fault| {
            let advice = "Check that you may write there and that the disk is not full, or name \
                          another folder in IMPASTO_WEIGHTS_DIR";
            Error::file("write", &path, fault, advice)
        };
        fs::create_dir_all(&self.0).map_err(fault)?;
        let digest = format!("{}  {name}.safetensors\n", native::sha256(bytes));
        // The digest first: weights without one would count as damaged.
        for (path, bytes) in [
            (self.digest_file(name), digest.as_bytes()),
            (path.clone(), bytes),
        ] {
            files::replace(&path, bytes).map_err(fault)?;
        }
        Ok(self.entry(name))
    }
}

impl Entry {
    fn new(
        name: &str,
        path: PathBuf,
        words: &BTreeMap<String, String>,
        sha256: &str,
        bytes: u64,
    ) -> Self {
        let word = |key: &str| words.get(key).cloned().unwrap_or_default();
        Self {
            name: name.to_owned(),
            path,
            network: word("network").parse().ok(),
            family: Family::find("family", &word("family")).ok(),
            deepest: word("deepest").parse().ok(),
            authors: word("authors"),
            source: word("source"),
            // The file inside the program and older ones use the British word.
            license: match word("license") {
                license if license.is_empty() => word("licence"),
                license => license,
            },
            sha256: sha256.to_owned(),
            bytes,
        }
    }

    /// What there is to say about the VGG-16 inside the program.
    ///
    /// # Errors
    /// Never for an undamaged program.
    pub fn embedded() -> Result<Self> {
        let weights = Weights::embedded()?;
        let (words, bytes) = (native::embedded_words(), native::EMBEDDED.len() as u64);
        let mut entry = Self::new(
            weights.network.title(),
            PathBuf::new(),
            &words,
            &weights.sha256,
            bytes,
        );
        entry.network = Some(weights.network);
        entry.family = Some(weights.family);
        Ok(entry)
    }

    /// The entry of a file that lies in a folder of weights, with its digest beside it.
    pub(super) fn at(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.strip_suffix(".safetensors")?;
        let folder = Folder::at(path.parent()?);
        folder
            .digest_file(name)
            .exists()
            .then(|| folder.entry(name))
    }

    /// Whether all layers of the network are there.
    pub fn is_whole(&self) -> bool {
        let last = self
            .network
            .and_then(|network| network.layers().next_back());
        self.deepest.is_none() || self.deepest == last
    }

    /// Whether the bytes are those that were imported, and can be used.
    ///
    /// # Errors
    /// Says what is wrong with them.
    pub fn verify(&self) -> Result<()> {
        self.load().map(drop)
    }

    /// Reads the weights and checks its digest.
    pub(super) fn load(&self) -> Result<Arc<Weights>> {
        let weights = Weights::from_bytes(&reading::read(&self.path)?, &self.name, None)?;
        let damaged = |why: &str| Error::Weights {
            name: self.name.clone(),
            why: why.to_owned(),
            advice: "Remove it (`impasto weights remove NAME`) and import it again",
        };
        if self.sha256.is_empty() {
            return Err(damaged("the file with its digest is missing"));
        }
        if weights.sha256 != self.sha256 {
            return Err(damaged("its bytes are not those that were imported"));
        }
        Ok(Arc::new(weights))
    }
}

/// A name becomes a file's name: letters, digits, `-`, `_` and `.`, not first.
fn check_name(name: &str) -> Result<()> {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    if (1..=64).contains(&name.len()) && name.chars().all(plain) && !name.starts_with('.') {
        return Ok(());
    }
    let expected = "use up to 64 letters, digits, hyphens, underscores and dots, no dot first";
    Err(Error::setting("name", name, expected))
}

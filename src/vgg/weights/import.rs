//! Foreign files into this program's own form.

use std::{collections::BTreeMap, path::Path};

use super::{
    Weights,
    detect::{Detected, Undetected, detect},
    folder::{Entry, Folder},
    formats::Format,
    native::{self, unfit},
    reading::read,
};
use crate::{
    choice::Choice as _,
    error::{Error, Result},
    network::{Family, Network},
};

/// What only the user knows about a file.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// Which training it comes from; needed where neither names nor values tell.
    pub family: Option<Family>,
    /// The name it is kept under [default: network and family, as in `vgg19-oxford`].
    pub name: Option<String>,
    /// Where the standard name is taken, add a number to it.
    pub numbered: bool,
}

/// What an import did.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The weights as they are kept now.
    pub entry: Entry,
    /// The format that was read; `None` when the weights were there already.
    pub format: Option<Format>,
    /// What deserves a second look, one sentence each, without a full stop.
    pub warnings: Vec<String>,
}

impl Folder {
    /// Reads a foreign file and keeps its convolutions in this program's own form.
    ///
    /// # Errors
    /// When the file is no VGG, its family is unknown, the name is taken or not a plain one, or
    /// the folder cannot be written.
    pub fn import(&self, file: &Path, options: &ImportOptions) -> Result<Imported> {
        let bytes = read(file)?;
        let source = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let (format, detected) = examine(&bytes, &source, options.family)?;
        let Detected {
            network,
            family,
            is_release,
            convolutions,
            warnings,
        } = detected;
        let (authors, license) = match (family, is_release) {
            (Family::Oxford, true) => (
                "Karen Simonyan and Andrew Zisserman, Visual Geometry Group, University of Oxford",
                "Creative Commons Attribution 4.0 (CC BY 4.0)",
            ),
            (Family::Torchvision, true) => {
                ("the torchvision project", "BSD 3-Clause (torchvision)")
            }
            _ => ("not stated by the file", "not stated by the file"),
        };
        let deepest = convolutions.last();
        let deepest = deepest.map_or_else(String::new, |last| last.layer.to_string());
        let [mean, deviation] = [family.mean(), family.deviation()];
        let metadata = BTreeMap::from([
            ("network", network.to_string()),
            ("family", family.name()),
            ("authors", authors.to_owned()),
            ("license", license.to_owned()),
            ("source", source.clone()),
            ("deepest", deepest),
            ("source_sha256", native::sha256(&bytes)),
            ("layout", "OIHW, first convolution RGB".to_owned()),
            ("input", format!("(255 rgb - {mean:?}) / {deviation:?}")),
            (
                "changes",
                "convolutions only; rounded to float16; input channels in the order RGB".to_owned(),
            ),
        ]);
        drop(bytes);
        let own = native::file(&convolutions, &metadata).map_err(|why| unfit(&source, why))?;
        let standard = || {
            let name = standard_name(network, family);
            if options.numbered {
                self.free_name(&name)
            } else {
                name
            }
        };
        let name = options.name.clone().unwrap_or_else(standard);
        Ok(Imported {
            entry: self.keep(&name, &own)?,
            format: Some(format),
            warnings,
        })
    }
}

impl Imported {
    /// Nothing was left to do.
    pub(super) fn already(entry: Entry) -> Self {
        Self {
            entry,
            format: None,
            warnings: Vec::new(),
        }
    }
}

/// `vgg19-oxford`.
pub(super) fn standard_name(network: Network, family: Family) -> String {
    format!("{network}-{}", family.name())
}

/// Detects what a file holds.
pub(super) fn examine(
    bytes: &[u8],
    name: &str,
    family: Option<Family>,
) -> Result<(Format, Detected)> {
    let unfit = |why: String| unfit(name, why);
    let format = Format::of(bytes).map_err(unfit)?;
    let contents = format.read(bytes).map_err(unfit)?;
    match detect(format, &contents, family) {
        Ok(detected) => Ok((format, detected)),
        Err(Undetected::Unfit(why)) => Err(unfit(why)),
        Err(Undetected::Family) => Err(Error::FamilyUnknown {
            name: name.to_owned(),
        }),
    }
}

/// What is in a file, whether it is a VGG or not.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// How the file is written.
    pub format: Format,
    /// Names and shapes of its tensors, in the file's order.
    pub tensors: Vec<(String, Vec<usize>)>,
}

impl Inspected {
    /// Looks into a file.
    ///
    /// # Errors
    /// When it cannot be read, or its format is unknown or damaged.
    pub fn file(path: &Path) -> Result<Self> {
        Self::bytes(&read(path)?, &path.display().to_string())
    }

    /// Looks into the bytes of a file that errors call `name`.
    ///
    /// # Errors
    /// When its format is unknown or damaged.
    pub fn bytes(bytes: &[u8], name: &str) -> Result<Self> {
        let format = Format::of(bytes).map_err(|why| unfit(name, why))?;
        let contents = format.read(bytes).map_err(|why| unfit(name, why))?;
        let tensors = contents.tensors.into_iter();
        Ok(Self {
            format,
            tensors: tensors.map(|tensor| (tensor.name, tensor.shape)).collect(),
        })
    }
}

impl Weights {
    /// Reads weights of any format that is known, from bytes. `name` is what errors call them.
    ///
    /// # Errors
    /// When they are damaged, hold neither VGG-16 nor VGG-19, or their family is unknown.
    pub fn from_bytes(bytes: &[u8], name: &str, family: Option<Family>) -> Result<Self> {
        let (_, detected) = examine(bytes, name, family)?;
        for warning in &detected.warnings {
            log::warn!("{name}: {warning}");
        }
        let mut convolutions = detected.convolutions;
        let deviation = detected.family.deviation();
        for filter in convolutions[0].weight.chunks_exact_mut(27) {
            for (plane, deviation) in filter.chunks_exact_mut(9).zip(deviation) {
                for value in plane {
                    *value /= deviation;
                }
            }
        }
        Ok(Self {
            network: detected.network,
            family: detected.family,
            origin: name.to_owned(),
            sha256: native::sha256(bytes),
            convolutions,
        })
    }
}

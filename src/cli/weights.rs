//! `impasto weights`: import, list, verify and remove.

use std::path::Path;

use super::{arguments::WeightsCommand, output};
use crate::{
    error::{Error, Result},
    vgg::weights::{Entry, Folder, ImportOptions},
};

/// Does what the command says.
///
/// # Errors
/// When a file cannot be used, a folder not read or written, or weights turn out damaged.
pub(super) fn run(command: WeightsCommand) -> Result<()> {
    let folder = Folder::standard()?;
    match command {
        WeightsCommand::Import {
            file,
            family,
            name,
            json,
        } => {
            let family = family.map(Into::into);
            import(&folder, &file, &ImportOptions { family, name }, json)
        }
        WeightsCommand::List { json } => list(&folder, json),
        WeightsCommand::Verify => verify(&folder),
        WeightsCommand::Remove { name } => {
            folder.remove(&name)?;
            output::line(&format!("removed {name}"))
        }
    }
}

fn import(folder: &Folder, file: &Path, options: &ImportOptions, json: bool) -> Result<()> {
    let imported = folder.import(file, options)?;
    for warning in &imported.warnings {
        output::say(&format!("impasto: {}: {warning}", file.display()));
    }
    if json {
        return output::json(&imported.entry);
    }
    let format = imported.format.title();
    output::line(&format!(
        "imported from {format}: {}",
        line(&imported.entry)
    ))
}

fn list(folder: &Folder, json: bool) -> Result<()> {
    let entries = folder.entries()?;
    for entry in &entries {
        if json {
            output::json(entry)?;
        } else {
            output::line(&line(entry))?;
        }
    }
    if entries.is_empty() && !json {
        output::line(&format!("no weights in {}", folder.path().display()))?;
    }
    Ok(())
}

fn verify(folder: &Folder) -> Result<()> {
    let mut damaged = Vec::new();
    for entry in folder.entries()? {
        match folder.verify(&entry) {
            Ok(()) => output::line(&format!("{}: whole", entry.name))?,
            Err(fault) => {
                output::complain(&fault);
                damaged.push(entry.name);
            }
        }
    }
    if damaged.is_empty() {
        return Ok(());
    }
    Err(Error::Weights {
        name: damaged.join(", "),
        why: "not as imported".to_owned(),
        advice: "Remove them and import them again",
    })
}

/// An entry in words.
fn line(entry: &Entry) -> String {
    let network = entry.network.map_or("?", |network| network.title());
    let family = entry.family.map_or("?", |family| family.name());
    format!(
        "{}  {network}  {family}  {:.1} MB  from {}  {}",
        entry.name,
        entry.bytes as f64 / 1e6,
        entry.source,
        entry.licence
    )
}

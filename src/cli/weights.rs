//! `impasto weights`: import, fetch, show, list, verify and remove.

use std::{
    io::{IsTerminal as _, stderr},
    path::Path,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{
    output,
    weights_arguments::{Fetchable, WeightsCommand},
};
use crate::{
    choice::Choice,
    error::{Error, Result},
    vgg::weights::{Entry, Fetch, Folder, ImportOptions, Imported, Inspected},
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
            let options = ImportOptions {
                family,
                name,
                numbered: false,
            };
            import(&folder, &file, &options, json)
        }
        WeightsCommand::Fetch {
            what: Fetchable::Vgg19,
            json,
        } => fetch(&folder, json),
        WeightsCommand::Show { file } => show(&file),
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
    tell(&imported, json)
}

fn fetch(folder: &Folder, json: bool) -> Result<()> {
    let fetch = Fetch::vgg19();
    let bar = ProgressBar::new(fetch.bytes);
    if json || !stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let template = "{bar:30} {bytes}/{total_bytes}  {bytes_per_sec}  {eta}  {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    let imported = folder.fetch(&fetch, &mut |progress| {
        bar.set_position(progress.received_bytes);
        bar.set_message(if progress.waits {
            "waiting for another instance"
        } else {
            ""
        });
        true
    });
    bar.finish_and_clear();
    tell(&imported?, json)
}

fn tell(imported: &Imported, json: bool) -> Result<()> {
    for warning in &imported.warnings {
        output::say(&format!("impasto: {}: {warning}", imported.entry.source));
    }
    if json {
        return output::json(&imported.entry);
    }
    let line = line(&imported.entry);
    match imported.format {
        Some(format) => output::line(&format!("imported from {}: {line}", format.title())),
        None => output::line(&format!("already there: {line}")),
    }
}

fn show(file: &Path) -> Result<()> {
    let inspected = Inspected::file(file)?;
    output::line(inspected.format.title())?;
    for (name, shape) in inspected.tensors {
        output::line(&format!("{name}  {shape:?}"))?;
    }
    Ok(())
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
        match entry.verify() {
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
    let family = entry.family.map_or_else(|| "?".to_owned(), Choice::name);
    format!(
        "{}  {network}  {family}  {:.1} MB  from {}  {}",
        entry.name,
        entry.bytes as f64 / 1e6,
        entry.source,
        entry.license
    )
}

//! `impasto brush`: styles for `impasto stylize`, learnt from paintings.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{brush_learn::LearnArguments, contents::check_free, output};
use crate::{
    error::{Error, Result},
    feedforward::{Brush, BrushFolder, BrushRecord, built_in},
    files,
};

/// What can be done with brushes.
#[derive(Debug, Subcommand)]
pub(super) enum BrushCommand {
    /// Learn a brush from a painting: about a minute.
    Learn(LearnArguments),
    /// List the brushes: those inside the program, best first, then your own.
    List(ListArguments),
    /// Show how a brush was learnt.
    Show(ShowArguments),
    /// Remove a brush of your own.
    Remove {
        /// Its name.
        name: String,
    },
    /// Write a brush to a file, to pass it on.
    Export(ExportArguments),
    /// Keep a brush file among your own brushes.
    Import(ImportArguments),
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// Print one JSON object a brush.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    /// Its name, or its file (.brush).
    #[arg(value_name = "NAME|FILE")]
    brush: String,
    /// Save its picture as well, a JPEG.
    #[arg(long, value_name = "FILE")]
    preview: Option<PathBuf>,
    /// Print a JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// Its name.
    name: String,
    /// Where to write it (.brush).
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Replace a file that is there already.
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// The file (.brush).
    file: PathBuf,
    /// Another name for it.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Replace a brush of yours that has this name.
    #[arg(long)]
    force: bool,
}

/// A brush on the wire.
#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    network: String,
    built_in: bool,
    sha256: String,
    record: &'a BrushRecord,
}

impl<'a> Told<'a> {
    fn new(brush: &'a Brush, built_in: bool) -> Self {
        Self {
            name: &brush.name,
            network: brush.norms.architecture().to_string(),
            built_in,
            sha256: brush.digest(),
            record: &brush.record,
        }
    }
}

/// Does it.
///
/// # Errors
/// When there is no such brush, a file cannot be read or written, or learning fails.
pub(super) fn run(command: BrushCommand) -> Result<()> {
    match command {
        BrushCommand::Learn(arguments) => arguments.run(),
        BrushCommand::List(arguments) => list(&arguments),
        BrushCommand::Show(arguments) => show(&arguments),
        BrushCommand::Remove { name } => {
            BrushFolder::standard()?.remove(&name)?;
            output::line(&format!("removed {name}"))
        }
        BrushCommand::Export(arguments) => export(&arguments),
        BrushCommand::Import(arguments) => import(arguments),
    }
}

fn list(arguments: &ListArguments) -> Result<()> {
    let tell = |brush: &Brush, inside: bool| {
        if arguments.json {
            return output::json(&Told::new(brush, inside));
        }
        let from = if inside {
            "inside the program".to_owned()
        } else {
            format!("learnt from {}", brush.record.style)
        };
        output::line(&format!("{:32} {from}", brush.name))
    };
    for brush in built_in()? {
        tell(&brush, true)?;
    }
    for (_, brush) in BrushFolder::standard()?.list()? {
        match brush {
            Ok(brush) => tell(&brush, false)?,
            Err(error) => output::complain(&error),
        }
    }
    Ok(())
}

fn show(arguments: &ShowArguments) -> Result<()> {
    let brush = BrushFolder::standard()?.find_or_open(&arguments.brush)?;
    let inside = brush.record == BrushRecord::default();
    if let Some(path) = &arguments.preview {
        check_free(path, false)?;
        if brush.preview.is_empty() {
            return Err(Error::Brush {
                name: brush.name,
                why: "it has no picture".to_owned(),
                advice: "Paint one by `impasto stylize --brush`",
            });
        }
        files::replace(path, &brush.preview).map_err(|fault| files::unwritable(path, fault))?;
    }
    if arguments.json {
        return output::json(&Told::new(&brush, inside));
    }
    output::line(&format!("name      {}", brush.name))?;
    output::line(&format!("network   {}", brush.norms.architecture()))?;
    output::line(&format!("sha256    {}", brush.digest()))?;
    if inside {
        return output::line("inside the program");
    }
    let record = &brush.record;
    output::line(&format!(
        "style     {} {}",
        record.style, record.style_sha256
    ))?;
    output::line(&format!("learnt on {}", record.photographs.join(", ")))?;
    if let Some([before, after]) = record.style_loss {
        output::line(&format!(
            "steps     {} in {:.0} s, style loss {before:.3} to {after:.3}",
            record.steps, record.secs
        ))?;
    }
    Ok(())
}

fn export(arguments: &ExportArguments) -> Result<()> {
    let brush = BrushFolder::standard()?.find(&arguments.name)?;
    check_free(&arguments.output, arguments.force)?;
    brush.save(&arguments.output)?;
    output::line(&arguments.output.display().to_string())
}

fn import(arguments: ImportArguments) -> Result<()> {
    let mut brush = Brush::open(&arguments.file)?;
    if let Some(name) = arguments.name {
        brush.name = name;
    }
    let path = BrushFolder::standard()?.keep(&brush, arguments.force)?;
    output::line(&format!("{}: {}", brush.name, path.display()))
}

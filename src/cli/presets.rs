//! `impasto presets`: what there is to start from.

use clap::Args;
use serde::Serialize;

use super::output;
use crate::{
    error::Result,
    network::Family,
    settings::{TransferSettings, presets},
};

#[derive(Debug, Args)]
pub(super) struct PresetsArguments {
    /// Print one JSON object a preset.
    #[arg(long)]
    json: bool,
}

/// A preset on the wire.
#[derive(Serialize)]
struct JsonPreset<'a> {
    name: &'a str,
    title: &'a str,
    about: &'a str,
    family: Option<Family>,
    settings: &'a TransferSettings,
}

/// Width that descriptions are broken at.
const COLUMNS: usize = 78;

/// Prints all presets.
///
/// # Errors
/// When nobody reads any more.
pub(super) fn run(arguments: &PresetsArguments) -> Result<()> {
    for preset in presets()? {
        if arguments.json {
            output::json(&JsonPreset {
                name: &preset.name,
                title: &preset.title,
                about: &preset.about,
                family: preset.family,
                settings: &preset.settings,
            })?;
            continue;
        }
        output::line(&format!("{} ({})", preset.name, preset.title))?;
        let mut row = String::new();
        for word in preset.about.split_whitespace() {
            if !row.is_empty() && row.chars().count() + word.chars().count() + 5 > COLUMNS {
                output::line(&format!("    {row}"))?;
                row.clear();
            }
            if !row.is_empty() {
                row.push(' ');
            }
            row.push_str(word);
        }
        output::line(&format!("    {row}"))?;
    }
    Ok(())
}

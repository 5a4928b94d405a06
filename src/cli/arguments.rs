//! The program's arguments: the commands, each with the arguments of its own file, and the window.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::{
    bench::BenchArguments, brush::BrushCommand, compare::CompareArguments,
    devices::DevicesArguments, measure::MeasureArguments, presets::PresetsArguments,
    render_arguments::RenderArguments, self_test::SelfTestArguments, sheet::SheetArguments,
    stylize::StylizeArguments, weights_arguments::WeightsCommand,
};
use crate::settings::DeviceChoice;

/// Neural style transfer you can steer. Without a command, opens the window.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) window: WindowArguments,
}

/// What the window opens with.
#[derive(Debug, Args)]
pub(super) struct WindowArguments {
    /// The content image to open the window with.
    #[arg(long, value_name = "FILE")]
    pub(super) content: Option<PathBuf>,
    /// The style image to open the window with.
    #[arg(long, value_name = "FILE")]
    pub(super) style: Option<PathBuf>,
    /// Folder that snapshots are saved to.
    #[arg(long, value_name = "FOLDER")]
    pub(super) save_folder: Option<PathBuf>,
    /// Threads to compute with [default: all].
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
    /// What to compute on in this session: auto, or a name from `impasto devices` [default: what
    /// was chosen last].
    #[arg(long, value_name = "DEVICE")]
    pub(super) device: Option<DeviceChoice>,
    /// Memory for the film of all runs, in MB [default: 128].
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) film_memory: Option<u32>,
    /// A log file: one line for every step and event.
    #[arg(long, value_name = "FILE")]
    pub(super) log: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Paint a picture without the window.
    Render(Box<RenderArguments>),
    /// Paint pictures at once, in one pass of a feed-forward network: several, or a folder.
    ///
    /// Palette, contrast and texture of the style come, large strokes do not: those are what
    /// `render` paints. A picture that cannot be used is named, and the others are painted all
    /// the same; the exit code is 2 then.
    Stylize(Box<StylizeArguments>),
    /// Learn, list, show, remove, export and import brushes: styles for `stylize`.
    #[command(subcommand)]
    Brush(BrushCommand),
    /// Measure a picture: unweighted content and Gram loss at every layer, and total variation.
    Measure(MeasureArguments),
    /// Measure pictures by metrics that no run optimizes: how much content was kept, how close
    /// the style is.
    Compare(CompareArguments),
    /// List the presets.
    Presets(PresetsArguments),
    /// Paint a labeled contact sheet over one or two settings.
    Sheet(Box<SheetArguments>),
    /// Measure how fast a step is, and how much memory it takes.
    Bench(BenchArguments),
    /// List the devices that can compute, with names and memory.
    Devices(DevicesArguments),
    /// Test whether a device computes the same as the processor, and how fast.
    Selftest(SelfTestArguments),
    /// Import, fetch, show, list, verify and remove weights of networks.
    #[command(subcommand)]
    Weights(WeightsCommand),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }
}

//! The arguments. Names and ranges are those of the settings.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::{
    choices::Choices,
    devices::{DeviceArguments, DevicesArguments},
    film::FilmArguments,
    saving::SavingArguments,
    self_test::SelfTestArguments,
    sheet::SheetArguments,
    weights_arguments::WeightsCommand,
};
use crate::{
    network::{Network, Pooling},
    settings::DeviceChoice,
};

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
    /// Memory for the film of the runs, in MB [default: 128].
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) film_memory: Option<u32>,
    /// A file that gets a line for every step and everything that happens.
    #[arg(long, value_name = "FILE")]
    pub(super) log: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Paint a picture without the window.
    Render(Box<RenderArguments>),
    /// Measure a picture: unweighted content and Gram loss at every layer, and total variation.
    Measure(MeasureArguments),
    /// Measure pictures by metrics that no run optimizes: how much content was kept, how near the
    /// style is.
    Compare(CompareArguments),
    /// List the presets.
    Presets(PresetsArguments),
    /// Paint a labeled contact sheet over one or two settings.
    Sheet(Box<SheetArguments>),
    /// Measure how fast a step is, and how much memory it takes.
    Bench(BenchArguments),
    /// List what can be computed on, with names and memory.
    Devices(DevicesArguments),
    /// Test whether a device computes what the processor computes, and how fast.
    Selftest(SelfTestArguments),
    /// Import, fetch, show, list, check and remove the networks' weights.
    #[command(subcommand)]
    Weights(WeightsCommand),
}

/// Which network looks at the pictures, and with what it computes.
#[derive(Clone, Debug, Args)]
pub(super) struct EngineArguments {
    /// The network: vgg16 is inside the program, `impasto weights fetch vgg19` gets vgg19.
    #[arg(long, value_name = "vgg16|vgg19")]
    pub(super) network: Option<Network>,
    /// A file with the network's weights, or a name that `impasto weights list` shows.
    #[arg(long, value_name = "FILE")]
    pub(super) weights: Option<PathBuf>,
    /// Threads to compute with [default: all].
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
}

#[derive(Debug, Args)]
pub(super) struct RenderArguments {
    /// The content image: what the picture shows.
    #[arg(long, value_name = "FILE", required_unless_present = "like")]
    pub(super) content: Option<PathBuf>,
    /// A style image: how it is painted. Several are blended; FILE=2 counts twice.
    #[arg(long, value_name = "FILE[=STRENGTH]", required_unless_present = "like")]
    pub(super) style: Vec<String>,
    /// Where in the content image a style image applies: a picture that is white inside and
    /// black outside. Once for each --style, in their order; "all" is everywhere.
    #[arg(long, value_name = "MASK|all")]
    pub(super) region: Vec<PathBuf>,
    /// The part of a style image that counts, in the same way.
    #[arg(long, value_name = "MASK|all")]
    pub(super) style_region: Vec<PathBuf>,
    /// A finished picture to paint on at a larger --size, with the same look.
    #[arg(long, value_name = "FILE", requires = "size", conflicts_with_all = ["init", "schedule"])]
    pub(super) continue_from: Option<PathBuf>,
    /// Repeat how this picture was made: a PNG, JPEG, WebP or TIFF that was saved by this
    /// program. All other options override what it remembers.
    #[arg(long, value_name = "PICTURE")]
    pub(super) like: Option<PathBuf>,
    /// Where to save the picture (png, jpg, webp, tif, bmp) [default with --like: beside
    /// PICTURE, as NAME-again].
    #[arg(long, short, value_name = "FILE", required_unless_present = "like")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) saving: SavingArguments,
    #[command(flatten)]
    pub(super) film: FilmArguments,
    #[command(flatten)]
    pub(super) choices: Choices,
    #[command(flatten)]
    pub(super) device: DeviceArguments,
    /// Save the picture every N steps as well (OUTPUT-000100.png and so on).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) snapshot_every: Option<u32>,
    /// Try a run that is estimated not to fit into memory.
    #[arg(long)]
    pub(super) force: bool,
    /// Print one JSON object a step.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct MeasureArguments {
    /// The content image.
    #[arg(long, value_name = "FILE")]
    pub(super) content: PathBuf,
    /// The style image; nothing is resized.
    #[arg(long, value_name = "FILE")]
    pub(super) style: PathBuf,
    /// The picture to measure, of the content image's size.
    #[arg(long, value_name = "FILE")]
    pub(super) image: PathBuf,
    /// How the network halves its feature maps.
    #[arg(long, default_value = "max")]
    pub(super) pooling: Pooling,
    #[command(flatten)]
    pub(super) engine: EngineArguments,
    /// Print one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct CompareArguments {
    /// The content image.
    #[arg(long, value_name = "FILE")]
    pub(super) content: PathBuf,
    /// The style image.
    #[arg(long, value_name = "FILE")]
    pub(super) style: PathBuf,
    /// A picture to measure; repeat for several. Content and style are resized to it.
    #[arg(long, value_name = "FILE", required = true)]
    pub(super) image: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) engine: EngineArguments,
    /// Print one JSON object a picture.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct PresetsArguments {
    /// Print one JSON object a preset.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct BenchArguments {
    /// Sides of the square pictures to measure, in pixels.
    #[arg(
        long,
        value_name = "PX,...",
        value_delimiter = ',',
        default_value = "256,512,1024"
    )]
    pub(super) size: Vec<u32>,
    /// Threads to compute with [default: all].
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
    /// The network; VGG-19 gets random weights, which take as long.
    #[arg(long, value_name = "vgg16|vgg19", default_value = "vgg19")]
    pub(super) network: Network,
    /// Seconds to spend at each size.
    #[arg(long, value_name = "N", default_value_t = 10.0)]
    pub(super) seconds: f64,
    #[command(flatten)]
    pub(super) device: DeviceArguments,
    /// Print one JSON object a size.
    #[arg(long)]
    pub(super) json: bool,
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

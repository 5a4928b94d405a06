//! The arguments. Names and ranges are those of the settings.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    network::{Family, Layer, Network, Pooling},
    settings::{ColourMode, InitialImage, OptimizerKind, Quality, parse_layer_weight},
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
    /// Measure how fast a step is on this processor, and how much memory it takes.
    Bench(BenchArguments),
    /// Import, fetch, show, list, check and remove the networks' weights.
    #[command(subcommand)]
    Weights(WeightsCommand),
}

/// What can be done with weights.
#[derive(Debug, Subcommand)]
pub(super) enum WeightsCommand {
    /// Keep the weights of a file: VGG-16 or VGG-19 as safetensors, Keras .h5, PyTorch .pth or
    /// .caffemodel.
    Import {
        /// The file.
        file: PathBuf,
        /// Which training it comes from, where the file does not tell.
        #[arg(long)]
        family: Option<FamilyName>,
        /// The name to keep it under [default: network and family, as in vgg19-oxford].
        #[arg(long)]
        name: Option<String>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Get weights from the network (80 MB) and keep them. Goes on where it stopped.
    Fetch {
        /// What to get.
        what: Fetchable,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Show what tensors a file holds, whether it can be imported or not.
    Show {
        /// The file.
        file: PathBuf,
    },
    /// List the weights that are kept.
    List {
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Check that all weights are as they were imported.
    Verify,
    /// Delete weights.
    Remove {
        /// The name that `weights list` shows.
        name: String,
    },
}

/// Weights that can be fetched.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Fetchable {
    /// Oxford's VGG-19 as Keras publishes it.
    Vgg19,
}

/// Names of [`Family`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FamilyName {
    Oxford,
    Torchvision,
}

impl From<FamilyName> for Family {
    fn from(name: FamilyName) -> Self {
        match name {
            FamilyName::Oxford => Self::Oxford,
            FamilyName::Torchvision => Self::Torchvision,
        }
    }
}

/// Which network looks at the pictures, and with what it computes.
#[derive(Clone, Debug, Args)]
pub(super) struct EngineArguments {
    /// The network: vgg16 is inside the program, vgg19 comes with `impasto weights`.
    #[arg(long, value_name = "vgg16|vgg19")]
    pub(super) network: Option<Network>,
    /// The network's weights: a file, or a name that `impasto weights list` shows.
    #[arg(long, value_name = "FILE")]
    pub(super) weights: Option<PathBuf>,
    /// Threads to compute with [default: all].
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
}

#[derive(Debug, Args)]
pub(super) struct RenderArguments {
    /// The content image: what the picture shows.
    #[arg(long, value_name = "FILE")]
    pub(super) content: PathBuf,
    /// A style image: how it is painted. Several are blended; FILE=2 counts twice.
    #[arg(long, value_name = "FILE[=STRENGTH]", required = true)]
    pub(super) style: Vec<String>,
    /// Where to save the picture (png, jpg, webp, tif, bmp).
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Settings to start from; every other option overrides them.
    #[arg(long, value_name = "NAME", default_value = "impasto")]
    pub(super) preset: String,
    /// Longest side of the result in pixels [default: the content image's own].
    #[arg(long, value_name = "PX")]
    pub(super) size: Option<u32>,
    /// Number of steps.
    #[arg(long, value_name = "N")]
    pub(super) steps: Option<u32>,
    /// How much work the picture is worth: sets the number of steps.
    #[arg(long, conflicts_with = "steps")]
    pub(super) quality: Option<QualityName>,
    /// From content (0) to style (100): sets both weights. For balanced presets.
    #[arg(long, value_name = "PERCENT", conflicts_with_all = ["content_weight", "style_weight"])]
    pub(super) dial: Option<f64>,
    /// Weight of the content loss.
    #[arg(long, value_name = "W")]
    pub(super) content_weight: Option<f64>,
    /// Weight of the style loss.
    #[arg(long, value_name = "W")]
    pub(super) style_weight: Option<f64>,
    /// Weight of total variation (smoothness).
    #[arg(long, value_name = "W")]
    pub(super) tv_weight: Option<f64>,
    /// A layer at which content is compared; repeat for several. Replaces the preset's.
    #[arg(long, value_name = "LAYER[=W]", value_parser = parse_layer_weight)]
    pub(super) content_layer: Vec<(Layer, f64)>,
    /// A layer at which style is compared; repeat for several. Replaces the preset's.
    #[arg(long, value_name = "LAYER[=W]", value_parser = parse_layer_weight)]
    pub(super) style_layer: Vec<(Layer, f64)>,
    /// How the network halves its feature maps.
    #[arg(long)]
    pub(super) pooling: Option<PoolingName>,
    /// How pixels follow the gradient.
    #[arg(long)]
    pub(super) optimizer: Option<OptimizerName>,
    /// L-BFGS without safeguards, as torch.optim.LBFGS.
    #[arg(long)]
    pub(super) lbfgs_plain: bool,
    /// Step size: pixel units of 0..255 for Adam, a factor (normally 1) for L-BFGS.
    #[arg(long, value_name = "RATE")]
    pub(super) learning_rate: Option<f64>,
    /// Pairs that L-BFGS remembers.
    #[arg(long, value_name = "N")]
    pub(super) history: Option<u32>,
    /// What to start from: content, noise, style, or a picture file.
    #[arg(long, value_name = "content|noise|style|FILE", value_parser = initial_image)]
    pub(super) init: Option<InitialImage>,
    /// Seed of everything random.
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Size of the style image relative to the content image: the size of strokes.
    #[arg(long, value_name = "FACTOR")]
    pub(super) style_scale: Option<f64>,
    /// Whose colours the picture has.
    #[arg(long)]
    pub(super) colour: Option<ColourName>,
    #[command(flatten)]
    pub(super) engine: EngineArguments,
    /// Save the picture every N steps as well (OUTPUT-000100.png and so on).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) snapshot_every: Option<u32>,
    /// Try a run that is foretold not to fit into memory.
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
    pub(super) pooling: PoolingName,
    #[command(flatten)]
    pub(super) engine: EngineArguments,
    /// Print one JSON object.
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
    /// Print one JSON object a size.
    #[arg(long)]
    pub(super) json: bool,
}

/// Names of [`Pooling`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum PoolingName {
    Max,
    Avg,
}

impl From<PoolingName> for Pooling {
    fn from(name: PoolingName) -> Self {
        match name {
            PoolingName::Max => Self::Max,
            PoolingName::Avg => Self::Average,
        }
    }
}

/// Names of [`OptimizerKind`]; the plain mode has a flag of its own.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum OptimizerName {
    Adam,
    Lbfgs,
}

impl From<OptimizerName> for OptimizerKind {
    fn from(name: OptimizerName) -> Self {
        match name {
            OptimizerName::Adam => Self::Adam,
            OptimizerName::Lbfgs => Self::Lbfgs,
        }
    }
}

/// Names of [`Quality`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum QualityName {
    Draft,
    Normal,
    Fine,
}

impl From<QualityName> for Quality {
    fn from(name: QualityName) -> Self {
        match name {
            QualityName::Draft => Self::Draft,
            QualityName::Normal => Self::Normal,
            QualityName::Fine => Self::Fine,
        }
    }
}

/// Names of [`ColourMode`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ColourName {
    Style,
    Luminance,
    Recolour,
}

impl From<ColourName> for ColourMode {
    fn from(name: ColourName) -> Self {
        match name {
            ColourName::Style => Self::Style,
            ColourName::Luminance => Self::Luminance,
            ColourName::Recolour => Self::Recolour,
        }
    }
}

/// Never fails: whatever is not a known word is a file's name.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the parser's signature asks for a result"
)]
fn initial_image(text: &str) -> Result<InitialImage, String> {
    Ok(match text {
        "content" => InitialImage::Content,
        "noise" | "random" => InitialImage::Noise,
        "style" => InitialImage::Style,
        file => InitialImage::File(file.into()),
    })
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

//! The arguments of `impasto render`.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;

use super::{
    choices::Choices, devices::DeviceArguments, film::FilmArguments, saving::SavingArguments,
};

#[derive(Debug, Args)]
pub(super) struct RenderArguments {
    /// The content image: what the picture shows; - is standard input.
    #[arg(long, value_name = "FILE", required_unless_present_any = ["like", "resume"])]
    pub(super) content: Option<PathBuf>,
    /// A style image: how it is painted. Several are blended; FILE=2 counts twice.
    #[arg(long, value_name = "FILE[=STRENGTH]", required_unless_present_any = ["like", "resume"])]
    pub(super) style: Vec<OsString>,
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
    /// Repeat the run that made this picture: a PNG, JPEG, WebP or TIFF that was saved by this
    /// program. All other options override what the picture remembers.
    #[arg(long, value_name = "PICTURE")]
    pub(super) like: Option<PathBuf>,
    /// Where to save the picture (png, jpg, webp, tif, bmp); - is PNG on standard output, and jpg:-
    /// another format there [default with --like: beside PICTURE, as NAME-again].
    #[arg(long, short, value_name = "FILE", required_unless_present_any = ["like", "resume"])]
    pub(super) output: Option<PathBuf>,
    /// Replace files that are there already. A picture that the very same command made is replaced
    /// without it.
    #[arg(long)]
    pub(super) overwrite: bool,
    #[command(flatten)]
    pub(super) saving: SavingArguments,
    #[command(flatten)]
    pub(super) film: FilmArguments,
    #[command(flatten)]
    pub(super) choices: Choices,
    #[command(flatten)]
    pub(super) device: DeviceArguments,
    /// Also save the picture every N steps (OUTPUT-000100.png and so on).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) snapshot_every: Option<u32>,
    /// Write a checkpoint beside the output (OUTPUT.impasto-checkpoint) every so many seconds, from
    /// which a run that was killed goes on; less often where that would take more than a twentieth of
    /// the time. It is removed when the picture is saved. 0 writes none [default: 4].
    #[arg(long, value_name = "SECONDS")]
    pub(super) checkpoint_every: Option<f64>,
    /// Go on with a run that was killed or interrupted, exactly as if it had not been: with the very
    /// same command, or by the name of its checkpoint or output alone.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "the option, and a file behind it")]
    pub(super) resume: Option<Option<PathBuf>>,
    /// Start the run even if the estimate says that it will not fit into memory.
    #[arg(long)]
    pub(super) force: bool,
    /// Print one JSON object a step.
    #[arg(long)]
    pub(super) json: bool,
}

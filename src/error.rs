//! The one error type. Every variant says what went wrong, why, and what to do.

use std::path::{Path, PathBuf};

/// Shorthand used throughout the crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong, in words that a user can act on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}. {advice}", path.display())]
    File {
        /// What was tried, as a verb: "read", "write", "create".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
        /// What the user can do.
        advice: &'static str,
    },
    /// A picture was read but is not usable.
    #[error("cannot use the picture {name}: {why}. {advice}")]
    Picture {
        /// File name, or where the picture came from ("clipboard").
        name: String,
        /// What is wrong with it.
        why: String,
        /// What the user can do.
        advice: &'static str,
    },
    /// A weights file was read but is not usable.
    #[error("cannot use the weights {name}: {why}. {advice}")]
    Weights {
        /// File name or network.
        name: String,
        /// What is wrong with it.
        why: String,
        /// What the user can do.
        advice: &'static str,
    },
    /// A run cannot go on from a checkpoint.
    #[error("cannot go on from the checkpoint: {0}. Start the run anew")]
    Checkpoint(String),
    /// A brush was asked for that is not usable.
    #[error("cannot use the brush {name}: {why}. {advice}")]
    Brush {
        /// Its name or file.
        name: String,
        /// What is wrong with it.
        why: String,
        /// What the user can do.
        advice: &'static str,
    },
    /// A weights file does not tell which training it comes from.
    #[error(
        "cannot use the weights {name}: neither its names nor its first filter tell which training \
         it comes from. Import it with --family torchvision (input 0..1, mean and deviation) or \
         --family oxford (input 0..255 BGR, mean only)"
    )]
    FamilyUnknown {
        /// File name.
        name: String,
    },
    /// A setting is outside its range or names something unknown.
    #[error("{setting}: {value} is not valid; {expected}")]
    Setting {
        /// The setting's name as the command line spells it.
        setting: String,
        /// What was given.
        value: String,
        /// What would be valid.
        expected: String,
    },
    /// The run would not fit into memory.
    #[error(
        "this run needs about {needed_mb} MB of memory and {free_mb} MB are free; \
         the largest size that fits is {largest_px} px (use --force to try all the same)"
    )]
    Memory {
        /// Estimated peak.
        needed_mb: u64,
        /// What the system reports as available.
        free_mb: u64,
        /// Longest side in pixels that fits.
        largest_px: u32,
    },
    /// The optimization produced a value that is not a number.
    #[error("the {what} is no longer a finite number at step {step}; {advice}")]
    NotFinite {
        /// "loss" or "gradient".
        what: &'static str,
        /// Step at which it happened.
        step: u32,
        /// What the user can do.
        advice: &'static str,
    },
    /// The compute device failed.
    #[error("{device} cannot be used: {why}. {advice}")]
    Device {
        /// Name of the device.
        device: String,
        /// What it said.
        why: String,
        /// What the user can do.
        advice: String,
    },
    /// A device's memory is too small for the run, or ran out on the way.
    #[error(
        "{device} is out of memory: {why}. Choose at most {largest_px} px, or compute on the CPU"
    )]
    DeviceMemory {
        /// Name of the device.
        device: String,
        /// What is known, or what its library said.
        why: String,
        /// Longest side in pixels that is likely to fit.
        largest_px: u32,
    },
    /// A download did not come through.
    #[error("cannot fetch {what}: {why}. {advice}")]
    Fetch {
        /// What was fetched.
        what: String,
        /// What went wrong.
        why: String,
        /// What the user can do.
        advice: &'static str,
    },
    /// Some of several pictures could not be made; each was named with its fault.
    #[error(
        "{failed} of {total} pictures could not be painted, as told above; all others are there"
    )]
    Partly {
        /// How many.
        failed: usize,
        /// Of how many.
        total: usize,
        /// Exit code of the command line.
        code: u8,
    },
    /// The user canceled.
    #[error("canceled")]
    Canceled,
    /// A tensor operation failed: a fault of the program, not of its input.
    #[error("internal tensor error: {0}. Please report this with the settings in use")]
    Tensor(#[from] candle_core::Error),
    /// Some other fault of the program.
    #[error("internal error: {0}. Please report this with the settings in use")]
    Internal(String),
}

impl Error {
    /// A file error for `path`.
    pub fn file(
        action: &'static str,
        path: &Path,
        source: std::io::Error,
        advice: &'static str,
    ) -> Self {
        Self::File {
            action,
            path: path.to_owned(),
            source,
            advice,
        }
    }

    /// An invalid setting.
    pub fn setting(
        setting: impl Into<String>,
        value: impl std::fmt::Display,
        expected: impl Into<String>,
    ) -> Self {
        Self::Setting {
            setting: setting.into(),
            value: value.to_string(),
            expected: expected.into(),
        }
    }

    /// Exit code of the command line: 2 for usage and input, 1 for a failure on the way.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::File { .. }
            | Self::Picture { .. }
            | Self::Weights { .. }
            | Self::Brush { .. }
            | Self::Checkpoint(_)
            | Self::FamilyUnknown { .. }
            | Self::Setting { .. }
            | Self::Memory { .. } => 2,
            Self::Partly { code, .. } => *code,
            _ => 1,
        }
    }
}

//! Settings as plain data: [`TransferSettings`] describes a run and travels with its picture,
//! presets are files of such settings. [`AppSettings`] is what the window remembers.
//!
//! Ranges stand beside the fields as [`Range`] constants; the window's sliders, validation, the
//! command line and README read the same ones.

mod app_settings;
mod changes;
mod choices;
mod device_choice;
mod finish;
mod layer_weights;
mod picture_edit;
mod presets;
pub mod range;
mod saving;
mod transfer_settings;
mod user_presets;
mod weighted;

pub use app_settings::{
    AppSettings, ControlDepth, RECENT_MAX, SPEEDS_MAX, StyleSource, ThemeChoice, WindowPlace,
};
pub use choices::{
    ColorMode, ContentMeasure, GradientBalance, InitialImage, LossScale, OptimizerKind, Quality,
    Schedule, StyleMeasure,
};
pub use device_choice::DeviceChoice;
pub use layer_weights::LayerWeights;
pub use picture_edit::PictureEdit;
pub use presets::{Preset, preset, presets};
pub use range::Range;
pub use saving::{PictureFormat, SaveChoices};
pub use transfer_settings::TransferSettings;
pub use user_presets::{DeletedPreset, UserPresets};
pub(crate) use weighted::parse_weighted;

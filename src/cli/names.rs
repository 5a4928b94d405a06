//! Names of the settings' enums as the command line spells them.

use clap::ValueEnum;

use crate::{
    network::{EdgePadding, Normalization, Pooling, WeightsKind},
    settings::{ColorMode, GradientBalance, OptimizerKind, Quality, Schedule},
};

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

/// Names of [`WeightsKind`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum WeightsKindName {
    Trained,
    Random,
    Shuffled,
}

impl From<WeightsKindName> for WeightsKind {
    fn from(name: WeightsKindName) -> Self {
        match name {
            WeightsKindName::Trained => Self::Trained,
            WeightsKindName::Random => Self::Random,
            WeightsKindName::Shuffled => Self::Shuffled,
        }
    }
}

/// Names of [`Normalization`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum NormalizationName {
    Off,
    Gatys,
}

impl From<NormalizationName> for Normalization {
    fn from(name: NormalizationName) -> Self {
        match name {
            NormalizationName::Off => Self::Off,
            NormalizationName::Gatys => Self::Gatys,
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

/// Names of [`ColorMode`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ColorName {
    Style,
    Luminance,
    #[value(alias = "recolour")]
    Recolor,
}

impl From<ColorName> for ColorMode {
    fn from(name: ColorName) -> Self {
        match name {
            ColorName::Style => Self::Style,
            ColorName::Luminance => Self::Luminance,
            ColorName::Recolor => Self::Recolor,
        }
    }
}

/// Names of [`GradientBalance`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum GradientBalanceName {
    Off,
    Frozen,
    Running,
}

impl From<GradientBalanceName> for GradientBalance {
    fn from(name: GradientBalanceName) -> Self {
        match name {
            GradientBalanceName::Off => Self::Off,
            GradientBalanceName::Frozen => Self::Frozen,
            GradientBalanceName::Running => Self::Running,
        }
    }
}

/// Names of [`EdgePadding`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum EdgePaddingName {
    Zero,
    Replicate,
}

impl From<EdgePaddingName> for EdgePadding {
    fn from(name: EdgePaddingName) -> Self {
        match name {
            EdgePaddingName::Zero => Self::Zero,
            EdgePaddingName::Replicate => Self::Replicate,
        }
    }
}

/// Names of [`Schedule`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ScheduleName {
    Proportional,
    CoarseToFine,
    SingleLevel,
}

impl From<ScheduleName> for Schedule {
    fn from(name: ScheduleName) -> Self {
        match name {
            ScheduleName::Proportional => Self::Proportional,
            ScheduleName::CoarseToFine => Self::CoarseToFine,
            ScheduleName::SingleLevel => Self::SingleLevel,
        }
    }
}

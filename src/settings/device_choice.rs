//! [`DeviceChoice`]: what a run is computed on.
//!
//! Not among the settings of a run: those travel with its picture, and a picture says nothing
//! about the machine that someone else opens it on.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{error::Error, vgg::device::DeviceId};

/// What a run is computed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DeviceChoice {
    /// The first graphics device that is there, computes rightly and has the memory; else the
    /// processor.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// A graphics device.
    On(DeviceId),
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Cpu => f.write_str("cpu"),
            Self::On(id) => id.fmt(f),
        }
    }
}

impl FromStr for DeviceChoice {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "auto" => Ok(Self::Auto),
            "cpu" => Ok(Self::Cpu),
            _ => text.parse().map(Self::On),
        }
    }
}

impl TryFrom<String> for DeviceChoice {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<DeviceChoice> for String {
    fn from(choice: DeviceChoice) -> Self {
        choice.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vgg::device::Kind;

    fn on(kind: Kind, index: usize) -> DeviceChoice {
        DeviceChoice::On(DeviceId { kind, index })
    }

    #[test]
    fn names_go_there_and_back() {
        for (text, choice) in [
            ("auto", DeviceChoice::Auto),
            ("cpu", DeviceChoice::Cpu),
            ("cuda:0", on(Kind::Cuda, 0)),
            ("cuda:3", on(Kind::Cuda, 3)),
            ("metal", on(Kind::Metal, 0)),
        ] {
            assert_eq!(text.parse::<DeviceChoice>().unwrap(), choice);
            assert_eq!(choice.to_string(), text);
            let json = serde_json::to_string(&choice).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<DeviceChoice>(&json).unwrap(), choice);
        }
        assert_eq!("cuda".parse::<DeviceChoice>().unwrap(), on(Kind::Cuda, 0));
        for wrong in ["gpu", "cuda:", "cuda:-1", "metal:0", ""] {
            let error = wrong.parse::<DeviceChoice>().unwrap_err().to_string();
            assert!(error.contains("cuda:N"), "{error}");
        }
    }
}

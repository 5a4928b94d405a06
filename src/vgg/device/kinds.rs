//! The kinds of devices: the line that makes an engine on another device known everywhere.

use std::{fmt, str::FromStr};

use super::{accelerator::KindDescription, cuda, metal};
use crate::{
    choice::{Choice as _, described},
    error::{Error, Result},
};

described! {
    /// Whose interface a device is reached through.
    pub enum Kind: KindDescription {
        #[default]
        /// NVIDIA's.
        Cuda => cuda::KIND,
        /// Apple's.
        Metal => metal::KIND,
    }
}

/// Names one device of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeviceId {
    /// Whose interface.
    pub kind: Kind,
    /// Its number among those, from 0.
    pub index: usize,
}

impl DeviceId {
    /// Its name for people: "CUDA 0", "Metal".
    pub fn title(self) -> String {
        let described = self.kind.description();
        if described.numbered {
            format!("{} {}", described.title, self.index)
        } else {
            described.title.to_owned()
        }
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.kind.name();
        if self.kind.description().numbered {
            write!(f, "{name}:{}", self.index)
        } else {
            f.write_str(&name)
        }
    }
}

impl FromStr for DeviceId {
    type Err = Error;

    /// `cuda:1`, or without a number the first one: `cuda`, `metal`.
    fn from_str(text: &str) -> Result<Self> {
        let (name, number) = match text.split_once(':') {
            Some((name, number)) => (name, Some(number)),
            None => (text, None),
        };
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        let index = match (kind, number) {
            (Some(_), None) => Some(0),
            (Some(kind), Some(number)) if kind.description().numbered => number.parse().ok(),
            _ => None,
        };
        if let (Some(kind), Some(index)) = (kind, index) {
            return Ok(Self { kind, index });
        }
        let names = Kind::ALL.map(|kind| {
            let name = kind.name();
            if kind.description().numbered {
                format!("{name}, {name}:N")
            } else {
                name
            }
        });
        let expected = format!("give auto, cpu, {}", names.join(" or "));
        Err(Error::setting("device", text, expected))
    }
}

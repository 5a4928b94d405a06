//! Choices among a few values with names.
//!
//! One derive, [`clap::ValueEnum`], gives a choice its names: the command line and messages read
//! them here, files write the same ones through serde (a test of `settings` compares the two).

use clap::ValueEnum;

use crate::error::{Error, Result};

/// A choice among values with names.
pub trait Choice: ValueEnum + Copy + 'static {
    /// The name in settings, files and on the command line.
    fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The value called `name`, by its present name or an older one.
    ///
    /// # Errors
    /// [`Error::Setting`] for `setting` that lists the names there are.
    fn find(setting: &str, name: &str) -> Result<Self> {
        let called = |value: &Self| {
            let known = value.to_possible_value();
            known.is_some_and(|known| known.matches(name, false))
        };
        let found = Self::value_variants().iter().copied().find(called);
        found.ok_or_else(|| {
            let names: Vec<_> = Self::value_variants().iter().map(|v| v.name()).collect();
            Error::setting(setting, name, format!("choose one of {}", names.join(", ")))
        })
    }
}

impl<T: ValueEnum + Copy + 'static> Choice for T {}

/// Declares a choice whose values each have a description of one type: one line makes a value.
macro_rules! described {
    (
        $(#[$of_enum:meta])*
        pub enum $Name:ident: $Description:ty {
            $($(#[$of_value:meta])* $Value:ident => $description:expr,)+
        }
    ) => {
        $(#[$of_enum])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize, clap::ValueEnum,
        )]
        #[serde(rename_all = "kebab-case")]
        pub enum $Name {
            $($(#[$of_value])* $Value,)+
        }

        impl $Name {
            /// Every value, the default first.
            pub const ALL: [Self; [$(stringify!($Value)),+].len()] = [$(Self::$Value),+];

            /// What there is to know about it.
            pub const fn description(self) -> &'static $Description {
                match self {
                    $(Self::$Value => &$description,)+
                }
            }
        }
    };
}

pub(crate) use described;

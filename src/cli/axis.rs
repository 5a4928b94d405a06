//! The axes of a contact sheet: a setting and the values it takes.

use std::str::FromStr;

use clap::ValueEnum;

use super::choices::Choices;
use crate::{
    choice::Choice,
    error::{Error, Result},
    settings::parse_weighted,
};

/// Which setting an axis goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AxisKind {
    Dial,
    StyleMeasure,
    Pooling,
    StyleScale,
    Preset,
    #[value(alias = "colour")]
    Color,
    Fade,
    Quality,
    Size,
}

/// A setting and its values: `dial=25,50,75`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Axis {
    kind: AxisKind,
    /// As they were given, at least one.
    pub(super) values: Vec<String>,
}

impl Axis {
    /// The setting's name for people: `style measure`.
    pub(super) fn title(&self) -> String {
        self.kind.name().replace('-', " ")
    }

    /// Puts one of the values into `choices`, in place of what they say about it.
    ///
    /// # Errors
    /// [`Error::Setting`] when the value is none of that setting.
    pub(super) fn apply(&self, value: &str, choices: &mut Choices) -> Result<()> {
        match self.kind {
            AxisKind::Dial => {
                choices.dial = Some(self.number(value)?);
                (choices.content_weight, choices.style_weight) = (None, None);
            }
            AxisKind::StyleMeasure => {
                let measures = value.split('+').map(parse_weighted);
                choices.style_measure = measures.collect::<Result<_>>()?;
            }
            AxisKind::Pooling => choices.pooling = Some(self.word(value)?),
            AxisKind::StyleScale => choices.style_scale = Some(self.number(value)?),
            AxisKind::Preset => choices.preset = Some(value.to_owned()),
            AxisKind::Color => choices.color = Some(self.word(value)?),
            AxisKind::Fade => choices.fade = Some(self.number(value)?),
            AxisKind::Quality => {
                choices.quality = Some(self.word(value)?);
                choices.steps = None;
            }
            AxisKind::Size => choices.size = Some(self.number(value)?),
        }
        Ok(())
    }

    fn number<T: FromStr>(&self, value: &str) -> Result<T, Error>
    where
        T::Err: std::fmt::Display,
    {
        value
            .parse()
            .map_err(|fault: T::Err| Error::setting(self.kind.name(), value, fault.to_string()))
    }

    fn word<T: Choice>(&self, value: &str) -> Result<T> {
        T::find(&self.kind.name(), value)
    }
}

impl FromStr for Axis {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, values) = text.split_once('=').unwrap_or((text, ""));
        let kind = AxisKind::find("axis", name)?;
        let values: Vec<_> = values.split(',').map(|v| v.trim().to_owned()).collect();
        if values.iter().any(String::is_empty) {
            let expected = format!("give values with commas between them, as in {name}=A,B,C");
            return Err(Error::setting("axis", text, expected));
        }
        Ok(Self { kind, values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_read_and_nonsense_is_refused() {
        let axis: Axis = "style-measure=gram, wasserstein".parse().unwrap();
        assert_eq!(axis.title(), "style measure");
        assert_eq!(axis.values, ["gram", "wasserstein"]);
        for wrong in ["", "dial", "dial=", "dial=1,,2", "steps=3"] {
            assert!(wrong.parse::<Axis>().is_err(), "{wrong}");
        }
        assert_eq!(
            "colour=style".parse::<Axis>().unwrap(),
            "color=style".parse().unwrap()
        );
        let error = "steps=3".parse::<Axis>().unwrap_err().to_string();
        assert!(error.contains("style-scale"), "{error}");
    }
}
